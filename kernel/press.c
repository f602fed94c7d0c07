// SPDX-License-Identifier: GPL-2.0
/* Presses one letter. Knows this kernel's letters, and the mask in force. */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

/* --- Which letters have a handler --- */

/*
 * The letter w shows every task that waits for RCU. So a look comes a while
 * after the datagram that asks for it, pauses when another one comes and while
 * a handler runs, and has w wait for a pause.
 */
enum {
	LOOK_DELAY = 60 * HZ,
	LOOK_INTERVAL = 600 * HZ,
	LOOK_PAUSE = HZ / 5,
	LOOK_LIMIT_MS = 2000,
};

static atomic64_t known_letters;
static unsigned long last_look, last_heard; /* jiffies */
static atomic64_t blocked;    /* since that time since boot; 0: it is not */
static unsigned int pressing; /* handlers that run now; under loan.lock */
static bool going;

static bool rcu_passed;

static void on_rcu(struct rcu_head *head)
{
	WRITE_ONCE(rcu_passed, true);
}

/* While a CPU hangs, this does not return. w does not show an idle task. */
static void wait_idly_for_rcu(void)
{
	static struct rcu_head head;

	WRITE_ONCE(rcu_passed, false);
	call_rcu(&head, on_rcu);
	while (!READ_ONCE(rcu_passed))
		schedule_timeout_idle(LOOK_PAUSE);
}

/*
 * Removing the handler NULL succeeds exactly if the letter has no handler, and
 * changes nothing. But it waits for RCU.
 */
static bool has_handler(char letter)
{
	bool has;

	if (time_before(jiffies, READ_ONCE(last_heard) + LOOK_PAUSE))
		schedule_timeout_idle(LOOK_PAUSE);
	while (READ_ONCE(pressing) && !READ_ONCE(going))
		schedule_timeout_idle(LOOK_PAUSE);
	atomic64_set(&blocked, srq_boot_ns());
	has = unregister_sysrq_key(letter, NULL) != 0;
	atomic64_set(&blocked, 0);
	return has;
}

/*
 * The kernel does not tell which letters have a handler, so each one is tried.
 * Loading the module must not wait for this.
 */
static void look_for_letters(struct work_struct *work)
{
	/* A letter without a handler prints the help. */
	u64 letters = srq_letter_bit('h');

	wait_idly_for_rcu();
	for (int i = 0; i < SRQ_LETTERS; i++) {
		char letter = srq_letter_at(i);

		if (READ_ONCE(going))
			return;
		if (has_handler(letter))
			letters |= srq_letter_bit(letter);
	}
	atomic64_set(&known_letters, letters);
}

static DECLARE_DELAYED_WORK(look, look_for_letters);

static void look_again(unsigned long delay)
{
	WRITE_ONCE(last_look, jiffies);
	if (delay)
		queue_delayed_work(system_dfl_wq, &look, delay);
	else
		mod_delayed_work(system_dfl_wq, &look, 0);
}

/* Mostly, modules bring handlers and take them away. */
static int on_module(struct notifier_block *nb, unsigned long state, void *mod)
{
	if (state == MODULE_STATE_LIVE || state == MODULE_STATE_GOING)
		look_again(0);
	return NOTIFY_DONE;
}

static struct notifier_block module_notifier = { .notifier_call = on_module };

u64 srq_press_known(void)
{
	return atomic64_read(&known_letters);
}

bool srq_press_ready(char letter, u64 now)
{
	u64 since = letter == 'w' ? atomic64_read(&blocked) : 0;

	if (!since || now >= since + LOOK_LIMIT_MS * NSEC_PER_MSEC)
		return true;
	/* Else the look would go on with the next letter, and w wait for that, too. */
	WRITE_ONCE(last_heard, jiffies);
	return false;
}

/* --- The mask parameter --- */

/*
 * handle_sysrq() obeys kernel.sysrq. If the mask parameter permits a letter
 * that kernel.sysrq does not, the letter's bit is lent to kernel.sysrq.
 *
 * handle_sysrq() looks at kernel.sysrq first, and runs the handler then. The
 * handler may take long, or never return. So others take the bit back, too: an
 * hrtimer; a timer of another CPU, if this CPU has its interrupts off; the next
 * datagram.
 *
 * A kernel.sysrq of 0 is never changed, and 0 is never written, because
 * sysrq_toggle_support() would sleep. (It still sleeps if root writes 0 within
 * the few instructions between the look and the loan.)
 */
enum { LOAN_MS = 200 };

/* The kernel may move any other timer to a CPU that hangs. */
static const enum hrtimer_mode loan_mode = HRTIMER_MODE_REL_PINNED_HARD;

static struct {
	raw_spinlock_t lock;
	struct hrtimer timer;
	struct timer_list elsewhere;
	bool lent;
	u32 own;     /* kernel.sysrq as its owner set it */
	u32 changed; /* kernel.sysrq as lend() set it */
	u64 until;   /* time since boot, ns */
} loan = { .lock = __RAW_SPIN_LOCK_UNLOCKED(loan.lock) };

static void take_back(void)
{
	lockdep_assert_held(&loan.lock);
	/* If kernel.sysrq has another value by now, it is not ours to set. */
	if (loan.lent && (u32)sysrq_mask() == loan.changed)
		sysrq_toggle_support(loan.own);
	loan.lent = false;
}

/* Returns true if the loan goes on. */
static bool take_back_if_over(void)
{
	unsigned long flags;
	bool lent;

	raw_spin_lock_irqsave(&loan.lock, flags);
	if (srq_boot_ns() >= loan.until)
		take_back();
	lent = loan.lent;
	raw_spin_unlock_irqrestore(&loan.lock, flags);
	return lent;
}

static enum hrtimer_restart on_hrtimer(struct hrtimer *timer)
{
	unsigned long flags;

	if (!take_back_if_over())
		return HRTIMER_NORESTART;
	/* Another CPU may lend meanwhile, and start the timer. */
	raw_spin_lock_irqsave(&loan.lock, flags);
	if (loan.lent && !hrtimer_is_queued(timer))
		hrtimer_start(timer, ms_to_ktime(LOAN_MS), loan_mode);
	raw_spin_unlock_irqrestore(&loan.lock, flags);
	return HRTIMER_NORESTART;
}

static unsigned long elsewhere_expires(void)
{
	return jiffies + msecs_to_jiffies(LOAN_MS) + 1;
}

static void on_timer(struct timer_list *timer)
{
	unsigned long flags;

	if (!take_back_if_over())
		return;
	/* The timer is early if jiffies catch up, as they do when the CPU that
	 * counts them was late. */
	raw_spin_lock_irqsave(&loan.lock, flags);
	if (loan.lent && !timer_pending(timer))
		mod_timer(timer, elsewhere_expires());
	raw_spin_unlock_irqrestore(&loan.lock, flags);
}

static void start_timers(void)
{
	unsigned int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());

	hrtimer_start(&loan.timer, ms_to_ktime(LOAN_MS), loan_mode);
	if (cpu < nr_cpu_ids) {
		timer_delete(&loan.elsewhere);
		loan.elsewhere.expires = elsewhere_expires();
		add_timer_on(&loan.elsewhere, cpu);
	}
}

static void lend(char letter)
{
	u32 bit = srq_letter_mask_bit(letter);
	unsigned long flags;
	u32 mask;

	raw_spin_lock_irqsave(&loan.lock, flags);
	WRITE_ONCE(pressing, pressing + 1);
	mask = sysrq_mask();
	if (loan.lent && mask != loan.changed)
		loan.lent = false; /* its owner has set it since */
	if (!loan.lent)
		loan.own = mask;
	if (srq_param_mask() >= 0 && loan.own &&
	    !(srq_mask_letters(loan.own) & srq_letter_bit(letter))) {
		loan.lent = true;
		/* 1 means "all" only if no other bit is set. */
		loan.changed = bit == 1 || mask == 1 ? 1 : mask | bit;
		loan.until = srq_boot_ns() + LOAN_MS * NSEC_PER_MSEC;
		data_race(sysrq_toggle_support(loan.changed));
		if (!srq_panicked())
			start_timers();
	}
	raw_spin_unlock_irqrestore(&loan.lock, flags);
}

static void give_back(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&loan.lock, flags);
	WRITE_ONCE(pressing, pressing - 1);
	if (!pressing)
		take_back();
	raw_spin_unlock_irqrestore(&loan.lock, flags);
}

u32 srq_press_mask(void)
{
	int mask = srq_param_mask();
	u32 system = data_race(sysrq_mask()); /* root, or lend(), may set it */

	/* With kernel.sysrq 0, the mask parameter permits nothing. */
	return mask < 0 || !system ? system : mask;
}

void srq_press(char letter)
{
	srq_stall_hold();
	lend(letter);
	if (srq_panicked() && letter == 'o')
		srq_off();
	else if (srq_panicked() && letter == 'b')
		emergency_restart(); /* its handler would let interrupts in */
	else
		handle_sysrq(letter);
	give_back();
	srq_stall_release();
	/* It may have taken long. The wait after it begins now. */
	if (srq_panicked())
		srq_clock_step(0);
}

void srq_press_panicked(void)
{
	raw_spin_lock_init(&loan.lock);
	pressing = 0;
	raw_spin_lock(&loan.lock);
	take_back();
	raw_spin_unlock(&loan.lock);
}

void srq_press_tidy(void)
{
	if (srq_panicked())
		return;
	WRITE_ONCE(last_heard, jiffies);
	if (time_after(jiffies, READ_ONCE(last_look) + LOOK_INTERVAL))
		look_again(LOOK_DELAY);
	take_back_if_over();
}

int __init srq_press_setup(void)
{
	int err;

	srq_stall_setup();
	hrtimer_setup(&loan.timer, on_hrtimer, CLOCK_MONOTONIC, loan_mode);
	timer_setup(&loan.elsewhere, on_timer, TIMER_PINNED);
	last_heard = jiffies - LOOK_PAUSE;
	/* Until the first look: the letters of every kernel. */
	atomic64_set(&known_letters, srq_mask_letters(0x1fe));
	err = register_module_notifier(&module_notifier);
	if (err)
		return err;
	look_again(0);
	return 0;
}

void srq_press_teardown(void)
{
	unregister_module_notifier(&module_notifier);
	WRITE_ONCE(going, true);
	cancel_delayed_work_sync(&look);
	rcu_barrier(); /* on_rcu() has returned, too */
	timer_delete_sync(&loan.elsewhere);
	hrtimer_cancel(&loan.timer);
	srq_stall_teardown();
}
