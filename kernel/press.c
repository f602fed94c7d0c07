// SPDX-License-Identifier: GPL-2.0
/* Presses one key; knows which keys there are and which the mask permits. */
#include "host.h"
#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/sysrq.h>
#include <linux/workqueue.h>

/* --- Which keys have a handler --- */

static atomic64_t known_keys = ATOMIC64_INIT(0);

/*
 * The kernel does not tell which keys are taken, but it refuses to remove a
 * handler that is not there: removing NULL succeeds, and changes nothing,
 * exactly where the key is free.
 */
static void look_for_keys(struct work_struct *work)
{
	u64 keys = srq_key_bit('h'); /* help is what unknown keys do */

	for (int i = 0; i < 62; i++) {
		char key = srq_key_of_index(i);

		if (unregister_sysrq_key(key, NULL) != 0)
			keys |= srq_key_bit(key);
	}
	atomic64_set(&known_keys, keys);
}

static DECLARE_WORK(look_again, look_for_keys);

/* Handlers come and go with modules. */
static int on_module(struct notifier_block *nb, unsigned long state, void *mod)
{
	if (state == MODULE_STATE_LIVE || state == MODULE_STATE_GOING)
		queue_work(system_unbound_wq, &look_again);
	return NOTIFY_DONE;
}

static struct notifier_block module_notifier = { .notifier_call = on_module };

u64 srq_press_known(void)
{
	return atomic64_read(&known_keys);
}

/* --- The mask parameter --- */

/*
 * handle_sysrq() obeys kernel.sysrq. Where the mask parameter permits a key
 * that kernel.sysrq does not, the key's bit is lent to kernel.sysrq while
 * handle_sysrq() looks at it. It looks first and runs the handler then, so if
 * the handler takes long, or for ever, a timer takes the bit back.
 *
 * 0 is never changed, nor written: sysrq_toggle_support() sleeps then. (Only
 * root writing 0 within the few instructions between the look and the loan
 * could still make it.)
 */
enum { LOAN_NS = 50 * NSEC_PER_MSEC };

static struct {
	raw_spinlock_t lock;
	struct hrtimer timer;
	unsigned int users; /* between lend and give_back */
	bool lent;
	u32 own;     /* kernel.sysrq as its owner set it */
	u32 changed; /* as we left it */
} loan = { .lock = __RAW_SPIN_LOCK_UNLOCKED(loan.lock) };

static void take_back(void)
{
	lockdep_assert_held(&loan.lock);
	/* Somebody else may have set it since: then it is theirs. */
	if (loan.lent && (u32)sysrq_mask() == loan.changed)
		sysrq_toggle_support(loan.own);
	loan.lent = false;
}

static enum hrtimer_restart loan_is_over(struct hrtimer *timer)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&loan.lock, flags);
	take_back();
	raw_spin_unlock_irqrestore(&loan.lock, flags);
	return HRTIMER_NORESTART;
}

static void lend(char key)
{
	unsigned long flags;
	u32 bit = srq_mask_bit(key);
	u32 mask;

	raw_spin_lock_irqsave(&loan.lock, flags);
	loan.users++;
	mask = sysrq_mask();
	if (!loan.lent || mask != loan.changed)
		loan.own = mask;
	if (srq_param_mask() >= 0 && mask &&
	    !(srq_mask_keys(loan.own) & srq_key_bit(key))) {
		loan.lent = true;
		loan.changed = bit == 1 ? 1 : mask | bit;
		sysrq_toggle_support(loan.changed);
		hrtimer_start(&loan.timer, ns_to_ktime(LOAN_NS),
			      HRTIMER_MODE_REL_HARD);
	}
	raw_spin_unlock_irqrestore(&loan.lock, flags);
}

static void give_back(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&loan.lock, flags);
	if (--loan.users == 0)
		take_back();
	raw_spin_unlock_irqrestore(&loan.lock, flags);
}

u32 srq_press_mask(void)
{
	int mask = srq_param_mask();
	u32 system = sysrq_mask();

	/* kernel.sysrq 0 keeps every key shut. */
	return mask < 0 || !system ? system : mask;
}

void srq_press(char key)
{
	lend(key);
	handle_sysrq(key);
	give_back();
}

int srq_press_setup(void)
{
	int err;

	hrtimer_init(&loan.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	loan.timer.function = loan_is_over;
	err = register_module_notifier(&module_notifier);
	if (err)
		return err;
	look_for_keys(NULL);
	return 0;
}

void srq_press_teardown(void)
{
	unregister_module_notifier(&module_notifier);
	cancel_work_sync(&look_again);
	hrtimer_cancel(&loan.timer);
}
