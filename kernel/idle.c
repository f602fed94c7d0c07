// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a CPU whose worker works.
 *
 * The handlers of some letters only give work to the worker of their own CPU. If a task
 * hangs on that CPU, the worker never runs, and nothing is synced. So a CPU that is not idle
 * first gives its worker a work that does nothing but tell that it runs. Meanwhile a timer
 * on each other CPU looks whether it is idle, or does the same. The first CPU that may
 * presses the letter. If there is none, the letter is soon pressed all the same, and the run
 * looks no more.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

enum { VISIT_MS = 20 }; /* between two looks of a CPU */

struct visit {
	struct timer_list timer;
	struct work_struct work;
	u64 end;   /* of the last look */
	bool test; /* the work is to be queued */
	bool works;
};

static DEFINE_PER_CPU(struct visit, visits);

static void do_work(struct work_struct *work)
{
	struct visit *visit = container_of(work, struct visit, work);

	WRITE_ONCE(visit->works, true);
}

/* A work of an earlier look that runs only now tells the same. */
static bool works(u64 end)
{
	struct visit *visit = this_cpu_ptr(&visits);

	if (is_idle_task(current))
		return true;
	if (visit->end != end) {
		visit->end = end;
		visit->test = true;
		WRITE_ONCE(visit->works, false);
	}
	return READ_ONCE(visit->works);
}

void srq_idle_test(void)
{
	struct visit *visit = this_cpu_ptr(&visits);

	if (visit->test && !srq_panicked()) {
		visit->test = false;
		schedule_work(&visit->work);
	}
}

/* A timer that is pending goes on already. */
static void ask(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct timer_list *timer = &per_cpu_ptr(&visits, cpu)->timer;

		if (timer_pending(timer))
			continue;
		timer->expires = jiffies;
		add_timer_on(timer, cpu);
	}
}

bool srq_idle_elsewhere(char letter, u64 end, u64 now)
{
	static u64 asked; /* the end of the look of which all CPUs know */

	/* With PREEMPT_RT this is in a thread of its own, which tells nothing of others. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || srq_panicked() ||
	    !strchr("sufjk", letter) || num_online_cpus() == 1 || now >= end ||
	    works(end))
		return false;
	if (asked != end) {
		asked = end;
		ask();
	}
	return true;
}

static void on_visit(struct timer_list *timer)
{
	unsigned long flags = srq_lock();
	bool looks = srq_run_looks();

	srq_unlock(flags);
	if (!looks)
		return;
	srq_run_poll(srq_boot_ns());
	flags = srq_lock();
	/* ask() may just have started it. */
	if (srq_run_looks() && !timer_pending(timer))
		mod_timer(timer, jiffies + msecs_to_jiffies(VISIT_MS));
	srq_unlock(flags);
}

void __init srq_idle_setup(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct visit *visit = per_cpu_ptr(&visits, cpu);

		timer_setup(&visit->timer, on_visit, TIMER_PINNED);
		INIT_WORK(&visit->work, do_work);
	}
}

void srq_idle_teardown(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct visit *visit = per_cpu_ptr(&visits, cpu);

		timer_delete_sync(&visit->timer);
		cancel_work_sync(&visit->work);
	}
}
