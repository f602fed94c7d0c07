// SPDX-License-Identifier: GPL-2.0
/*
 * The handler of the letter x takes as many seconds as the parameter seconds says, as one
 * that prints at a slow console does. To write seconds to the parameter spin has the CPU of
 * the writer spin for as long, with preemption off. The CPU on which y is pressed takes no
 * interrupts any more. For tests/vm/stall.t and tests/vm/idle.t.
 */
#include <linux/sysrq.h>
#include "compat.h"
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/smp.h>
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

static void be_deaf(srq_handled letter)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static const struct sysrq_key_op deaf = {
	.handler = be_deaf,
	.help_msg = "deaf(y)",
	.action_msg = "Deaf",
};

static int set_spin(const char *value, const struct kernel_param *param)
{
	uint s;
	int err = kstrtouint(value, 10, &s);

	if (err)
		return err;
	preempt_disable();
	pr_info("sysrq_slow: CPU %d spins\n", smp_processor_id());
	spin(s);
	preempt_enable();
	return 0;
}

static const struct kernel_param_ops spin_ops = { .set = set_spin };
module_param_cb(spin, &spin_ops, NULL, 0200);

static int __init slow_init(void)
{
	int err = register_sysrq_key('x', &slow);

	return err ? err : register_sysrq_key('y', &deaf);
}

module_init(slow_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("SysRq letters that take long, for tests");
