// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters that hold secrets, operators and passwd, and the gate that is
 * made of both. At load they are set one by one, in any order, before the
 * module runs; srq_table_setup() makes the first gate of them.
 *
 * The files of the parameters are there before the module's init and after its
 * exit, so kernel_param_lock() guards all of this.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "core/operators.h"
#include <linux/fips.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

enum {
	TEXT_MAX = 64 * 1024,
	/* 112 bits: with fips=1 crypto/hmac.c takes no shorter key. */
	FIPS_PASSWORD_MIN = 14,
};

/* Until the gate is there, values are kept, and once it is gone none is taken. */
static enum { LOADING, RUNNING, CLOSED } phase = LOADING;

static char realm[SRQ_REALM_MAX + 1];

/* --- Making a gate --- */

static void free_gate(struct srq_gate *gate)
{
	kvfree_sensitive(gate, struct_size(gate, operators, gate->count));
}

/* Takes the next place in the gate; key is wiped. */
static struct srq_operator *add(struct srq_gate *gate, const char *name,
				u8 key[SRQ_KEY_LEN])
{
	struct srq_operator *who = &gate->operators[gate->count++];
	int err = srq_keys_derive(&who->keys, key);

	srq_wipe(key, SRQ_KEY_LEN);
	if (err)
		return NULL;
	strscpy(who->name, name, sizeof(who->name));
	who->since = ktime_get_boot_fast_ns();
	return who;
}

/* The operator before this one that has the same key, or NULL. */
static const struct srq_operator *same_key(struct srq_gate *gate,
					   const struct srq_operator *who)
{
	const struct srq_operator *first = srq_gate_find(gate, who->keys.id);

	return first == who ? NULL : first;
}

/* How many operators the text has, or a negative error number. */
static int count_operators(const char *text)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	enum srq_operators_read read;
	const char *fault;

	srq_operators_begin(&reader, text, strlen(text));
	do {
		read = srq_operators_next(&reader, &line, &fault);
		srq_wipe(&line, sizeof(line));
	} while (read == SRQ_OPERATORS_LINE);
	if (read == SRQ_OPERATORS_END)
		return reader.count;
	pr_err("parameter operators: line %u: %s\n", reader.line, fault);
	return -EINVAL;
}

/* Of a text that count_operators() has found to be good. */
static int add_operators(struct srq_gate *gate, const char *text)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	const char *fault;

	srq_operators_begin(&reader, text, strlen(text));
	while (srq_operators_next(&reader, &line, &fault) ==
	       SRQ_OPERATORS_LINE) {
		struct srq_operator *who = add(gate, line.name, line.key);
		const struct srq_operator *same;

		if (!who)
			return -ENOMEM;
		same = same_key(gate, who);
		if (same) {
			pr_err("parameter operators: line %u: the key is that of '%s' too, and every key is one operator's\n",
			       reader.line, same->name);
			return -EINVAL;
		}
		who->permitted = line.permitted;
		who->may_read_log = line.may_read_log;
	}
	return 0;
}

/* The operator that a password makes: all keys, and the log. */
static int add_password(struct srq_gate *gate, const char *password)
{
	const struct srq_operator *same;
	struct srq_operator *who;
	u8 key[SRQ_KEY_LEN];

	if (!*password)
		return 0;
	if (fips_enabled && strlen(password) < FIPS_PASSWORD_MIN) {
		pr_err("parameter passwd: %zu bytes given, and with fips=1 a password has %d at least\n",
		       strlen(password), FIPS_PASSWORD_MIN);
		return -EINVAL;
	}
	if (srq_key_from_password(key, password, strlen(password), realm,
				  strlen(realm)))
		return -ENOMEM;
	who = add(gate, SRQ_PASSWORD_OPERATOR, key);
	if (!who)
		return -ENOMEM;
	same = same_key(gate, who);
	if (same) {
		pr_err("parameter passwd: it makes the key of operator '%s', and every key is one operator's\n",
		       same->name);
		return -EINVAL;
	}
	who->permitted = SRQ_ALL_LETTERS;
	who->may_read_log = true;
	return 0;
}

/*
 * Take over from the present gate either the password's operator or the others.
 * What may be changing there is left behind, for srq_gate_inherit().
 */
static void keep(struct srq_gate *gate, const struct srq_gate *from,
		 bool password)
{
	for (unsigned int i = 0; i < from->count; i++) {
		const struct srq_operator *who = &from->operators[i];
		struct srq_operator *to = &gate->operators[gate->count];

		if (!strcmp(who->name, SRQ_PASSWORD_OPERATOR) != password)
			continue;
		memcpy(to->name, who->name, sizeof(to->name));
		to->keys = who->keys;
		to->permitted = who->permitted;
		to->may_read_log = who->may_read_log;
		to->since = who->since;
		gate->count++;
	}
}

static bool same_operator(const struct srq_operator *a,
			  const struct srq_operator *b)
{
	return !strcmp(a->name, b->name) && a->permitted == b->permitted &&
	       a->may_read_log == b->may_read_log &&
	       !memcmp(a->keys.id, b->keys.id, SRQ_KEY_ID_LEN);
}

static bool same_gate(const struct srq_gate *a, const struct srq_gate *b)
{
	if (!b || a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++) {
		if (!same_operator(&a->operators[i], &b->operators[i]))
			return false;
	}
	return true;
}

static int fill(struct srq_gate *gate, const struct srq_gate *present,
		const char *operators, const char *password)
{
	int err = 0;

	if (operators)
		err = add_operators(gate, operators);
	else
		keep(gate, present, false);
	if (err)
		return err;
	if (password)
		return add_password(gate, password);
	keep(gate, present, true);
	return 0;
}

/* What a writer who takes more than one write for his text leaves at its end. */
static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

/* NULL, for either: as it is in the present gate. All or nothing. */
static int apply(const char *operators, const char *password)
{
	const struct srq_gate *present = srq_receive_gate();
	int count =
		operators ? count_operators(operators) : (int)present->count;
	struct srq_gate *gate;
	int err;

	if (count < 0)
		return count;
	/* One more, for the password's. */
	gate = kvzalloc(struct_size(gate, operators, count + 1), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	err = fill(gate, present, operators, password);
	/* Writing the same again must not void commands under way. */
	if (err || same_gate(gate, present)) {
		free_gate(gate);
		return err;
	}
	count = gate->count;
	err = srq_receive_set_gate(gate);
	if (!err && phase == RUNNING)
		pr_notice("the table has changed: %d keys are accepted\n",
			  count);
	return err;
}

static int apply_operators(const char *text)
{
	if (is_blank(text)) {
		pr_err("parameter operators: blank text given, expected operators, or a comment where there are to be none\n");
		return -EINVAL;
	}
	return apply(text, NULL);
}

static int apply_password(const char *text)
{
	return apply(NULL, text);
}

/* --- The two parameters --- */

struct secret {
	const char *name;
	size_t max; /* bytes */
	int (*apply)(const char *text);
	char *text; /* given at load, or the parts of a text so far */
	size_t len;
	bool too_long; /* and given at load */
};

static struct secret operators = {
	.name = "operators",
	.max = TEXT_MAX,
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

/* Puts len bytes behind what there is of the text. */
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

static int finish(struct secret *secret)
{
	int err = secret->apply(secret->text);

	forget(secret);
	return err;
}

/*
 * sysfs takes a page at a time, so a full page may have more behind it: it waits
 * for the rest, or for this to find that there is none.
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
 * Where a load has a bad value, the kernel prints it. So srq_table_setup() tells
 * what is wrong with a secret.
 */
static int set_loading(struct secret *secret, const char *value, size_t len)
{
	forget(secret);
	secret->too_long = len > secret->max;
	return secret->too_long ? 0 : append(secret, value, len);
}

/* The length without the newline that echo puts behind it. */
static size_t length(const char *value)
{
	size_t len = strlen(value);

	return len && value[len - 1] == '\n' ? len - 1 : len;
}

static int set_secret(const char *value, const struct kernel_param *kp)
{
	struct secret *secret = kp->arg;
	size_t len = secret == &operators ? strlen(value) : length(value);
	int err = -ENODEV;

	if (phase == RUNNING)
		err = set_running(secret, value, len);
	else if (phase == LOADING)
		err = set_loading(secret, value, len);
	/* A module's arguments stay in memory as long as it does. */
	srq_wipe((char *)value, strlen(value));
	return err;
}

static void free_secret(void *arg)
{
	forget(arg);
}

static int first_gate(void)
{
	if (operators.too_long || passwd.too_long)
		return too_long(operators.too_long ? &operators : &passwd);
	/* The kernel ends a value at a space outside of quotation marks. */
	if (operators.text && strchr(operators.text, '"')) {
		pr_err("parameter operators: a quotation mark ends the text at load: leave it out of comments\n");
		return -EINVAL;
	}
	return apply(operators.text ?: "", passwd.text ?: "");
}

int srq_table_setup(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = first_gate();
	forget(&operators);
	forget(&passwd);
	phase = err ? CLOSED : RUNNING;
	if (!err && !srq_receive_gate()->count)
		pr_warn("neither operators nor passwd is set: nothing is accepted\n");
	kernel_param_unlock(THIS_MODULE);
	return err;
}

void srq_table_teardown(void)
{
	kernel_param_lock(THIS_MODULE);
	phase = CLOSED;
	forget(&operators);
	kernel_param_unlock(THIS_MODULE);
	cancel_delayed_work_sync(&parts_work);
}

static int set_realm(const char *value, const struct kernel_param *kp)
{
	size_t len = length(value);

	if (len > SRQ_REALM_MAX) {
		pr_err("parameter realm: '%s' is longer than the %d bytes allowed\n",
		       value, SRQ_REALM_MAX);
		return -EINVAL;
	}
	memcpy(realm, value, len);
	realm[len] = '\0';
	return 0;
}

static int get_realm(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%s\n", realm);
}

static const struct kernel_param_ops secret_ops = {
	.set = set_secret,
	.free = free_secret,
};
static const struct kernel_param_ops realm_ops = {
	.set = set_realm,
	.get = get_realm,
};

module_param_cb(operators, &secret_ops, &operators, 0200);
MODULE_PARM_DESC(
	operators,
	"who may do what: a line each of name, key and permissions, as in /etc/ipt_sysrq/operators");
module_param_cb(passwd, &secret_ops, &passwd, 0200);
MODULE_PARM_DESC(
	passwd,
	"password that makes an operator of that name, who may do all; without this and operators nothing is accepted");
module_param_cb(realm, &realm_ops, NULL, 0444);
MODULE_PARM_DESC(
	realm,
	"what makes this host's password a key of its own (default: empty)");
