// SPDX-License-Identifier: GPL-2.0
#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/press/history.h"
#include "client/press/run.h"

/* True: the kernel prints for this step, or for a later step. */
static bool plan_prints_from(const struct plan *plan, unsigned int step)
{
	const struct steps *steps = &plan->steps;

	while (step < steps->count &&
	       !sysrq_letter_prints(steps->list[step].letter))
		step++;
	return step < steps->count;
}

static const struct sysrq_status *status_of(const struct run *run)
{
	return sysrq_host_status(run->target->host);
}

static const struct sysrq_outcome *outcome(struct run *run)
{
	/* Later questions to the host must not replace the end. */
	if (run->pressed.end == SYSRQ_END_NONE)
		run->pressed = *sysrq_host_outcome(run->target->host);
	return &run->pressed;
}

/* The file of the log has its last text. */
static void tell_saved(struct run *run)
{
	if (run->diagnosis.written && run->listener->saved)
		run->listener->saved(run->data, run);
	run->diagnosis.written = false;
}

static void over(struct run *run, enum exit_status status, uint64_t now)
{
	outcome(run);
	run->state = RUN_OVER;
	run->status = diagnosis_close(&run->diagnosis) ? status : EXIT_MACHINE;
	run->took = now - run->began;
	run->listener->end(run->data, run);
	tell_saved(run);
	history_note(run);
}

static void press(struct run *run, uint64_t now)
{
	const struct steps *steps = &run->plan->steps;

	run->state = RUN_PRESSING;
	run->sent = now;
	run->pressed.end = SYSRQ_END_NONE; /* forget a diagnosis' question */
	sysrq_host_set_one_way_for(run->target->host, run->plan->one_way_for);
	if (sysrq_host_press(run->target->host, steps->list, steps->count,
			     run->plan->way))
		over(run, EXIT_MACHINE, now);
}

void run_begin(struct run *run, const struct plan *plan, struct target *target,
	       const struct run_listener *listener, void *data, uint64_t now)
{
	*run = (struct run){
		.plan = plan,
		.target = target,
		.listener = listener,
		.data = data,
		.began = now,
		.printed = { .host = target->host },
	};
	text_printable(run->name, sizeof(run->name), target->name);
}

void run_found(struct run *run, uint64_t now)
{
	if (run->state != RUN_FINDING) /* it was interrupted */
		return;
	if (run->target->problem) {
		over(run, EXIT_UNREACHABLE, now);
	} else if (run->plan->steps.saves_log) {
		run->state = RUN_ASKING;
		if (sysrq_host_ask(run->target->host))
			over(run, EXIT_MACHINE, now);
	} else {
		press(run, now);
	}
}

void run_skip(struct run *run, enum exit_status status, uint64_t now)
{
	if (run->state == RUN_FINDING)
		over(run, status, now);
}

/* --- What the kernel printed --- */

static bool reads_printed(const struct run *run)
{
	const struct sysrq_status *status = status_of(run);

	return !run->plan->quiet && !run->plan->steps.saves_log && status &&
	       status->may_read_log;
}

/* Read while letters are pressed, because the host may be gone after them. */
static void read_ahead(struct run *run)
{
	const struct sysrq_outcome *o = outcome(run);

	if (reads_printed(run) && o->running &&
	    plan_prints_from(run->plan, o->current))
		printed_read(&run->printed, o->log_first, o->log_next);
}

static void tell_unread(struct run *run)
{
	const struct sysrq_status *status = status_of(run);

	if (run->unread_told || run->plan->quiet || !status ||
	    (status->may_read_log && !run->printed.failed &&
	     !run->printed.incomplete))
		return;
	run->unread_told = true;
	if (status->may_read_log)
		tell("a part of the output of %s could not be read", run->name);
	else
		tell("%s does not permit this operator to read its log, which "
		     "contains the output of the letters",
		     run->name);
}

static void put_text(void *data, const char *text, size_t len)
{
	struct run *run = data;

	if (run->listener->text)
		run->listener->text(run->data, run, text, len);
}

/* --- The steps in their order, each with what it printed --- */

/* False: what the step printed has not been read completely yet. */
static bool text_is_read(struct run *run, unsigned int step)
{
	bool last = run->ended && step + 1 == run->plan->steps.count;

	/* The text of the last step may come a little after its end. */
	if (!run->reading_step)
		printed_read(&run->printed, outcome(run)->log_first,
			     last ? PRINTED_ALL : run->bounds[step]);
	run->reading_step = true;
	if (!printed_settled(&run->printed))
		return false;
	run->reading_step = false;
	return true;
}

/* Pass a step on to the listener. False: it must wait for its text. */
static bool tell_step(struct run *run, unsigned int step)
{
	bool prints = sysrq_letter_prints(run->plan->steps.list[step].letter);
	enum sysrq_fate fate = outcome(run)->steps[step].fate;
	bool ended = fate >= SYSRQ_FATE_DONE && fate <= SYSRQ_FATE_INCOMPLETE;
	bool read = ended && reads_printed(run) &&
		    plan_prints_from(run->plan, step);

	if (read && !text_is_read(run, step))
		return false;
	if (run->listener->step)
		run->listener->step(run->data, run, step);
	if (read)
		printed_take_section(&run->printed,
				     step + 1 == run->plan->steps.count,
				     prints ? put_text : NULL, run);
	if (prints && ended)
		tell_unread(run);
	return true;
}

static void tell_steps(struct run *run)
{
	while (run->told_steps < run->ended_steps &&
	       tell_step(run, run->told_steps))
		run->told_steps++;
}

/*
 * --- A diagnosis: the log, the letters, and the log again ---
 * The last words: the log, and then the letters. Without the whole log nothing
 * is pressed.
 */

static void not_saved(struct run *run, enum exit_status status, uint64_t now)
{
	if (run->state <= RUN_LOG_FIRST)
		tell("nothing was pressed on %s, because its log is not saved "
		     "as a whole",
		     run->name);
	over(run, status, now);
}

static void begin_diagnosis(struct run *run, uint64_t now)
{
	const struct sysrq_status *status = status_of(run);

	if (run->plan->steps.last_words && !status->panicked) {
		tell("%s has not panicked; nothing was pressed", run->name);
		over(run, EXIT_REFUSED, now);
	} else if (!status->may_read_log) {
		tell_unread(run);
		not_saved(run, EXIT_NOT_PERMITTED, now);
	} else if (!diagnosis_create(&run->diagnosis, run->target->name)) {
		not_saved(run, EXIT_MACHINE, now);
	} else {
		run->state = RUN_LOG_FIRST;
		printed_read(&run->printed, 0, status->log_next);
	}
}

static void end_diagnosis(struct run *run, enum exit_status status,
			  uint64_t now)
{
	run->diagnosis.written = true;
	not_saved(run, status, now);
}

static void log_is_read(struct run *run, uint64_t now)
{
	if (run->plan->steps.last_words) {
		if (!diagnosis_close(&run->diagnosis)) {
			not_saved(run, EXIT_MACHINE, now);
			return;
		}
		run->diagnosis.written = true;
		tell_saved(run);
	}
	press(run, now);
}

/* Write the text that has come into the file, and go on. */
static void diagnose(struct run *run, uint64_t now)
{
	bool settled = printed_settled(&run->printed);

	if (!diagnosis_write(&run->diagnosis, run->printed.text,
			     run->printed.len)) {
		sysrq_host_stop_log(run->target->host);
		not_saved(run, EXIT_MACHINE, now);
		return;
	}
	printed_drop(&run->printed, run->printed.len);
	if (diagnosis_full(&run->diagnosis) && !settled) {
		printed_stop(&run->printed);
		tell("the log of %s is too long: %s is incomplete", run->name,
		     run->diagnosis.name);
		end_diagnosis(run, EXIT_END_NOT_SEEN, now);
	} else if (run->printed.no_room) {
		tell("this machine has too little memory for the log of %s: %s "
		     "is incomplete",
		     run->name, run->diagnosis.name);
		end_diagnosis(run, EXIT_END_NOT_SEEN, now);
	} else if (run->printed.failed) {
		tell("%s %s: %s is incomplete", run->name,
		     sentence_log(sysrq_host_log(run->target->host)),
		     run->diagnosis.name);
		end_diagnosis(run, EXIT_END_NOT_SEEN, now);
	} else if (settled && run->state == RUN_LOG_FIRST) {
		log_is_read(run, now);
	} else if (settled) {
		end_diagnosis(run, sentence_exit(outcome(run)), now);
	}
}

static void asked(struct run *run, uint64_t now)
{
	if (outcome(run)->end == SYSRQ_END_ANSWERED)
		begin_diagnosis(run, now);
	else
		over(run, sentence_exit(outcome(run)), now);
}

/* --- The end of the pressing, and the wait until the host is back --- */

static void pressing_ended(struct run *run, uint64_t now)
{
	const struct sysrq_outcome *o = outcome(run);

	run->status = sentence_exit(o);
	if (run->plan->until_back && back_may_come(o)) {
		run->state = RUN_BACK;
		run->listener->end(run->data, run);
		history_note(run); /* this machine may be the host */
		back_begin(&run->back, run->target->host, o, run->sent,
			   run->plan->until_back, now);
	} else if (run->diagnosis.file && o->end == SYSRQ_END_CARRIED_OUT) {
		run->state = RUN_LOG_LAST;
		printed_read(&run->printed, o->log_first, PRINTED_ALL);
	} else if (run->diagnosis.file) {
		end_diagnosis(run, run->status, now);
	} else {
		over(run, run->status, now);
	}
}

/* --- Events and time --- */

static void pressed(struct run *run, uint64_t now)
{
	run->ended = true;
	run->ended_at = now;
}

/* A host that prints without end must not keep us for ever. */
static uint64_t limit_reading(struct run *run, uint64_t now)
{
	return printed_limit(&run->printed, now, outcome(run)->log_next,
			     run->ended_at, run->plan->timeout);
}

void run_event(struct run *run, const struct sysrq_event *event, uint64_t now)
{
	switch (event->type) {
	case SYSRQ_EVENT_STATUS:
	case SYSRQ_EVENT_ONE_WAY:
		run->one_way = event->type == SYSRQ_EVENT_ONE_WAY;
		outcome(run);
		/* Where the log is saved, only the first one is printed. */
		if (run->listener->status && !run->diagnosis.name[0] &&
		    run->state != RUN_BACK)
			run->listener->status(run->data, run);
		break;
	case SYSRQ_EVENT_RESULT:
		break;
	case SYSRQ_EVENT_STEP:
		run->bounds[event->step] = outcome(run)->log_next;
		run->ended_steps = event->step + 1;
		break;
	case SYSRQ_EVENT_TEXT:
	case SYSRQ_EVENT_LOG_END:
		printed_event(&run->printed, event);
		break;
	case SYSRQ_EVENT_END:
		if (run->state == RUN_BACK)
			back_event(&run->back, now);
		else if (run->state == RUN_ASKING)
			asked(run, now);
		else
			pressed(run, now);
		break;
	}
}

static uint64_t tick_pressing(struct run *run, uint64_t now)
{
	outcome(run);
	tell_steps(run);
	if (run->ended && run->told_steps == run->ended_steps) {
		pressing_ended(run, now);
		return now; /* the next state may be ready */
	}
	read_ahead(run);
	return run->ended ? limit_reading(run, now) : UINT64_MAX;
}

static uint64_t tick_back(struct run *run, uint64_t now)
{
	uint64_t next = back_tick(&run->back, now);

	if (!back_over(&run->back))
		return next;
	over(run, back_exit(&run->back, &run->pressed, run->status), now);
	return UINT64_MAX;
}

uint64_t run_tick(struct run *run, uint64_t now)
{
	switch (run->state) {
	case RUN_LOG_FIRST:
	case RUN_LOG_LAST:
		diagnose(run, now);
		return run->state == RUN_LOG_LAST ? limit_reading(run, now)
						  : UINT64_MAX;
	case RUN_PRESSING:
		return tick_pressing(run, now);
	case RUN_BACK:
		return tick_back(run, now);
	default:
		break;
	}
	return UINT64_MAX;
}

static void tell_part_of_log(const struct run *run)
{
	tell("interrupted: %s contains only a part of the log",
	     run->diagnosis.name);
}

bool run_interrupt(struct run *run, uint64_t now)
{
	run->interrupted = true;
	switch (run->state) {
	case RUN_FINDING:
		if (run->target->same) /* the other run decides */
			return false;
		/* fallthrough */
	case RUN_ASKING:
		over(run, EXIT_NO_ANSWER, now);
		return false;
	case RUN_LOG_FIRST:
		tell_part_of_log(run);
		not_saved(run, EXIT_NO_ANSWER, now);
		return false;
	case RUN_PRESSING:
		if (run->ended) { /* only the text is missing */
			printed_stop(&run->printed);
			return true;
		}
		sysrq_host_stop(run->target->host);
		return outcome(run)->end != SYSRQ_END_CANCELLED;
	case RUN_LOG_LAST:
		tell_part_of_log(run);
		over(run, EXIT_END_NOT_SEEN, now);
		return true;
	case RUN_BACK:
		over(run, EXIT_NOT_BACK, now);
		return true;
	case RUN_OVER:
		return true;
	}
	return true;
}

void run_free(struct run *run)
{
	printed_free(&run->printed);
}
