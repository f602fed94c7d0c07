// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a table of operators that is written to /proc/net/ipt_sysrq. Each write
 * is judged as it comes, because close(2) cannot report a fault. The table comes
 * into force as a whole, when the file is closed.
 */
#include "kernel/host.h"
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct srq_tablefile {
	struct srq_table *table;
	size_t len;                   /* bytes so far */
	size_t judged;                /* of those: the lines that are whole */
	bool dead;                    /* a write has failed */
	char text[SRQ_TABLE_MAX + 1]; /* with a NUL */
};

struct srq_tablefile *srq_tablefile_open(unsigned int flags)
{
	struct srq_tablefile *file;

	if (!capable(CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	if (flags & O_APPEND) {
		pr_err("operators: nothing can be added to the table, it is written whole: use > in place of >>\n");
		return ERR_PTR(-EINVAL);
	}
	file = kvzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return ERR_PTR(-ENOMEM);
	file->table = srq_table_new();
	if (!file->table) {
		srq_tablefile_free(file);
		return ERR_PTR(-ENOMEM);
	}
	return file;
}

/* The text is good but for a NUL behind its first len bytes. */
static int refuse_nul(const char *text, size_t len)
{
	unsigned int line = 1;

	for (size_t i = 0; i < len; i++)
		line += text[i] == '\n';
	pr_err("operators: line %u: a NUL byte, expected text\n", line);
	return -EINVAL;
}

/* Judges the lines that have become whole. */
static int judge(struct srq_tablefile *file)
{
	const char *from = file->text + file->judged;
	size_t len = file->len - file->judged;

	while (len && from[len - 1] != '\n')
		len--;
	file->judged += len;
	return srq_table_read(file->table, from, len);
}

static int take(struct srq_tablefile *file, const char __user *from, size_t len,
		loff_t at)
{
	char *to = file->text + file->len;
	size_t good = 0;

	if (file->dead)
		return -EINVAL;
	if (at != file->len) {
		pr_err("operators: a part of the table was passed over: write it from its beginning to its end\n");
		return -EINVAL;
	}
	if (len > SRQ_TABLE_MAX - file->len) {
		pr_err("operators: longer than the %d bytes allowed\n",
		       SRQ_TABLE_MAX);
		return -EFBIG;
	}
	if (copy_from_user(to, from, len))
		return -EFAULT;
	while (good < len && to[good])
		good++;
	file->len += good;
	return good < len ? refuse_nul(file->text, file->len) : judge(file);
}

ssize_t srq_tablefile_write(struct srq_tablefile *file, const char __user *from,
			    size_t len, loff_t *at)
{
	int err = take(file, from, len, *at);

	if (err)
		file->dead = true;
	else
		*at += len;
	return err ?: len;
}

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

/* Returns NULL, or why the table does not come into force. */
static const char *fault_of(const struct srq_tablefile *file, bool killed)
{
	if (killed)
		return "the process that wrote the table was killed";
	if (file->judged != file->len)
		return "the last line is not ended by a newline, so it may be cut off";
	if (is_blank(file->text))
		return "blank text given, expected operators, or a comment if there are none";
	return NULL;
}

void srq_tablefile_close(struct srq_tablefile *file, bool killed)
{
	const char *fault = fault_of(file, killed);

	if (file->dead || !file->len) {
		/* The log has the fault; or nothing was written. */
	} else if (fault) {
		pr_err("operators: %s: nothing is changed\n", fault);
	} else {
		if (srq_table_apply(file->table, NULL, NULL) == -ENOMEM)
			pr_err("operators: no memory: nothing is changed\n");
		file->table = NULL;
	}
	srq_tablefile_free(file);
}

void srq_tablefile_free(struct srq_tablefile *file)
{
	srq_table_free(file->table);
	/* Somebody may have written a private key by mistake. */
	kvfree_sensitive(file, sizeof(*file));
}
