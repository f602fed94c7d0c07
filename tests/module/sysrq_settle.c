// SPDX-License-Identifier: GPL-2.0
/*
 * A write to the parameter returns when all work is done that is queued on the
 * kernel's common work queue. For tests/vm/stuck.t.
 */
#include <linux/module.h>
#include <linux/workqueue.h>

/* flush_scheduled_work() warns modules that could have a queue of their own. */
#define __warn_flushing_systemwide_wq() ((void)0)

static int settle(const char *value, const struct kernel_param *param)
{
	flush_scheduled_work();
	return 0;
}

static const struct kernel_param_ops ops = { .set = settle };

module_param_cb(settle, &ops, NULL, 0200);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Waits for the kernel's work queue, for tests");
