// SPDX-License-Identifier: GPL-2.0
/*
 * A write to the parameter returns when the kernel's common work queue has done all
 * that was queued. For tests/vm/stuck.t. This file does not include compat.h: its names
 * for the queues differ from those in the macro of the kernel's header.
 */
#include <linux/module.h>
#include <linux/workqueue.h>

/* flush_scheduled_work() warns a driver that it should have a queue of its own. */
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
