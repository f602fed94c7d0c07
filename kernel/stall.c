// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the kernel from taking a letter that takes long for a stall of RCU.
 *
 * A letter that prints much at a slow console takes longer than RCU waits for a CPU. The
 * kernel says nothing about that while the handler runs. But it complains at once when the
 * handler has returned, and with kernel.panic_on_rcu_stall it panics. It also complains while
 * one handler hangs and another one returns. So the kernel's reports are off from the begin
 * of a letter until RCU has gone on after its end. They are on again at once after a letter
 * that took less than a second, and after the time of a stall in which RCU has not gone on:
 * such a stall is a true one.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#ifdef CONFIG_RCU_STALL_COMMON

/* The kernel exports it, but no header for modules has it. Its own values are 0 to 3. */
extern int rcu_cpu_stall_suppress;

enum { REPORTS = 0, SYSRQ_OF_OTHERS = 2, OURS = 4 };

enum { POLL_GAP_NS = 10 * NSEC_PER_MSEC };

static DEFINE_RAW_SPINLOCK(lock);
static unsigned int held; /* letters that are being pressed */
static u64 since;         /* time since boot when the first of them began … */
static u64 released;      /* … and when the last one before them ended */
static bool queued, again;
static struct rcu_head head;
static struct hrtimer deadline;
/* Pinned: the kernel may move any other timer to the CPU that hangs. */
static const enum hrtimer_mode deadline_mode = HRTIMER_MODE_REL_PINNED_HARD;

static void report_again(void)
{
	lockdep_assert_held(&lock);
	if (!held)
		cmpxchg(&rcu_cpu_stall_suppress, OURS, REPORTS);
}

/* The CPU may run no softirq any more, so this is no timer of the wheel. */
static enum hrtimer_restart on_timer(struct hrtimer *timer)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	/* Another letter may have started it again meanwhile. */
	if (!hrtimer_is_queued(timer))
		report_again();
	raw_spin_unlock_irqrestore(&lock, flags);
	return HRTIMER_NORESTART;
}

static void on_rcu(struct rcu_head *rcu)
{
	unsigned long flags;
	bool once_more;

	raw_spin_lock_irqsave(&lock, flags);
	once_more = again;
	again = false;
	queued = once_more;
	if (!once_more)
		report_again();
	raw_spin_unlock_irqrestore(&lock, flags);
	if (once_more)
		call_rcu(&head, on_rcu);
}

void srq_stall_hold(void)
{
	u64 now = srq_boot_ns();
	unsigned long flags;

	if (srq_panicked())
		return;
	raw_spin_lock_irqsave(&lock, flags);
	/* Between the letters of one poll RCU does not go on. */
	if (!held++ && now - released > POLL_GAP_NS)
		since = now;
	/* If another letter is being pressed on this host, it must not end ours. */
	if (cmpxchg(&rcu_cpu_stall_suppress, REPORTS, OURS) == SYSRQ_OF_OTHERS)
		cmpxchg(&rcu_cpu_stall_suppress, SYSRQ_OF_OTHERS, OURS);
	raw_spin_unlock_irqrestore(&lock, flags);
}

void srq_stall_release(void)
{
	unsigned long flags;
	u64 now = srq_boot_ns();
	bool brief, first;

	if (srq_panicked())
		return;
	raw_spin_lock_irqsave(&lock, flags);
	held--;
	released = now;
	brief = now - since < NSEC_PER_SEC;
	first = !brief && !queued;
	if (!brief) {
		again = queued;
		queued = true;
		hrtimer_start(&deadline,
			      ktime_set(CONFIG_RCU_CPU_STALL_TIMEOUT, 0),
			      deadline_mode);
	} else if (!queued || !hrtimer_is_queued(&deadline)) {
		report_again();
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (first)
		call_rcu(&head, on_rcu);
}

void __init srq_stall_setup(void)
{
	hrtimer_setup(&deadline, on_timer, CLOCK_MONOTONIC, deadline_mode);
}

void srq_stall_teardown(void)
{
	do {
		rcu_barrier();
	} while (READ_ONCE(queued));
	hrtimer_cancel(&deadline);
}

#else /* a kernel for one CPU has no such reports */

void srq_stall_hold(void)
{
}

void srq_stall_release(void)
{
}

void __init srq_stall_setup(void)
{
}

void srq_stall_teardown(void)
{
}

#endif
