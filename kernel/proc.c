// SPDX-License-Identifier: GPL-2.0
/* /proc/net/ipt_sysrq: the counters and the operators. It shows no secret. */
#include "kernel/host.h"
#include "core/permissions.h"
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

static void show_permissions(struct seq_file *file,
			     const struct srq_operator *who)
{
	char words[SRQ_PERMISSIONS_TEXT_MAX];

	srq_permissions_to_text(words, who->permitted, who->may_read_log);
	seq_puts(file, words);
}

/* boot_time: ns since boot; 0: never */
static void show_time(struct seq_file *file, u64 boot_time)
{
	u64 ago = ktime_get_boot_fast_ns() - boot_time;
	struct tm tm;

	if (!boot_time) {
		seq_puts(file, "never");
		return;
	}
	time64_to_tm(div_s64(ktime_get_real_fast_ns() - ago, NSEC_PER_SEC), 0,
		     &tm);
	seq_printf(file, "%04ld-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void show_operator(struct seq_file *file, const struct srq_operator *who)
{
	char letters[SRQ_STEPS_MAX + 1];
	unsigned long flags;
	u64 last_used;

	flags = srq_lock();
	last_used = who->last_used;
	memcpy(letters, who->last_letters, sizeof(letters));
	srq_unlock(flags);

	seq_printf(file, "operator %s %*phN ", who->name, SRQ_KEY_ID_LEN,
		   who->keys.id);
	show_permissions(file, who);
	seq_putc(file, ' ');
	show_time(file, last_used);
	seq_printf(file, " %s\n", letters[0] ? letters : "-");
}

static int show(struct seq_file *file, void *data)
{
	const struct srq_gate *gate;

	seq_puts(file, "version " SRQ_VERSION "\n");
	srq_audit_show(file);
	seq_puts(
		file,
		"# operator: name, key id, permissions, last use (UTC), last letters\n");
	rcu_read_lock();
	gate = srq_gate_present();
	for (unsigned int i = 0; gate && i < gate->count; i++)
		show_operator(file, &gate->operators[i]);
	rcu_read_unlock();
	return 0;
}

int srq_proc_setup(void)
{
	if (!IS_ENABLED(CONFIG_PROC_FS))
		return 0;
	return proc_create_single("ipt_sysrq", 0400, init_net.proc_net, show)
		       ? 0
		       : -ENOMEM;
}

void srq_proc_teardown(void)
{
	remove_proc_entry("ipt_sysrq", init_net.proc_net);
}
