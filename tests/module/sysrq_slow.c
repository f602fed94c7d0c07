// SPDX-License-Identifier: GPL-2.0
/*
 * The handler of the letter x takes as many seconds as the parameter seconds says, as one
 * that prints at a slow console does. To write seconds to the parameter spin has the CPU of
 * the writer spin for as long, with preemption off. For tests/vm/stall.t.
 */
#include <linux/sysrq.h>
#include "compat.h"
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/timekeeping.h>

static uint seconds = 1;
module_param(seconds, uint, 0600);

/* A busy machine would stretch each ms of mdelay(). */
static void spin(uint s)
{
	u64 until = ktime_get_mono_fast_ns() + s * (u64)NSEC_PER_SEC;

	while (ktime_get_mono_fast_ns() < until)
		cpu_relax();
}

static void be_slow(srq_handled letter)
{
	spin(seconds);
}

static const struct sysrq_key_op slow = {
	.handler = be_slow,
	.help_msg = "slow(x)",
	.action_msg = "Slow",
};

static int set_spin(const char *value, const struct kernel_param *param)
{
	uint s;
	int err = kstrtouint(value, 10, &s);

	if (err)
		return err;
	preempt_disable();
	spin(s);
	preempt_enable();
	return 0;
}

static const struct kernel_param_ops spin_ops = { .set = set_spin };
module_param_cb(spin, &spin_ops, NULL, 0200);

static int __init slow_init(void)
{
	return register_sysrq_key('x', &slow);
}

module_init(slow_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A SysRq letter that takes long, for tests");
