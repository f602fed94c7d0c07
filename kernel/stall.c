// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the kernel from taking a letter that takes long for a stall of RCU.
 *
 * A letter that prints much at a slow console takes longer than RCU waits for a CPU. The
 * kernel says nothing about that while the handler runs. But it complains at once when the
 * handler has returned, and with kernel.panic_on_rcu_stall it panics. It also complains while
 * one handler hangs and another one returns. So the kernel's reports are off from the begin
 * of a letter until RCU has gone on after its end.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#ifdef CONFIG_RCU_STALL_COMMON

/* The kernel exports it, but no header for modules has it. Its own values are 0 to 3. */
extern int rcu_cpu_stall_suppress;

enum { REPORTS = 0, SYSRQ_OF_OTHERS = 2, OURS = 4 };

static DEFINE_RAW_SPINLOCK(lock);
static unsigned int held; /* letters that are being pressed */
static bool queued, again;
static struct rcu_head head;

static void on_rcu(struct rcu_head *rcu)
{
	unsigned long flags;
	bool once_more;

	raw_spin_lock_irqsave(&lock, flags);
	once_more = again;
	again = false;
	queued = once_more;
	if (!once_more && !held)
		cmpxchg(&rcu_cpu_stall_suppress, OURS, REPORTS);
	raw_spin_unlock_irqrestore(&lock, flags);
	if (once_more)
		call_rcu(&head, on_rcu);
}

void srq_stall_hold(void)
{
	unsigned long flags;

	if (srq_panicked())
		return;
	raw_spin_lock_irqsave(&lock, flags);
	held++;
	/* If another letter is being pressed on this host, it must not end ours. */
	if (cmpxchg(&rcu_cpu_stall_suppress, REPORTS, OURS) == SYSRQ_OF_OTHERS)
		cmpxchg(&rcu_cpu_stall_suppress, SYSRQ_OF_OTHERS, OURS);
	raw_spin_unlock_irqrestore(&lock, flags);
}

void srq_stall_release(void)
{
	unsigned long flags;
	bool first;

	if (srq_panicked())
		return;
	raw_spin_lock_irqsave(&lock, flags);
	held--;
	first = !queued;
	queued = true;
	again = !first;
	raw_spin_unlock_irqrestore(&lock, flags);
	if (first)
		call_rcu(&head, on_rcu);
}

void srq_stall_teardown(void)
{
	do {
		rcu_barrier();
	} while (READ_ONCE(queued));
}

#else /* a kernel for one CPU has no such reports */

void srq_stall_hold(void)
{
}

void srq_stall_release(void)
{
}

void srq_stall_teardown(void)
{
}

#endif
