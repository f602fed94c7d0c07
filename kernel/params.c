// SPDX-License-Identifier: GPL-2.0
/*
 * The module's parameters. At load they are set one by one, in any order,
 * before the module runs; srq_params_apply() then makes the gate of them.
 */
#include "host.h"
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

static unsigned int tolerance = 43200;
static int mask = -1;
static char realm[SRQ_REALM_MAX + 1];

/*
 * The file of a parameter is there before the module's init and after its exit,
 * so kernel_param_lock() guards all of this. Until the gate is there a password
 * is kept, and once it is gone none is taken.
 */
static enum { LOADING, RUNNING, CLOSED } phase = LOADING;
static char *first_password;
static bool password_too_long;

u32 srq_param_tolerance(void)
{
	return READ_ONCE(tolerance);
}

int srq_param_mask(void)
{
	return READ_ONCE(mask);
}

/* The operator that a password makes: all keys, and the log. */
static int add_password(struct srq_gate *gate, const char *password)
{
	struct srq_operator *who = &gate->operators[0];
	u8 key[SRQ_KEY_LEN];
	int err;

	err = srq_key_from_password(key, password, strlen(password), realm,
				    strlen(realm));
	if (!err)
		err = srq_keys_derive(&who->keys, key);
	srq_wipe(key, sizeof(key));
	if (err)
		return err;
	strscpy(who->name, "passwd", sizeof(who->name));
	who->permitted = SRQ_ALL_KEYS;
	who->may_read_log = true;
	who->since = ktime_get_boot_fast_ns();
	gate->count = 1;
	return 0;
}

static int apply_password(const char *password)
{
	struct srq_gate *gate;

	gate = kzalloc(struct_size(gate, operators, 1), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	if (*password && add_password(gate, password)) {
		kfree_sensitive(gate);
		return -ENOMEM;
	}
	return srq_receive_set_gate(gate);
}

static void forget_password(void)
{
	kfree_sensitive(first_password);
	first_password = NULL;
}

int srq_params_apply(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	if (password_too_long) {
		pr_err("parameter passwd: longer than the %d bytes allowed\n",
		       SRQ_PASSWORD_MAX);
		err = -EINVAL;
	} else {
		err = apply_password(first_password ?: "");
	}
	if (!err && (!first_password || !*first_password))
		pr_warn("no passwd is set: nothing is accepted\n");
	forget_password();
	phase = err ? CLOSED : RUNNING;
	kernel_param_unlock(THIS_MODULE);
	return err;
}

void srq_params_close(void)
{
	kernel_param_lock(THIS_MODULE);
	phase = CLOSED;
	kernel_param_unlock(THIS_MODULE);
}

/* The length without the newline that echo puts behind it. */
static size_t length(const char *value)
{
	size_t len = strlen(value);

	return len && value[len - 1] == '\n' ? len - 1 : len;
}

static int set_password(const char *password, size_t len)
{
	char *copy;
	int err;

	if (phase == CLOSED)
		return -ENODEV;
	if (len > SRQ_PASSWORD_MAX) {
		if (phase == RUNNING)
			pr_err("parameter passwd: longer than the %d bytes allowed\n",
			       SRQ_PASSWORD_MAX);
		password_too_long = true;
		return -EINVAL;
	}
	copy = kstrndup(password, len, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (phase == LOADING) {
		forget_password();
		first_password = copy;
		password_too_long = false;
		return 0;
	}
	err = apply_password(copy);
	kfree_sensitive(copy);
	return err;
}

/*
 * Nothing may be left of the value: the module's arguments stay in memory as
 * long as the module does, and where a load has a bad value, the kernel prints
 * it. So a password too long for a load is told by srq_params_apply().
 */
static int set_passwd(const char *value, const struct kernel_param *kp)
{
	bool loading = phase == LOADING;
	int err = set_password(value, length(value));

	srq_wipe((char *)value, strlen(value));
	return loading && err == -EINVAL ? 0 : err;
}

static void free_passwd(void *arg)
{
	forget_password();
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

static int set_tolerance(const char *value, const struct kernel_param *kp)
{
	unsigned int seconds;

	if (kstrtouint(value, 0, &seconds)) {
		pr_err("parameter tolerance: '%.*s' is not a number of seconds, 0 (one-way commands off) to 4294967295\n",
		       (int)length(value), value);
		return -EINVAL;
	}
	WRITE_ONCE(tolerance, seconds);
	return 0;
}

static int set_mask(const char *value, const struct kernel_param *kp)
{
	int bits;

	if (kstrtoint(value, 0, &bits) || bits < -1 || bits > 0x1ff) {
		pr_err("parameter mask: '%.*s' is not a mask as in kernel.sysrq: 0 no key, 1 all keys, or a sum of 2 to 256; -1 obeys kernel.sysrq\n",
		       (int)length(value), value);
		return -EINVAL;
	}
	WRITE_ONCE(mask, bits);
	return 0;
}

static const struct kernel_param_ops passwd_ops = {
	.set = set_passwd,
	.free = free_passwd,
};
static const struct kernel_param_ops realm_ops = {
	.set = set_realm,
	.get = get_realm,
};
static const struct kernel_param_ops tolerance_ops = {
	.set = set_tolerance,
	.get = param_get_uint,
};
static const struct kernel_param_ops mask_ops = {
	.set = set_mask,
	.get = param_get_int,
};

module_param_cb(passwd, &passwd_ops, NULL, 0200);
MODULE_PARM_DESC(
	passwd,
	"password that operators and host share; without one nothing is accepted");
module_param_cb(realm, &realm_ops, NULL, 0444);
MODULE_PARM_DESC(
	realm,
	"what makes this host's key differ from others' with the same password (default: empty)");
module_param_cb(tolerance, &tolerance_ops, &tolerance, 0644);
MODULE_PARM_DESC(
	tolerance,
	"seconds that the time of a one-way command may be off, 0: no one-way commands (default: 43200)");
module_param_cb(mask, &mask_ops, &mask, 0644);
MODULE_PARM_DESC(
	mask,
	"keys that may be pressed remotely, as in kernel.sysrq, -1: as kernel.sysrq says (default: -1)");
