// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters that hold secrets: operators and passwd. Each text goes to
 * table.c, and is wiped here then.
 *
 * At load the kernel sets the parameters one by one, in any order, before it
 * calls the module's init. So the texts wait for srq_secret_setup(). The files
 * of the parameters exist before the init and after the exit, so
 * kernel_param_lock() guards everything here.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

enum { OPERATORS_TEXT_MAX = 64 * 1024 };

/* LOADING keeps a text for later, RUNNING applies it, CLOSED refuses it. */
static enum { LOADING, RUNNING, CLOSED } phase = LOADING;

struct secret {
	const char *name;
	size_t max; /* bytes */
	int (*apply)(const char *text);
	char *text; /* given at load, or the parts of a text so far; or NULL */
	size_t len;
	bool too_long; /* the text given at load */
};

/* Some writers split their text, and their last write is blank. */
static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

static int apply_operators(const char *text)
{
	if (is_blank(text)) {
		pr_err("parameter operators: blank text given, expected operators, or a comment if there are none\n");
		return -EINVAL;
	}
	return srq_table_apply(text, NULL);
}

static int apply_password(const char *text)
{
	return srq_table_apply(NULL, text);
}

static struct secret operators = {
	.name = "operators",
	.max = OPERATORS_TEXT_MAX,
	.apply = apply_operators,
};
static struct secret passwd = {
	.name = "passwd",
	.max = SRQ_PASSWORD_MAX,
	.apply = apply_password,
};

static void forget(struct secret *secret)
{
	kvfree_sensitive(secret->text, secret->len);
	secret->text = NULL;
	secret->len = 0;
}

static int too_long(const struct secret *secret)
{
	pr_err("parameter %s: longer than the %zu bytes allowed\n",
	       secret->name, secret->max);
	return -EINVAL;
}

/* Puts len bytes behind the text. */
static int append(struct secret *secret, const char *value, size_t len)
{
	char *text;

	if (len > secret->max - secret->len)
		return too_long(secret);
	text = kvmalloc(secret->len + len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	if (secret->text)
		memcpy(text, secret->text, secret->len);
	memcpy(text + secret->len, value, len);
	text[secret->len + len] = '\0';
	len += secret->len;
	forget(secret);
	secret->text = text;
	secret->len = len;
	return 0;
}

/* Applies the text that is complete now. */
static int finish(struct secret *secret)
{
	int err = secret->apply(secret->text);

	forget(secret);
	return err;
}

/*
 * sysfs hands over a page at a time. A full page waits for the next one, and
 * this function runs when no next one has come.
 */
static void finish_parts(struct work_struct *work)
{
	kernel_param_lock(THIS_MODULE);
	if (operators.text && phase == RUNNING) {
		if (operators.text[operators.len - 1] == '\n') {
			finish(&operators);
		} else {
			pr_err("parameter operators: the text was not written to its end: nothing is changed\n");
			forget(&operators);
		}
	}
	kernel_param_unlock(THIS_MODULE);
}

static DECLARE_DELAYED_WORK(parts_work, finish_parts);

static int set_running(struct secret *secret, const char *value, size_t len)
{
	int err = append(secret, value, len);

	if (err) {
		forget(secret);
		return err;
	}
	if (secret == &operators && len == PAGE_SIZE) {
		mod_delayed_work(system_percpu_wq, &parts_work, HZ);
		return 0;
	}
	return finish(secret);
}

/*
 * An error here would make the kernel print the value, a secret. So
 * srq_secret_setup() says later what is wrong.
 */
static int set_loading(struct secret *secret, const char *value, size_t len)
{
	forget(secret);
	secret->too_long = len > secret->max;
	return secret->too_long ? 0 : append(secret, value, len);
}

static int set_secret(const char *value, const struct kernel_param *kp)
{
	struct secret *secret = kp->arg;
	size_t len =
		secret == &operators ? strlen(value) : srq_param_length(value);
	int err = -ENODEV;

	if (phase == RUNNING)
		err = set_running(secret, value, len);
	else if (phase == LOADING)
		err = set_loading(secret, value, len);
	/* The kernel keeps a module's arguments as long as the module. */
	srq_wipe((char *)value, strlen(value));
	return err;
}

static void free_secret(void *arg)
{
	forget(arg);
}

static int apply_loaded(void)
{
	if (operators.too_long || passwd.too_long)
		return too_long(operators.too_long ? &operators : &passwd);
	/* The kernel ends a value at a space outside of quotation marks. */
	if (operators.text && strchr(operators.text, '"')) {
		pr_err("parameter operators: a quotation mark ends the text at load: leave it out of comments\n");
		return -EINVAL;
	}
	return srq_table_apply(operators.text ?: "", passwd.text ?: "");
}

int srq_secret_setup(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = apply_loaded();
	forget(&operators);
	forget(&passwd);
	phase = err ? CLOSED : RUNNING;
	if (!err && !srq_gate_present_locked()->count)
		pr_warn("neither operators nor passwd is set: nothing is accepted\n");
	kernel_param_unlock(THIS_MODULE);
	return err;
}

void srq_secret_teardown(void)
{
	kernel_param_lock(THIS_MODULE);
	phase = CLOSED;
	forget(&operators);
	kernel_param_unlock(THIS_MODULE);
	cancel_delayed_work_sync(&parts_work);
	srq_gate_remove();
}

static const struct kernel_param_ops secret_ops = {
	.set = set_secret,
	.free = free_secret,
};

module_param_cb(operators, &secret_ops, &operators, 0200);
MODULE_PARM_DESC(
	operators,
	"operators, one a line: name, key and permissions, as in /etc/ipt_sysrq/operators");
module_param_cb(passwd, &secret_ops, &passwd, 0200);
MODULE_PARM_DESC(
	passwd,
	"password of an operator named passwd, who may do everything; without it and without operators nothing is accepted");
