// SPDX-License-Identifier: GPL-2.0
/* The parameters that are plain values: tolerance, mask, after_panic and realm. */
#include "kernel/host.h"
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned int tolerance = 43200;
static int mask = -1;
static bool after_panic;
static char realm[SRQ_REALM_MAX + 1];

u32 srq_param_tolerance(void)
{
	return READ_ONCE(tolerance);
}

int srq_param_mask(void)
{
	return READ_ONCE(mask);
}

bool srq_param_after_panic(void)
{
	return READ_ONCE(after_panic);
}

const char *srq_param_realm(void)
{
	return realm;
}

size_t srq_param_length(const char *value)
{
	size_t len = strlen(value);

	return len && value[len - 1] == '\n' ? len - 1 : len;
}

bool srq_param_may_set(void)
{
	return capable(CAP_SYS_MODULE) || capable(CAP_SYS_ADMIN);
}

bool srq_param_number(const char *value, unsigned int base, s64 min, s64 max,
		      s64 *number)
{
	return !kstrtoll(value, base, number) && *number >= min &&
	       *number <= max;
}

static int set_tolerance(const char *value, const struct kernel_param *kp)
{
	s64 seconds;

	if (!srq_param_may_set())
		return -EPERM;
	if (!srq_param_number(value, 0, 0, U32_MAX, &seconds)) {
		pr_err("parameter tolerance: '%.*s' is not a number of seconds, 0 (one-way commands off) to 4294967295\n",
		       (int)strcspn(value, "\n"), value);
		return -EINVAL;
	}
	WRITE_ONCE(tolerance, seconds);
	return 0;
}

static int set_mask(const char *value, const struct kernel_param *kp)
{
	s64 bits;

	if (!srq_param_may_set())
		return -EPERM;
	if (!srq_param_number(value, 0, -1, 0x1ff, &bits)) {
		pr_err("parameter mask: '%.*s' is not a mask as in kernel.sysrq: 0 no letter, 1 all letters, or a sum of 2 to 256; -1 obeys kernel.sysrq\n",
		       (int)strcspn(value, "\n"), value);
		return -EINVAL;
	}
	WRITE_ONCE(mask, bits);
	return 0;
}

static int set_after_panic(const char *value, const struct kernel_param *kp)
{
	s64 yes;

	if (!srq_param_may_set())
		return -EPERM;
	if (!srq_param_number(value, 10, 0, 1, &yes)) {
		pr_err("parameter after_panic: '%.*s' is not 0 or 1\n",
		       (int)strcspn(value, "\n"), value);
		return -EINVAL;
	}
	WRITE_ONCE(after_panic, yes);
	return 0;
}

static int get_after_panic(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%d\n", after_panic);
}

static int set_realm(const char *value, const struct kernel_param *kp)
{
	size_t len = srq_param_length(value);

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
	return scnprintf(buffer, PAGE_SIZE, "%s\n", realm);
}

static const struct kernel_param_ops tolerance_ops = {
	.set = set_tolerance,
	.get = param_get_uint,
};
static const struct kernel_param_ops mask_ops = {
	.set = set_mask,
	.get = param_get_int,
};
static const struct kernel_param_ops after_panic_ops = {
	.set = set_after_panic,
	.get = get_after_panic,
};
static const struct kernel_param_ops realm_ops = {
	.set = set_realm,
	.get = get_realm,
};

module_param_cb(tolerance, &tolerance_ops, &tolerance, 0644);
MODULE_PARM_DESC(
	tolerance,
	"seconds by which the time stamp of a one-way command may be off; 0: no one-way commands (default: 43200)");
module_param_cb(mask, &mask_ops, &mask, 0644);
MODULE_PARM_DESC(
	mask,
	"letters that may be pressed remotely, a number as in kernel.sysrq; -1: kernel.sysrq decides (default: -1)");
module_param_cb(after_panic, &after_panic_ops, NULL, 0644);
MODULE_PARM_DESC(
	after_panic,
	"1: listen after a panic, too, until the host reboots as kernel.panic says; where kernel.panic is 0, it always listens (default: 0)");
module_param_cb(realm, &realm_ops, NULL, 0444);
MODULE_PARM_DESC(
	realm,
	"text that makes the password's key differ from the keys of other hosts (default: empty)");
