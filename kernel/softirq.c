// SPDX-License-Identifier: GPL-2.0
/*
 * Hears where a CPU no longer does. A timer on each CPU sees three states:
 *
 * - Before Linux 6.5, once ksoftirqd is awake, a CPU leaves its softirqs to this
 *   thread. While real-time tasks spin there, the thread never runs, and the host
 *   hears nothing. Only softirqs of HI and tasklets do not wait for the thread, and
 *   all others run with them. So where packets wait, the timer schedules a tasklet.
 *
 * - The timer of a run is on a CPU that does not run it: one as above, or one that has
 *   been lost since. The tasklet polls the run in its place.
 *
 * - The next CPU has its interrupts off for ever, and may be the one that the cards
 *   interrupt. Its timer does not run any more. So this CPU polls the cards. Where the
 *   other CPU is only slow, that is a poll which finds nothing.
 *
 *   Only on PCI and virtio: there the drivers take the poll for one more interrupt. (But
 *   pch_gbe counts them, and would never switch its interrupts on again.)
 *   Drivers of other buses may need the poll on the CPU of the interrupt, or may sleep in
 *   it. And only with a link: a driver that resets its card takes the link away first,
 *   and waits for polls then.
 *
 * The timer is not to wake an idle CPU. So it may be late there by LATE_IDLE, in
 * which time the kernel's own watchdog wakes the CPU anyway, every 4 s. Where that
 * does not run (kernel.watchdog is 0, or the CPU is one of nohz_full) and nothing else
 * does, the timer wakes the CPU, every 5 s.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/cpuhotplug.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/sched.h>

enum {
	SOON_MS = 100,
	POLL_MS = 10, /* some drivers take 64 frames of a poll, and no more */
	LATE_BUSY_MS = 1000,
	LATE_IDLE_MS = 5000,
};

/* A CPU whose timer is later than that does not take interrupts. */
#define SILENT (2 * LATE_IDLE_MS * SRQ_MILLISECOND)

/* A timer that is so late is on a CPU that does not run it. */
#define LOST (100 * SRQ_MILLISECOND)

struct ear {
	struct hrtimer timer;
	struct tasklet_struct tasklet;
	u64 ran; /* the timer; monotonic, ns; 0: it was not started */
};

static DEFINE_PER_CPU(struct ear, ears);

static u64 expected = U64_MAX; /* when a timer is to poll the run */

void srq_softirq_expect(u64 when)
{
	WRITE_ONCE(expected, when);
}

static bool timer_lost(u64 now)
{
	u64 when = READ_ONCE(expected);

	return now > when && now - when > LOST;
}

static void poll_run(struct tasklet_struct *tasklet)
{
	u64 now = srq_boot_ns();

	/* Else its timer would move to this CPU, which may not run it. */
	if (timer_lost(now))
		srq_run_poll(now);
}

/* How late the timer may be */
static u64 range(bool soon)
{
	if (soon)
		return 0;
	if (SRQ_SOFTIRQS_WAIT && !is_idle_task(current))
		return LATE_BUSY_MS * SRQ_MILLISECOND;
	return LATE_IDLE_MS * SRQ_MILLISECOND;
}

/* However many CPUs are silent, one of them is the next one of a CPU that runs. */
static bool is_next_silent(u64 now)
{
	unsigned int next = cpumask_next(smp_processor_id(), cpu_online_mask);
	u64 ran;

	if (next >= nr_cpu_ids)
		next = cpumask_first(cpu_online_mask);
	ran = READ_ONCE(per_cpu_ptr(&ears, next)->ran);
	return ran && now > ran + SILENT;
}

static bool may_poll(struct net_device *dev)
{
	return srq_is_card(dev) && netif_carrier_ok(dev) &&
	       !srq_card_has_driver(dev, "pch_gbe") &&
	       (srq_card_is_on(dev, "pci") || srq_card_is_on(dev, "virtio"));
}

static void poll_cards(void)
{
	struct napi_struct *napi;
	struct net_device *dev;

	rcu_read_lock();
	for_each_netdev_rcu(&init_net, dev)
	{
		if (!may_poll(dev))
			continue;
		list_for_each_entry_rcu(napi, &dev->napi_list, dev_list)
			napi_schedule(napi);
	}
	rcu_read_unlock();
}

static bool packets_wait(void)
{
	return SRQ_SOFTIRQS_WAIT &&
	       local_softirq_pending() & BIT(NET_RX_SOFTIRQ);
}

static enum hrtimer_restart on_timer(struct hrtimer *timer)
{
	struct ear *ear = container_of(timer, struct ear, timer);
	ktime_t now = hrtimer_cb_get_time(timer);
	bool silent, waiting;

	WRITE_ONCE(ear->ran, ktime_to_ns(now));
	silent = is_next_silent(ktime_to_ns(now));
	if (silent)
		poll_cards();
	waiting = packets_wait();
	if (waiting || timer_lost(srq_boot_ns()))
		tasklet_schedule(&ear->tasklet);
	hrtimer_set_expires_range_ns(
		timer, ktime_add_ms(now, silent ? POLL_MS : SOON_MS),
		range(silent || waiting));
	return HRTIMER_RESTART;
}

static int start(unsigned int cpu)
{
	struct ear *ear = per_cpu_ptr(&ears, cpu);

	WRITE_ONCE(ear->ran, ktime_get_ns());
	tasklet_setup(&ear->tasklet, poll_run);
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
	WRITE_ONCE(ear->ran, 0);
	return 0;
}

static int state;

int __init srq_softirq_setup(void)
{
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "ipt_sysrq:online",
				  start, stop);
	return min(state, 0);
}

void srq_softirq_teardown(void)
{
	cpuhp_remove_state(state);
}
