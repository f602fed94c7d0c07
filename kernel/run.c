// SPDX-License-Identifier: GPL-2.0
/*
 * The run presses the steps of the last accepted command, one after the other.
 *
 * The handler of a letter may never return. Then its CPU is lost, and so is the
 * timer that has called the handler: no other CPU may start that timer again.
 * So every run has a slot with a timer of its own, and a slot is never used
 * again while a handler runs in it. A lost slot means a lost CPU, so there is
 * one slot more than there are CPUs.
 *
 * With PREEMPT_RT a handler may be preempted, and one CPU can have several
 * handlers that do not return. Then there are more slots. If all of them are
 * lost, the gate refuses further commands.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

enum {
	/* The kernel is asked for a report so often, and more often at first. */
	REPORT_POLL_NS = 20 * NSEC_PER_MSEC,
	LOOKED = 1, /* in vain, so no other letter of the run looks */
	/*
	 * A first letter that ends the host waits so long, for the result to
	 * leave. A virtual machine may wait 100 ms until a busy host takes its
	 * packet.
	 */
	LEAVE_MS = 250,
	SLOTS_PER_CPU = IS_ENABLED(CONFIG_PREEMPT_RT) ? 4 : 1,
};

/* A run is stuck after so long. Then anybody may end it. */
#define OVERDUE_NS (10 * SRQ_SECOND)

struct run {
	struct timer_list timer;
	u64 number;
	char owner[SRQ_OPERATOR_NAME_MAX + 1];
	u8 key_id[SRQ_KEY_ID_LEN]; /* of its operator */
	struct srq_command command;
	struct srq_progress progress;
	enum srq_code code;
	u64 due;      /* time of the next letter, or of the end of the wait */
	u64 held;     /* time from which the next letter waits for the client */
	u64 pressed;  /* time when the last letter was pressed */
	bool busy;    /* a letter is being pressed: the slot is not free */
	bool waiting; /* a letter was pressed, and its wait goes on */
	u64 look_end; /* so long a letter looks for a CPU (idle.c); 0: none does */
};

static DEFINE_RAW_SPINLOCK(run_lock);
static struct run *slots;
static unsigned int slot_count;
static struct run *current_run; /* NULL: no run yet, or unloading */

unsigned long srq_lock(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&run_lock, flags);
	return flags;
}

void srq_unlock(unsigned long flags)
{
	raw_spin_unlock_irqrestore(&run_lock, flags);
}

static const struct srq_step *current_step(const struct run *run)
{
	return &run->command.steps[run->progress.finished];
}

static bool until_complete(const struct run *run)
{
	return run->waiting && current_step(run)->flags & SRQ_UNTIL_COMPLETE;
}

void srq_run_state(struct srq_run_state *state)
{
	lockdep_assert_held(&run_lock);
	memset(state, 0, sizeof(*state));
	if (!current_run)
		return;
	state->number = current_run->number;
	state->code = current_run->code;
	state->progress = current_run->progress;
}

/* NULL: there is none. */
static struct run *free_slot(void)
{
	for (unsigned int i = 0; i < slot_count; i++) {
		if (!slots[i].busy && &slots[i] != current_run)
			return &slots[i];
	}
	/* Its timer may be on a lost CPU, so this slot comes last. */
	return current_run && !current_run->busy ? current_run : NULL;
}

/* Before this step, how long does the run wait for the client or the network? */
static u32 hold_ms(const struct run *run, int step)
{
	if (!srq_letter_ends_host(run->command.steps[step].letter))
		return 0;
	return step && run->command.epoch ? SRQ_LAST_HOLD_MOST_MS : LEAVE_MS;
}

/* Returns how long the run lasts at the latest, but for the handlers. */
static u32 ends_in(const struct run *run, u64 now)
{
	bool in_wait = run->waiting && !run->busy;
	u64 ms = 0;

	if (!run->busy && run->due > now)
		ms = div_u64(run->due - now, NSEC_PER_MSEC) + 1;
	ms += run->look_end > now ? SRQ_LOOK_MS : 0;
	for (int i = run->progress.finished + in_wait; i < run->progress.count;
	     i++)
		ms += run->command.steps[i].wait_ms + hold_ms(run, i);
	return min_t(u64, ms, U32_MAX);
}

void srq_run_in_progress(struct srq_in_progress *progress, u64 now)
{
	const struct run *run = current_run;
	char next = 0;

	lockdep_assert_held(&run_lock);
	memset(progress, 0, sizeof(*progress));
	progress->full = !free_slot();
	if (!run || run->code != SRQ_RUNNING)
		return;
	progress->any = true;
	memcpy(progress->owner, run->owner, sizeof(progress->owner));
	for (int i = run->progress.finished; i < run->progress.count; i++) {
		char letter = run->command.steps[i].letter;

		if (run->progress.states[i] != SRQ_STEP_PENDING)
			continue;
		progress->letters |= srq_letter_bit((u8)letter);
		next = next ?: letter;
	}
	progress->overdue =
		now > (run->busy ? run->pressed : run->due) + OVERDUE_NS ||
		(next && !srq_gate_permits(run->key_id, next));
	progress->ends_in = ends_in(run, now);
}

static void end_early(struct run *run, enum srq_code code)
{
	struct srq_progress *progress = &run->progress;

	if (run->code != SRQ_RUNNING)
		return;
	run->code = code;
	for (int i = progress->finished; i < progress->count; i++) {
		if (progress->states[i] == SRQ_STEP_PENDING)
			progress->states[i] = SRQ_STEP_DROPPED;
	}
}

void srq_run_begin(const struct srq_verdict *verdict,
		   const struct srq_operator *who, u64 now,
		   struct srq_run_state *before)
{
	struct run *run = free_slot();

	lockdep_assert_held(&run_lock);
	if (current_run)
		end_early(current_run, SRQ_SUPERSEDED);
	srq_run_state(before);

	run->number = verdict->run;
	memcpy(run->owner, who->name, sizeof(run->owner));
	memcpy(run->key_id, who->keys.id, sizeof(run->key_id));
	run->command = verdict->command;
	run->progress = (struct srq_progress){
		.log_first = srq_klog_next(),
		.count = verdict->command.count,
	};
	run->code = SRQ_RUNNING;
	run->due = now;
	run->busy = false;
	run->waiting = false;
	run->look_end = 0;
	current_run = run;
	srq_softirq_expect(now); /* the answer may never leave this CPU */
}

void srq_run_withdraw(void)
{
	lockdep_assert_held(&run_lock);
	if (current_run)
		end_early(current_run, SRQ_WITHDRAWN);
}

/* The turn of a step is over: notes what has become of it. */
static void finish_step(struct run *run, u64 now, enum srq_step_state state)
{
	struct srq_progress *progress = &run->progress;

	progress->states[progress->finished++] = state;
	run->waiting = false;
	run->due = now;
	run->held = now;
	if (progress->finished == progress->count)
		run->code = SRQ_OK;
	else if (run->command.epoch &&
		 srq_letter_ends_host(current_step(run)->letter))
		run->due = now + SRQ_LAST_HOLD_MS * SRQ_MILLISECOND;
}

/* The next letter ends the host, and waits until the client has heard of the rest. */
static bool is_held(const struct run *run)
{
	return run->code == SRQ_RUNNING && run->progress.finished &&
	       !run->waiting && !run->busy && run->command.epoch &&
	       srq_letter_ends_host(current_step(run)->letter);
}

/* The wait after a letter is over. */
static void end_wait(struct run *run, u64 now, bool complete)
{
	enum srq_step_state state = complete              ? SRQ_STEP_COMPLETE
				    : until_complete(run) ? SRQ_STEP_TIMED_OUT
							  : SRQ_STEP_DONE;

	now = max(now, run->pressed); /* it may be of a moment before */
	run->progress.times[run->progress.finished] =
		min_t(u64, div_u64(now - run->pressed, NSEC_PER_MSEC), U32_MAX);
	finish_step(run, now, state);
}

/* Returns the letter whose turn it is, and claims the run for it; 0: none. */
static char next_letter(struct run *run, u64 now)
{
	if (run->busy || run->code != SRQ_RUNNING)
		return 0;
	if (run->waiting) {
		bool complete = until_complete(run) &&
				srq_klog_complete(current_step(run)->letter);

		if (!complete && now < run->due)
			return 0;
		end_wait(run, now, complete);
	}
	while (run->code == SRQ_RUNNING &&
	       srq_panic_in_vain(current_step(run)->letter))
		finish_step(run, now, SRQ_STEP_POINTLESS);
	if (run->code != SRQ_RUNNING || now < run->due ||
	    !srq_press_ready(current_step(run)->letter, now))
		return 0;
	run->look_end = run->look_end ?: now + SRQ_LOOK_MS * SRQ_MILLISECOND;
	if (srq_idle_elsewhere(current_step(run)->letter, run->look_end, now))
		return 0;
	run->look_end = run->look_end > now ? 0 /* found */ : LOOKED;
	run->busy = true;
	run->pressed = now;
	return current_step(run)->letter;
}

/* Returns true if the letter may be pressed now. Else the run has ended. */
static bool begin_step(struct run *run, char letter, bool permitted)
{
	u8 *state = &run->progress.states[run->progress.finished];
	unsigned long flags = srq_lock();

	if (run->code == SRQ_RUNNING && !permitted) {
		end_early(run, SRQ_WITHDRAWN);
		*state = SRQ_STEP_WITHDRAWN;
	}
	if (run->code == SRQ_RUNNING) {
		*state = SRQ_STEP_PRESSED;
		run->pressed = srq_boot_ns();
		run->waiting = true;
	}
	srq_unlock(flags);
	return run->waiting;
}

static void arm(struct run *run, u64 now)
{
	u64 delay = run->due > now ? run->due - now : 0;
	u64 look = srq_klog_next_look();

	srq_softirq_expect(U64_MAX);
	if (srq_panicked() || run->busy || (run->code != SRQ_RUNNING && !look))
		return;
	if (run->code == SRQ_RUNNING && run->look_end > now)
		delay = run->look_end - now;
	if (look && (run->code != SRQ_RUNNING || look < delay))
		delay = look;
	if (run->code == SRQ_RUNNING && until_complete(run))
		delay = min3(delay, (now - run->pressed) / 2,
			     (u64)REPORT_POLL_NS);
	srq_softirq_expect(now + delay);
	/* Else a timer that expires then already stays on its CPU. */
	timer_delete(&run->timer);
	mod_timer(&run->timer, jiffies + div_u64(delay, TICK_NSEC) + 1);
}

/* The run is busy, so nobody else changes it but for its end. */
static void press_step(struct run *run, char letter)
{
	/* If it is forbidden from now on, the letter is pressed all the same.
	 * The client gets no answer then, and takes the host for gone. */
	bool permitted = srq_gate_permits(run->key_id, letter);
	int step = run->progress.finished;

	/* A later one has waited already, or nobody listens. */
	if (srq_letter_ends_host(letter) && !(step && run->command.epoch))
		mdelay(LEAVE_MS);
	if (begin_step(run, letter, permitted)) {
		srq_klog_expect(letter);
		srq_press(letter);
	} else if (run->progress.states[step] == SRQ_STEP_WITHDRAWN) {
		srq_klog_say(
			false,
			"the run of %s ends before %c: the letter is no longer permitted",
			run->owner, letter);
	}
}

bool srq_run_looks(void)
{
	const struct run *run = current_run;

	lockdep_assert_held(&run_lock);
	return run && run->code == SRQ_RUNNING && run->look_end > LOOKED;
}

/* Presses what is due. If `only` is given, stops when that run is not the current one. */
static void poll(u64 now, struct run *only)
{
	unsigned long flags;
	struct run *run;
	char letter;

	srq_klog_scan();
	flags = srq_lock();
	for (;;) {
		run = current_run;
		if (!run || (only && run != only)) {
			if (run && (run->busy || run->code != SRQ_RUNNING))
				arm(run->busy ? only : run, now); /* to look */
			break;
		}
		letter = next_letter(run, now);
		if (!letter) {
			arm(run, now);
			break;
		}
		srq_unlock(flags);

		press_step(run, letter);

		flags = srq_lock();
		now = srq_boot_ns();
		run->busy = false;
		run->due =
			now + (u64)current_step(run)->wait_ms * NSEC_PER_MSEC;
	}
	srq_unlock(flags);
	srq_idle_test();
}

void srq_run_poll(u64 now)
{
	poll(now, NULL);
}

void srq_run_told(u64 number, u8 finished, u8 heard)
{
	u32 quiet = heard == finished ? 0 : SRQ_LAST_QUIET_MS;
	unsigned long flags = srq_lock();
	struct run *run = current_run;

	if (run && run->number == number &&
	    run->progress.finished == finished && is_held(run))
		run->due =
			min(run->held + SRQ_LAST_HOLD_MOST_MS * SRQ_MILLISECOND,
			    srq_boot_ns() + quiet * SRQ_MILLISECOND);
	srq_unlock(flags);
}

/*
 * A timer presses only for its own run. If it hung in a letter of another run,
 * that run would be busy, and this slot would look free.
 */
static void on_timer(struct timer_list *timer)
{
	struct run *run = timer_container_of(run, timer, timer);

	poll(srq_boot_ns(), run);
}

void srq_run_panicked(void)
{
	struct run *run = current_run;

	raw_spin_lock_init(&run_lock);
	if (!run || !run->busy || run->code != SRQ_RUNNING)
		return;
	run->busy = false;
	if (run->waiting)
		finish_step(run, srq_boot_ns(),
			    current_step(run)->letter == 'c'
				    ? SRQ_STEP_DONE
				    : SRQ_STEP_TIMED_OUT);
}

int __init srq_run_setup(void)
{
	slot_count = nr_cpu_ids * SLOTS_PER_CPU + 1;
	slots = kcalloc(slot_count, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	srq_idle_setup();
	/* Pinned: the kernel may move any other timer to the CPU that hangs. */
	for (unsigned int i = 0; i < slot_count; i++)
		timer_setup(&slots[i].timer, on_timer, TIMER_PINNED);
	return 0;
}

void srq_run_teardown(void)
{
	struct srq_in_progress run;
	unsigned long flags = srq_lock();

	srq_run_in_progress(&run, 0);
	current_run = NULL;
	srq_unlock(flags);
	if (run.letters)
		pr_notice(
			"unloaded: the letters not yet pressed are dropped\n");
	/* No packet comes any more (see main.c), and then no timer is started. */
	synchronize_rcu();
	srq_idle_teardown();
	for (unsigned int i = 0; i < slot_count; i++)
		timer_delete_sync(&slots[i].timer);
	kfree(slots);
}
