// SPDX-License-Identifier: GPL-2.0
/*
 * Has kernel/klog.c count syncs that nobody does, by a clock of its own. Each line that is
 * written to the parameter is a step. To read it tells whether a sync counts as complete.
 * For tests/vm/report.t.
 *
 *   press    as if the module pressed s: the kernel says that a sync begins
 *   begin    the same of somebody else on the host
 *   end      the kernel says that a sync has ended
 *   look     what the timer does
 *   SECONDS  so many go by
 */
#include "kernel/klog.c"
#include <linux/module.h>
#include <linux/string.h>

static u64 now;

u64 srq_boot_ns(void)
{
	return now;
}

bool srq_panicked(void)
{
	return false;
}

static int set_step(const char *value, const struct kernel_param *param)
{
	unsigned int s;

	if (sysfs_streq(value, "press"))
		srq_klog_expect('s');
	if (sysfs_streq(value, "press") || sysfs_streq(value, "begin"))
		printk(KERN_INFO "sysrq: Emergency Sync\n");
	else if (sysfs_streq(value, "end"))
		printk(KERN_INFO "Emergency Sync complete\n");
	else if (sysfs_streq(value, "look"))
		srq_klog_scan();
	else if (!kstrtouint(value, 10, &s))
		now += s * (u64)NSEC_PER_SEC;
	else
		return -EINVAL;
	return 0;
}

static int get_complete(char *text, const struct kernel_param *param)
{
	return sprintf(text, srq_klog_complete('s') ? "complete\n" : "open\n");
}

static const struct kernel_param_ops step_ops = { .set = set_step,
						  .get = get_complete };
module_param_cb(step, &step_ops, NULL, 0600);

static int __init report_init(void)
{
	return 0;
}

static void __exit report_exit(void)
{
}

module_init(report_init);
module_exit(report_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts syncs as ipt_SYSRQ does, for tests");
