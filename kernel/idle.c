// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a CPU on which the scheduler works.
 *
 * The handlers of some letters only give work to a worker of their own CPU. If a task hangs
 * on that CPU, the worker never runs, and nothing is synced. So while nothing shows that the
 * scheduler works on this CPU, a timer on each other one looks whether it works there, and
 * presses the letter. If it seems to work nowhere, the letter is soon pressed all the same,
 * and the run looks no more.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

struct visit {
	struct timer_list timer;
	u64 end;                        /* of the look that the rest is of */
	const struct task_struct *task; /* only to compare */
	u64 work;
};

static DEFINE_PER_CPU(struct visit, visits);

/* Grows while the task runs outside of the kernel, and when it sleeps or is preempted. */
static u64 work(void)
{
	const u64 *times = kcpustat_this_cpu->cpustat;

	return times[CPUTIME_USER] + times[CPUTIME_NICE] + current->nvcsw +
	       current->nivcsw;
}

/* With threadirqs, timers run in this thread, so the scheduler has just run it. */
static bool in_softirq_thread(void)
{
	return current->flags & PF_KTHREAD &&
	       strstarts(current->comm, "ksoftirqd/");
}

/*
 * Does the scheduler work on this CPU? It does if the CPU has nothing to do, or if since the
 * first visit of this look another task runs, or the same one has worked. A real-time task
 * keeps the worker off, whatever the scheduler does.
 */
static bool schedules(u64 end)
{
	struct visit *visit = this_cpu_ptr(&visits);
	u64 now = work();
	bool changed = visit->task != current || visit->work != now;

	if (is_idle_task(current))
		return true;
	if (in_softirq_thread())
		return !rt_task(current);
	if (visit->end == end)
		return changed && !rt_task(current);
	visit->end = end;
	visit->task = current;
	visit->work = now;
	return false;
}

bool srq_idle_elsewhere(char letter, u64 end, u64 now)
{
	/* With PREEMPT_RT this is in a thread of its own, which tells nothing of others. */
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && !srq_panicked() &&
	       strchr("sufjk", letter) && num_online_cpus() > 1 && now < end &&
	       !schedules(end);
}

void srq_idle_ask(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct timer_list *timer = &per_cpu_ptr(&visits, cpu)->timer;

		if (cpu == smp_processor_id() || timer_pending(timer))
			continue;
		timer->expires = jiffies;
		add_timer_on(timer, cpu);
	}
}

static void on_visit(struct timer_list *timer)
{
	srq_run_poll(srq_boot_ns());
}

void __init srq_idle_setup(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		timer_setup(&per_cpu_ptr(&visits, cpu)->timer, on_visit,
			    TIMER_PINNED);
}

void srq_idle_teardown(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		timer_delete_sync(&per_cpu_ptr(&visits, cpu)->timer);
}
