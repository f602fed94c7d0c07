// SPDX-License-Identifier: GPL-2.0
/*
 * Before Linux 6.5, once ksoftirqd is awake, a CPU leaves its softirqs to this
 * thread. While real-time tasks spin there, the thread never runs, and the host
 * hears nothing. Only softirqs of HI and tasklets do not wait for the thread, and
 * all others run with them. So a timer looks whether packets wait, and schedules a
 * tasklet that does nothing.
 *
 * The timer is not to wake an idle CPU. So it may be late there by LATE_IDLE, in
 * which time the kernel's own watchdog wakes the CPU anyway, every 4 s. Where that
 * does not run (kernel.watchdog is 0, or the CPU is one of nohz_full) and nothing else
 * does, the timer wakes the CPU, every 5 s.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#ifdef SRQ_SOFTIRQS_WAIT

enum { SOON_MS = 100, LATE_BUSY_MS = 1000, LATE_IDLE_MS = 5000 };

struct ear {
	struct hrtimer timer;
	struct tasklet_struct tasklet;
};

static DEFINE_PER_CPU(struct ear, ears);

static void do_nothing(struct tasklet_struct *tasklet)
{
}

/* How late the timer may be */
static u64 range(bool waiting)
{
	if (waiting)
		return 0;
	return (is_idle_task(current) ? LATE_IDLE_MS : LATE_BUSY_MS) *
	       NSEC_PER_MSEC;
}

static enum hrtimer_restart on_timer(struct hrtimer *timer)
{
	struct ear *ear = container_of(timer, struct ear, timer);
	bool waiting = local_softirq_pending() & BIT(NET_RX_SOFTIRQ);

	if (waiting)
		tasklet_schedule(&ear->tasklet);
	hrtimer_set_expires_range_ns(
		timer, ktime_add_ms(hrtimer_cb_get_time(timer), SOON_MS),
		range(waiting));
	return HRTIMER_RESTART;
}

static int start(unsigned int cpu)
{
	struct ear *ear = per_cpu_ptr(&ears, cpu);

	tasklet_setup(&ear->tasklet, do_nothing);
	hrtimer_setup(&ear->timer, on_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start_range_ns(&ear->timer, ms_to_ktime(SOON_MS), range(false),
			       HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static int stop(unsigned int cpu)
{
	struct ear *ear = per_cpu_ptr(&ears, cpu);

	hrtimer_cancel(&ear->timer);
	tasklet_kill(&ear->tasklet);
	return 0;
}

static int state;

int srq_softirq_setup(void)
{
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "ipt_sysrq:online",
				  start, stop);
	return min(state, 0);
}

void srq_softirq_teardown(void)
{
	cpuhp_remove_state(state);
}

#else

int srq_softirq_setup(void)
{
	return 0;
}

void srq_softirq_teardown(void)
{
}

#endif
