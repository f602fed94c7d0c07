// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a CPU that has nothing to do.
 *
 * The handlers of some letters only give work to a worker of their own CPU. If a task hangs
 * on that CPU, the worker never runs, and nothing is synced. The worker of an idle CPU runs.
 * So such a letter moves from CPU to CPU, by a timer, until it comes to an idle one. If there
 * is none, it is pressed after few moves. If the timer comes to a CPU that is lost, the
 * letter is pressed where the next copy of the command comes.
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
	MOVES_MAX = 8,
	MOVING_NS = 200 * NSEC_PER_MSEC,
};

bool srq_idle_elsewhere(char letter, unsigned int moves, u64 waited)
{
	/* With PREEMPT_RT this is in a thread, and no CPU looks idle. */
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && !srq_panicked() &&
	       strchr("sufjk", letter) && !is_idle_task(current) &&
	       num_online_cpus() > 1 &&
	       moves < min_t(unsigned int, num_online_cpus(), MOVES_MAX) &&
	       waited < MOVING_NS;
}

void srq_idle_move(struct timer_list *timer)
{
	unsigned int cpu = cpumask_next(smp_processor_id(), cpu_online_mask);

	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first(cpu_online_mask);
	timer_delete(timer);
	timer->expires = jiffies;
	add_timer_on(timer, cpu);
}
