// SPDX-License-Identifier: GPL-2.0
/*
 * The run presses the steps of the last accepted command, one after the other.
 *
 * The handler of a letter may never return. Then its CPU is lost, and so is the
 * timer that has called the handler: no other CPU may start that timer again.
 * So every run has a slot with a timer of its own. A lost slot means a lost
 * CPU, so there is one slot more than there are CPUs.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

enum {
	REPORT_POLL_NS = 20 * NSEC_PER_MSEC,
	/*
	 * A letter that ends the host waits so long, for the result to leave. A
	 * virtual machine may wait 100 ms until a busy host takes its packet.
	 */
	LEAVE_MS = 250,
};

struct run {
	struct timer_list timer;
	u64 number;
	struct srq_command command;
	struct srq_progress progress;
	enum srq_code code;
	u64 due;      /* time of the next letter, or of the end of the wait */
	bool busy;    /* the handler of a letter runs */
	bool waiting; /* a letter was pressed, and its wait goes on */
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

static struct run *free_slot(void)
{
	for (unsigned int i = 0; i < slot_count; i++) {
		if (!slots[i].busy && &slots[i] != current_run)
			return &slots[i];
	}
	/* Needed only if a handler was preempted: in softirq it cannot be. */
	return current_run;
}

static void end_early(struct run *run)
{
	struct srq_progress *progress = &run->progress;

	if (run->code != SRQ_RUNNING)
		return;
	run->code = SRQ_SUPERSEDED;
	for (int i = progress->finished; i < progress->count; i++) {
		if (progress->states[i] == SRQ_STEP_PENDING)
			progress->states[i] = SRQ_STEP_DROPPED;
	}
}

void srq_run_begin(u64 number, const struct srq_command *command, u64 log_first,
		   struct srq_run_state *before)
{
	struct run *run = free_slot();

	lockdep_assert_held(&run_lock);
	if (current_run)
		end_early(current_run);
	srq_run_state(before);

	run->number = number;
	run->command = *command;
	run->progress = (struct srq_progress){
		.log_first = log_first,
		.count = command->count,
	};
	run->code = SRQ_RUNNING;
	run->due = 0;
	run->busy = false;
	run->waiting = false;
	current_run = run;
}

/* The wait after a letter is over: notes what has become of the step. */
static void finish_step(struct run *run, u64 now, bool complete)
{
	struct srq_progress *progress = &run->progress;
	bool asked = until_complete(run);

	progress->states[progress->finished] = complete ? SRQ_STEP_COMPLETE
					       : asked  ? SRQ_STEP_TIMED_OUT
							: SRQ_STEP_DONE;
	progress->finished++;
	run->waiting = false;
	run->due = now;
	if (progress->finished == progress->count)
		run->code = SRQ_OK;
	else if (run->command.epoch &&
		 srq_letter_ends_host(current_step(run)->letter))
		run->due = now + SRQ_LAST_HOLD_MS * SRQ_MILLISECOND;
}

/* Returns the letter to press now; 0: none. */
static char next_letter(struct run *run, u64 now)
{
	if (run->busy || run->code != SRQ_RUNNING)
		return 0;
	if (run->waiting) {
		bool complete = until_complete(run) &&
				srq_klog_complete(current_step(run)->letter);

		if (!complete && now < run->due)
			return 0;
		finish_step(run, now, complete);
	}
	if (run->code != SRQ_RUNNING || now < run->due ||
	    !srq_press_ready(current_step(run)->letter, now))
		return 0;
	run->progress.states[run->progress.finished] = SRQ_STEP_PRESSED;
	run->busy = true;
	return current_step(run)->letter;
}

static void arm(struct run *run, u64 now)
{
	u64 delay;

	if (run->busy || run->code != SRQ_RUNNING)
		return;
	delay = run->due > now ? run->due - now : 0;
	if (until_complete(run))
		delay = min_t(u64, delay, REPORT_POLL_NS);
	mod_timer(&run->timer, jiffies + nsecs_to_jiffies(delay) + 1);
}

static void press_step(char letter)
{
	if (srq_letter_ends_host(letter))
		mdelay(LEAVE_MS);
	srq_klog_expect(letter);
	srq_press(letter);
}

/*
 * Presses the letters of the current run that are due. If `only` is given,
 * stops when that run is not the current one.
 */
static void poll(u64 now, const struct run *only)
{
	unsigned long flags;
	struct run *run;
	char letter;

	srq_klog_scan();
	flags = srq_lock();
	for (;;) {
		run = current_run;
		if (!run || (only && run != only))
			break;
		letter = next_letter(run, now);
		if (!letter) {
			arm(run, now);
			break;
		}
		srq_unlock(flags);

		press_step(letter);

		flags = srq_lock();
		now = ktime_get_boot_fast_ns();
		run->busy = false;
		run->waiting = true;
		run->due =
			now + (u64)current_step(run)->wait_ms * NSEC_PER_MSEC;
	}
	srq_unlock(flags);
}

void srq_run_poll(u64 now)
{
	poll(now, NULL);
}

void srq_run_told(u64 number, u8 finished)
{
	unsigned long flags = srq_lock();

	if (current_run && current_run->number == number &&
	    current_run->progress.finished == finished &&
	    !current_run->waiting && !current_run->busy)
		current_run->due = 0;
	srq_unlock(flags);
}

/*
 * A timer presses only for its own run. If it hung in a letter of another run,
 * that run would be busy, and this slot would look free.
 */
static void on_timer(struct timer_list *timer)
{
	struct run *run = timer_container_of(run, timer, timer);

	poll(ktime_get_boot_fast_ns(), run);
}

int srq_run_setup(void)
{
	slot_count = num_possible_cpus() + 1;
	slots = kcalloc(slot_count, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	/* Pinned: the kernel may move any other timer to the CPU that hangs. */
	for (unsigned int i = 0; i < slot_count; i++)
		timer_setup(&slots[i].timer, on_timer, TIMER_PINNED);
	return 0;
}

void srq_run_teardown(void)
{
	unsigned long flags = srq_lock();
	bool unfinished = current_run && current_run->code == SRQ_RUNNING;

	current_run = NULL;
	srq_unlock(flags);

	if (unfinished)
		pr_notice(
			"unloaded: the letters not yet pressed are dropped\n");
	for (unsigned int i = 0; i < slot_count; i++)
		timer_delete_sync(&slots[i].timer);
	kfree(slots);
}
