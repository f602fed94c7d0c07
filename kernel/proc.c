// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/ipt_sysrq: shows the counters and the operators, and no secret. Takes
 * another table of operators.
 */
#include "kernel/host.h"
#include "core/permissions.h"
#include <linux/err.h>
#include <linux/init.h>
#include <linux/math64.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

/* boot_time: ns since boot; 0: never */
static void show_time(struct seq_file *file, u64 boot_time)
{
	u64 ago = ktime_get_boot_fast_ns() - boot_time;
	time64_t then = div_s64(ktime_get_real_fast_ns() - ago, NSEC_PER_SEC);

	if (boot_time)
		seq_printf(file, "%ptT%c", &then, 'Z');
	else
		seq_printf(file, "never");
}

static void show_operator(struct seq_file *file, const struct srq_operator *who)
{
	char words[SRQ_PERMISSIONS_TEXT_MAX];
	char letters[SRQ_STEPS_MAX + 1];
	unsigned long flags;
	u64 last_used;

	flags = srq_lock();
	last_used = who->last_used;
	memcpy(letters, who->last_letters, sizeof(letters));
	srq_unlock(flags);

	srq_permissions_to_text(words, who->permitted, who->may_read_log);
	seq_printf(file, "operator %s %*phN %s ", who->name, SRQ_KEY_ID_LEN,
		   who->keys.id, words);
	show_time(file, last_used);
	seq_printf(file, " %s\n", letters[0] ? letters : "-");
}

static int show(struct seq_file *file, void *data)
{
	char public_key[SRQ_KEY_TEXT_LEN + 1];
	const struct srq_gate *gate;

	srq_table_public_key(public_key);
	seq_printf(file, "version " SRQ_VERSION "\npublic_key %s\n",
		   public_key);
	srq_audit_show(file);
	seq_printf(
		file,
		"# operator: name, key id, permissions, last use (UTC), last letters\n");
	rcu_read_lock();
	gate = srq_gate_present();
	for (unsigned int i = 0; gate && i < gate->count; i++)
		show_operator(file, &gate->operators[i]);
	rcu_read_unlock();
	return 0;
}

static int open(struct inode *inode, struct file *file)
{
	struct srq_tablefile *table = NULL;
	int err;

	if (file->f_mode & FMODE_WRITE)
		table = srq_tablefile_open(file->f_flags);
	if (IS_ERR(table))
		return PTR_ERR(table);
	err = single_open(file, show, table);
	if (err && table)
		srq_tablefile_free(table);
	return err;
}

static ssize_t write(struct file *file, const char __user *from, size_t len,
		     loff_t *at)
{
	struct seq_file *seq = file->private_data;

	ssize_t ret;

	/* Two processes may share the open file. */
	mutex_lock(&seq->lock);
	ret = srq_tablefile_write(seq->private, from, len, at);
	mutex_unlock(&seq->lock);
	return ret;
}

static bool unloading;

/* A writer that a signal has killed may not have written the whole table. */
static bool is_killed(void)
{
	return current->flags & PF_EXITING && current->exit_code & 0x7f;
}

static int release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct srq_tablefile *table = seq->private;

	/* The unloading closes all files, but their writers are not done. */
	if (table && !READ_ONCE(unloading))
		srq_tablefile_close(table, is_killed());
	else if (table)
		srq_tablefile_free(table);
	return single_release(inode, file);
}

static const struct proc_ops operations = {
	.proc_open = open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_write = write,
	.proc_release = release,
};

int __init srq_proc_setup(void)
{
	if (!IS_ENABLED(CONFIG_PROC_FS))
		return 0;
	return proc_create("ipt_sysrq", 0600, init_net.proc_net, &operations)
		       ? 0
		       : -ENOMEM;
}

void srq_proc_teardown(void)
{
	WRITE_ONCE(unloading, true);
	remove_proc_entry("ipt_sysrq", init_net.proc_net);
}
