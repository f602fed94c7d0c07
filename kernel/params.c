// SPDX-License-Identifier: GPL-2.0
/* The module's parameters that are a plain number. */
#include "kernel/host.h"
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned int tolerance = 43200;
static int mask = -1;

u32 srq_param_tolerance(void)
{
	return READ_ONCE(tolerance);
}

int srq_param_mask(void)
{
	return READ_ONCE(mask);
}

static int set_tolerance(const char *value, const struct kernel_param *kp)
{
	unsigned int seconds;

	if (kstrtouint(value, 0, &seconds)) {
		pr_err("parameter tolerance: '%.*s' is not a number of seconds, 0 (one-way commands off) to 4294967295\n",
		       (int)strcspn(value, "\n"), value);
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
		       (int)strcspn(value, "\n"), value);
		return -EINVAL;
	}
	WRITE_ONCE(mask, bits);
	return 0;
}

static const struct kernel_param_ops tolerance_ops = {
	.set = set_tolerance,
	.get = param_get_uint,
};
static const struct kernel_param_ops mask_ops = {
	.set = set_mask,
	.get = param_get_int,
};

module_param_cb(tolerance, &tolerance_ops, &tolerance, 0644);
MODULE_PARM_DESC(
	tolerance,
	"seconds that the time of a one-way command may be off, 0: no one-way commands (default: 43200)");
module_param_cb(mask, &mask_ops, &mask, 0644);
MODULE_PARM_DESC(
	mask,
	"keys that may be pressed remotely, as in kernel.sysrq, -1: as kernel.sysrq says (default: -1)");
