// SPDX-License-Identifier: GPL-2.0
/*
 * Panics while an interrupt is on its way that waits for a lock of the CPU that has
 * panicked: it would come ten seconds later. For tests/arm64/rescue.t, which writes
 * to the parameter now.
 */
#include "kernel/compat.h"
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_RAW_SPINLOCK(lock);
static struct hrtimer timer;

static enum hrtimer_restart on_timer(struct hrtimer *unused)
{
	raw_spin_lock(&lock);
	raw_spin_unlock(&lock);
	return HRTIMER_NORESTART;
}

static int set_now(const char *value, const struct kernel_param *kp)
{
	raw_spin_lock_irq(&lock);
	hrtimer_setup(&timer, on_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ms_to_ktime(10 * MSEC_PER_SEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
	panic("an interrupt will wait for a lock");
}

static const struct kernel_param_ops now_ops = { .set = set_now };
module_param_cb(now, &now_ops, NULL, 0200);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A panic before an interrupt, for tests");
