// SPDX-License-Identifier: GPL-2.0
/*
 * Listens when the kernel has panicked. panic() ends in a loop that calls
 * panic_blink. There the module stays: it polls the cards and presses letters,
 * with a clock of its own, until the host reboots.
 *
 * Before a panic there is nothing but an entry in the kernel's list of those who
 * want to know of one. It comes last there, after kdump and all others.
 *
 * What is done here may crash, which is another panic: panic() calls the hook
 * again, on top of the stack of the first call.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kexec.h>
#include <linux/math64.h>
#include <linux/nmi.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <xen/xen.h>
#ifdef CONFIG_X86_64
#include <asm/apic.h>
#endif

enum {
	ROUND_US = 100,
	/* After so many crashes the host only waits for its reboot: each one
	 * takes some of the stack. */
	CRASHES_MAX = 6,
};

/* Other machines stop, and deliver interrupts, in other ways. */
#define MACHINE_KNOWN (IS_ENABLED(CONFIG_X86_64) || IS_ENABLED(CONFIG_ARM64))

/* So often are the lights of a keyboard to blink. */
#define BLINK_INTERVAL (200 * SRQ_MILLISECOND)

/* What was there before: it makes lights blink. NULL: nothing, or it is not to
 * be called any more. */
static long (*chained)(int state);
static bool inside; /* the hook has been called, and has not returned */
static unsigned int crashes;

/* kernel.panic of 0: the host waits for ever. Below 0: it reboots at once. */
static bool may_listen(void)
{
	int timeout = data_race(READ_ONCE(panic_timeout)); /* root may set it */

	return srq_listener_port() &&
	       (!timeout || (timeout > 0 && srq_param_after_panic()));
}

static bool is_over(void)
{
	return panic_timeout > 0 &&
	       srq_clock_since_panic() >= panic_timeout * SRQ_SECOND;
}

/* A CPU that was stopped, or has crashed, may hold any of these locks. */
static void free_locks(void)
{
	srq_run_panicked();
	srq_press_panicked();
	srq_klog_panicked();
	srq_receive_panicked();
}

static void begin(void)
{
	if (inside) {
		crashes++;
		chained = NULL;
		srq_poll_crashed();
	}
	inside = true;
	srq_clock_panicked();
	free_locks();
	if (crashes < CRASHES_MAX) /* this may be what has crashed */
		srq_poll_prepare();
}

/* state: of the lights */
static void go_round(int state)
{
	u64 waited = ROUND_US * 1000, blinked = 0;

	do {
		u64 now = srq_clock_step(waited);

		waited = ROUND_US * 1000;
		if (crashes < CRASHES_MAX) {
			srq_poll();
			srq_run_poll(srq_boot_ns());
		}
		if (chained && now >= blinked + BLINK_INTERVAL) {
			blinked = now;
			waited += chained(state ^= 1) * SRQ_MILLISECOND;
		}
		touch_nmi_watchdog();
		udelay(ROUND_US);
	} while (!is_over());
}

/*
 * Drivers expect to be polled in a softirq, and panic() may have been called in
 * any context. On a host without memory the kernel's last pages are for drivers:
 * PF_MEMALLOC asks for them, and counts in a softirq. Returns the time that has
 * passed, for panic(), in ms. It only returns where panic() has interrupts off.
 */
static long hook(int state)
{
	int count = preempt_count();

	/* amd64 gets none any more. Elsewhere a handler may wait for a lock that
	 * this CPU, or a CPU that was stopped, holds. */
	if (!IS_ENABLED(CONFIG_X86_64))
		local_irq_disable();
	preempt_count_set(PREEMPT_OFFSET);
	/* as a softirq does; on PREEMPT_RT this may be in one */
	if (!in_serving_softirq())
		__local_bh_disable_ip(_THIS_IP_, SOFTIRQ_OFFSET);
	current->flags |= PF_MEMALLOC;
	srq_ready_for_xdp();
	rcu_read_lock();
	begin();
	go_round(state);
	rcu_read_unlock();
	inside = false;
	preempt_count_set(count);
	/* More than is left, if this panic is not the first one. */
	return panic_timeout * MSEC_PER_SEC;
}

/* With reboot=force the kernel lets the other CPUs run. Else it has switched off the
 * APIC of this one when it stopped them, though some may still count as online. */
static bool is_alone(void)
{
#ifdef CONFIG_X86_64
	return num_online_cpus() == 1 ||
	       !(apic->read(APIC_SPIV) & APIC_SPIV_APIC_ENABLED);
#else
	return true;
#endif
}

static int on_panic(struct notifier_block *nb, unsigned long event, void *text)
{
	if (panic_blink == hook || !may_listen() || !is_alone())
		return NOTIFY_DONE;
	chained = panic_blink;
	panic_blink = hook;
	pr_notice("the kernel has panicked: listening on UDP port %u\n",
		  srq_listener_port());
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = on_panic,
	.priority = INT_MIN,
};

bool srq_panic_hears(void)
{
	return MACHINE_KNOWN && may_listen() && !kexec_crash_loaded() &&
	       !xen_domain() && !srq_on_hyperv();
}

bool srq_panic_in_vain(char letter)
{
	return srq_panicked() && (srq_letter_vain_in_panic(letter) ||
				  (letter == 'o' && !srq_off_possible()));
}

u32 srq_panic_reboots_in(void)
{
	u64 since = div_u64(srq_clock_since_panic(), NSEC_PER_SEC);

	if (!srq_panicked() || panic_timeout <= 0)
		return 0;
	return since < panic_timeout ? panic_timeout - since : 1;
}

int __init srq_panic_setup(void)
{
	if (!MACHINE_KNOWN)
		return 0;
	srq_send_setup();
	srq_off_setup();
	return atomic_notifier_chain_register(&panic_notifier_list, &notifier);
}

void srq_panic_teardown(void)
{
	if (!MACHINE_KNOWN)
		return;
	atomic_notifier_chain_unregister(&panic_notifier_list, &notifier);
	if (panic_blink == hook)
		panic_blink = chained;
}
