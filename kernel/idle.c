// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a CPU that has nothing to do.
 *
 * The handlers of some letters only give work to a worker of their own CPU. If a task hangs
 * on that CPU, the worker never runs, and nothing is synced. The worker of an idle CPU runs.
 * So such a letter moves from CPU to CPU, by a timer, until it comes to an idle one. If none
 * is found soon, the letter is pressed where it is.
 *
 * A CPU that takes no interrupts keeps the timer. Then the next copy of the command has it
 * go on to the CPU after that.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

enum {
	/* Both must be over. The CPUs of a virtual machine may stand still for long. */
	MOVES_MIN = 8,
	MOVING_MS = 200,
	LOST_MS = 100, /* a timer that is so late is lost */
};

/* The scheduler works on this CPU: it does nothing, or it has run its softirq thread. */
static bool schedules(void)
{
	return is_idle_task(current) || strstarts(current->comm, "ksoftirqd/");
}

bool srq_idle_elsewhere(char letter, const struct srq_move *move, u64 waited)
{
	/* With PREEMPT_RT the scheduler has run the thread that this is in. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || srq_panicked() ||
	    !strchr("sufjk", letter) || schedules() || num_online_cpus() < 2)
		return false;
	return move->count < MOVES_MIN || waited < MOVING_MS * SRQ_MILLISECOND;
}

void srq_idle_move(struct timer_list *timer, struct srq_move *move)
{
	unsigned long late = timer->expires + msecs_to_jiffies(LOST_MS);

	if (!move->count)
		move->cpu = smp_processor_id();
	else if (timer_pending(timer) && time_before(jiffies, late))
		return; /* it is on its way, and this is a copy of the command */
	move->cpu = cpumask_next(move->cpu, cpu_online_mask);
	if (move->cpu >= nr_cpu_ids)
		move->cpu = cpumask_first(cpu_online_mask);
	move->count++;
	timer_delete(timer);
	timer->expires = jiffies;
	add_timer_on(timer, move->cpu);
}
