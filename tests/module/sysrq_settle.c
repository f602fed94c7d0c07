// SPDX-License-Identifier: GPL-2.0
/*
 * A write to its parameter returns when all that is queued on the kernel's common work
 * queue is done. For tests/vm/stuck.t. Without compat.h, whose names for the queues
 * are not those that the header's macro means.
 */
#include <linux/module.h>
#include <linux/workqueue.h>

/* The warning of flush_scheduled_work() is for who could have a queue of his own. */
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
