// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters that go to table.c: operators, which can be set at load only,
 * and the secrets, key and passwd. Each text is wiped here then.
 *
 * At load the kernel sets the parameters one by one, in any order, before it
 * calls the module's init. So the texts wait for srq_secret_setup(). The files
 * of the parameters exist before the init and after the exit, so
 * kernel_param_lock() guards everything here.
 */
#include "kernel/host.h"
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

/* LOADING keeps a text for later, RUNNING applies it, CLOSED refuses it. */
static enum { LOADING, RUNNING, CLOSED } phase = LOADING;

struct text {
	const char *name;
	size_t max; /* bytes */
	char *text; /* NULL: none */
	size_t len;
	bool too_long; /* the text given at load */
};

static struct text operators = {
	.name = "operators",
	.max = SRQ_TABLE_MAX,
};
static struct text key = {
	.name = "key",
	.max = 255, /* more than a key has: table.c says what is wrong */
};
static struct text passwd = {
	.name = "passwd",
	.max = SRQ_PASSWORD_MAX,
};
static struct text *const texts[] = { &operators, &key, &passwd };

static void forget(struct text *text)
{
	kvfree_sensitive(text->text, text->len);
	text->text = NULL;
	text->len = 0;
}

static int too_long(const struct text *text)
{
	pr_err("parameter %s: longer than the %zu bytes allowed\n", text->name,
	       text->max);
	return -EINVAL;
}

static int remember(struct text *text, const char *value, size_t len)
{
	forget(text);
	text->too_long = len > text->max;
	/*
	 * An error at load would make the kernel print the value, a secret. So
	 * srq_secret_setup() says later what is wrong.
	 */
	if (text->too_long)
		return phase == LOADING ? 0 : too_long(text);
	text->text = kvzalloc(len + 1, GFP_KERNEL);
	if (!text->text)
		return -ENOMEM;
	memcpy(text->text, value, len);
	text->len = len;
	return 0;
}

static int apply_running(struct text *text)
{
	int err = srq_table_apply(NULL, text == &key ? text->text : NULL,
				  text == &passwd ? text->text : NULL);

	forget(text);
	return err;
}

static int set_text(const char *value, const struct kernel_param *kp)
{
	struct text *text = kp->arg;
	size_t len =
		text == &operators ? strlen(value) : srq_param_length(value);
	int err = -ENODEV;

	if (!srq_param_may_set())
		err = -EPERM;
	else if (phase != CLOSED)
		err = remember(text, value, len);
	if (!err && phase == RUNNING)
		err = apply_running(text);
	/* The kernel keeps a module's arguments as long as the module. */
	srq_wipe((char *)value, strlen(value));
	return err;
}

static void free_text(void *arg)
{
	forget(arg);
}

/* Returns the table in *table. */
static int __init read_operators(struct srq_table **table)
{
	int err;

	/* The kernel ends a value at a space outside of quotation marks. */
	if (strchr(operators.text, '"')) {
		pr_err("parameter operators: a quotation mark ends the text at load: leave it out of comments\n");
		return -EINVAL;
	}
	*table = srq_table_new();
	if (!*table)
		return -ENOMEM;
	err = srq_table_read(*table, operators.text, operators.len);
	if (err)
		srq_table_free(*table);
	return err;
}

static int __init apply_loaded(void)
{
	struct srq_table *table = NULL;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i]->too_long)
			return too_long(texts[i]);
	}
	if (operators.text)
		err = read_operators(&table);
	return err ?: srq_table_apply(table, key.text, passwd.text ?: "");
}

static void forget_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		forget(texts[i]);
}

int __init srq_secret_setup(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = apply_loaded();
	forget_all();
	phase = err ? CLOSED : RUNNING;
	kernel_param_unlock(THIS_MODULE);
	return err;
}

void srq_secret_teardown(void)
{
	kernel_param_lock(THIS_MODULE);
	phase = CLOSED;
	kernel_param_unlock(THIS_MODULE);
	srq_table_teardown();
}

static const struct kernel_param_ops text_ops = {
	.set = set_text,
	.free = free_text,
};

/* At run time the table is written to /proc/net/ipt_sysrq. */
module_param_cb(operators, &text_ops, &operators, 0);
MODULE_PARM_DESC(
	operators,
	"operators, one a line: name, public key and permissions, as in /etc/ipt_sysrq/operators; at load only");
module_param_cb(key, &text_ops, &key, 0200);
MODULE_PARM_DESC(
	key,
	"the host's private key, sysrq-private: and 44 characters of base64; the operators need it");
module_param_cb(passwd, &text_ops, &passwd, 0200);
MODULE_PARM_DESC(
	passwd,
	"password of an operator named passwd, who may do everything; without it and without operators nothing is accepted");
