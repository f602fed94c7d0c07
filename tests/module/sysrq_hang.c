// SPDX-License-Identifier: GPL-2.0
/*
 * The handlers of the letters x and y never return: x hangs with interrupts on,
 * y with interrupts off. A second later, another CPU says what kernel.sysrq is.
 * For tests/vm/stuck.t.
 *
 * Before it hangs, a handler has jiffies catch up 100 ms, as if the CPU that
 * counts them had been late. So a timer that counts jiffies is early by any
 * other clock.
 */
#include <linux/sysrq.h>
#include "compat.h"
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/processor.h>

static void say_mask(struct timer_list *timer)
{
	pr_info("sysrq_hang: kernel.sysrq is %d\n", sysrq_mask());
}

static DEFINE_TIMER(saying, say_mask);

static void hang(void)
{
	jiffies_64 += msecs_to_jiffies(100);
	saying.expires = jiffies + HZ;
	add_timer_on(&saying,
		     cpumask_any_but(cpu_online_mask, smp_processor_id()));
	for (;;)
		cpu_relax();
}

static void hang_loud(srq_handled letter)
{
	hang();
}

static void hang_deaf(srq_handled letter)
{
	local_irq_disable();
	hang();
}

static const struct sysrq_key_op loud = {
	.handler = hang_loud,
	.help_msg = "hang(x)",
	.action_msg = "Hang",
};

static const struct sysrq_key_op deaf = {
	.handler = hang_deaf,
	.help_msg = "hang-irqs-off(y)",
	.action_msg = "Hang with interrupts off",
};

static int __init hang_init(void)
{
	int err = register_sysrq_key('x', &loud);

	return err ? err : register_sysrq_key('y', &deaf);
}

module_init(hang_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("SysRq letters that hang, for tests");
