// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/press/diagnosis.h"
#include "client/press/run.h"
#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

static const struct sysrq_outcome *outcome(struct run *run)
{
	/* Of a host that is waited for, the last question is another. */
	if (run->pressed.end == SYSRQ_END_NONE)
		run->pressed = *sysrq_host_outcome(run->target->host);
	return &run->pressed;
}

static struct about about(struct run *run, FILE *out)
{
	return (struct about){
		.out = out,
		.pressing = true,
		.name = run->show.name,
		.port = run->target->settings.port,
		.timeout = run->plan->timeout,
		.outcome = outcome(run),
	};
}

static void over(struct run *run, enum exit_status status, uint64_t now)
{
	if (run->file && fclose(run->file)) {
		diagnosis_failed(run->file_name);
		status = EXIT_MACHINE;
	}
	run->file = NULL;
	run->state = RUN_OVER;
	run->status = status;
	run->took = now - run->began;
	if (run->plan->alone)
		show_close_line(&run->show);
}

static void press(struct run *run, uint64_t now)
{
	const struct steps *steps = &run->plan->steps;

	run->state = RUN_PRESSING;
	run->pressed.end = SYSRQ_END_NONE; /* a diagnosis has asked before */
	if (sysrq_host_press(run->target->host, steps->list, steps->count,
			     run->plan->way))
		over(run, EXIT_MACHINE, now);
}

/* Does that step or one behind it print anything? */
static bool prints_from(const struct run *run, unsigned int step)
{
	const struct steps *steps = &run->plan->steps;

	while (step < steps->count &&
	       !sysrq_letter_prints(steps->list[step].letter))
		step++;
	return step < steps->count;
}

void run_begin(struct run *run, const struct plan *plan, struct target *target,
	       uint64_t now)
{
	memset(run, 0, sizeof(*run));
	run->plan = plan;
	run->target = target;
	run->began = now;
	show_begin(&run->show, target->host, target->name);
	logtext_begin(&run->logtext, stdout);
	run->logtext.width = terminal_width(stdout);
	run->logtext.colour = terminal_colour(stdout);
	if (!plan->alone) {
		snprintf(run->prefix, sizeof(run->prefix),
			 "%s: ", run->show.name);
		run->logtext.prefix = run->prefix;
		/* It waits until the host's line has been printed. */
		if (!plan->quiet && !plan->steps.diagnose &&
		    prints_from(run, 0))
			run->stream =
				open_memstream(&run->text, &run->text_len);
		if (run->stream)
			run->logtext.out = run->stream;
	}
	run->output.host = target->host;
	if (!target->host) {
		over(run, EXIT_UNREACHABLE, now);
	} else if (plan->steps.diagnose) {
		run->state = RUN_ASKING;
		sysrq_host_ask(target->host);
	} else {
		press(run, now);
	}
}

static void tell_end(struct run *run, uint64_t now)
{
	char text[1024] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out)
		return;
	run_sentence(run, out, now);
	fclose(out);
	if (*text)
		tell("%s", text);
}

/* --- What the kernel printed --- */

static bool reads_output(const struct run *run)
{
	const struct sysrq_status *status =
		sysrq_host_status(run->target->host);

	return !run->plan->quiet && !run->plan->steps.diagnose && status &&
	       status->may_read_log;
}

/* Text comes in while keys are pressed, as the host may be gone after them. */
static void read_ahead(struct run *run)
{
	const struct sysrq_outcome *o = outcome(run);

	if (reads_output(run) && o->running && prints_from(run, o->current))
		output_read(&run->output, o->log_first, o->log_next);
}

static void tell_unread(struct run *run)
{
	const struct sysrq_status *status =
		sysrq_host_status(run->target->host);

	if (run->unread_told || run->plan->quiet || !status ||
	    (status->may_read_log && !run->output.failed &&
	     !run->output.incomplete))
		return;
	run->unread_told = true;
	if (status->may_read_log)
		tell("not all that %s printed could be read", run->show.name);
	else
		tell("%s does not permit this operator to read its log, where "
		     "the answer stands",
		     run->show.name);
}

/* --- The steps, each with what it printed, in their order --- */

/* False: what the step printed has not been read yet. */
static bool text_is_read(struct run *run, unsigned int step)
{
	bool last = run->ended && step + 1 == run->plan->steps.count;

	/* The last one's may come a little later than its end. */
	if (!run->reading_step)
		output_read(&run->output, outcome(run)->log_first,
			    last ? OUTPUT_ALL : run->bounds[step]);
	run->reading_step = true;
	if (!output_settled(&run->output))
		return false;
	run->reading_step = false;
	return true;
}

/* False: not yet. */
static bool tell_step(struct run *run, unsigned int step)
{
	bool prints = sysrq_letter_prints(run->plan->steps.list[step].letter);
	enum sysrq_fate fate = outcome(run)->steps[step].fate;
	bool ended = fate >= SYSRQ_FATE_DONE && fate <= SYSRQ_FATE_INCOMPLETE;
	bool read = ended && reads_output(run) && prints_from(run, step);

	if (read && !text_is_read(run, step))
		return false;
	if (run->plan->alone)
		show_step(&run->show, step);
	if (read)
		output_print_section(&run->output,
				     prints ? &run->logtext : NULL,
				     step + 1 == run->plan->steps.count);
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

/* --- A diagnosis: the log, the keys, and the log again --- */

static bool write_text(struct run *run)
{
	logtext_print(&run->logtext, run->output.text, run->output.len);
	output_drop(&run->output, run->output.len);
	return !ferror(run->file) && !fflush(run->file);
}

static void begin_diagnosis(struct run *run, uint64_t now)
{
	const struct sysrq_status *status =
		sysrq_host_status(run->target->host);

	if (!status->may_read_log) {
		tell_unread(run);
		over(run, EXIT_NOT_PERMITTED, now);
		return;
	}
	run->file = diagnosis_create(run->file_name, sizeof(run->file_name),
				     run->target->name);
	if (!run->file) {
		over(run, EXIT_MACHINE, now);
		return;
	}
	logtext_begin(&run->logtext, run->file);
	run->state = RUN_LOG_FIRST;
	output_read(&run->output, 0, status->log_next);
}

static void end_diagnosis(struct run *run, enum exit_status status,
			  uint64_t now)
{
	over(run, status, now);
	if (run->plan->alone)
		printf("  written to %s\n", run->file_name);
}

/* The text so far goes into the file, and the next thing is begun. */
static void diagnose(struct run *run, uint64_t now)
{
	bool settled = output_settled(&run->output);

	if (!write_text(run)) {
		diagnosis_failed(run->file_name);
		sysrq_host_stop_log(run->target->host);
		over(run, EXIT_MACHINE, now);
	} else if (run->output.failed) {
		tell("%s answers no more: its log is not all there",
		     run->show.name);
		end_diagnosis(run, EXIT_END_NOT_SEEN, now);
	} else if (settled && run->state == RUN_LOG_FIRST) {
		press(run, now);
	} else if (settled) {
		end_diagnosis(run, sentence_exit(outcome(run)), now);
	}
}

/* --- Its return --- */

static bool may_have_pressed(const struct sysrq_outcome *o)
{
	switch (o->end) {
	case SYSRQ_END_CARRIED_OUT:
	case SYSRQ_END_ALIVE:
	case SYSRQ_END_LOST:
	case SYSRQ_END_STALLED:
	case SYSRQ_END_RESTARTED:
	case SYSRQ_END_MAYBE:
	case SYSRQ_END_SENT:
		return true;
	default:
		return false;
	}
}

static void back_ended(struct run *run, uint64_t now)
{
	char up[TEXT_MAX], line[700];

	/* That it has rebooted is what was asked for, seen or not. */
	if (run->back.state == BACK_REBOOTED)
		over(run,
		     run->status == EXIT_NOT_ALL_COMPLETE
			     ? EXIT_NOT_ALL_COMPLETE
			     : EXIT_ALL_DONE,
		     now);
	else if (run->back.state == BACK_NEVER_DOWN)
		over(run, EXIT_NOT_ALL_COMPLETE, now);
	else
		over(run, EXIT_NOT_BACK, now);
	if (!run->plan->alone)
		return;
	if (run->back.state == BACK_REBOOTED) {
		text_of_duration(
			up, sysrq_host_status(run->target->host)->boot_time);
		snprintf(line, sizeof(line),
			 "%s is back, it was away for %.1f s and has been up "
			 "for %s",
			 run->show.name, (double)run->back.away / 1e9, up);
		tell_folded(stdout, line);
		fflush(stdout);
		return;
	}
	tell_end(run, now);
}

static void say_back(const struct run *run, FILE *out)
{
	char limit[TEXT_MAX];

	text_of_duration(limit, run->plan->until_back);
	if (run->back.state == BACK_NEVER_DOWN)
		fprintf(out,
			"%s never went down: it goes on answering, and has "
			"not booted since",
			run->show.name);
	else if (run->back.state == BACK_DOWN)
		fprintf(out,
			"%s has not come back within %s: it is still down, or "
			"does not load its module and key at boot",
			run->show.name, limit);
	else if (run->back.state != BACK_REBOOTED)
		fprintf(out, "interrupted: %s was not back yet",
			run->show.name);
}

/* --- All together --- */

static void pressing_ended(struct run *run, uint64_t now)
{
	const struct sysrq_outcome *o = outcome(run);

	run->status = sentence_exit(o);
	if (run->plan->alone) {
		show_close_line(&run->show);
		fflush(stdout);
		tell_end(run, now);
	}
	if (run->plan->until_back && may_have_pressed(o)) {
		run->state = RUN_BACK;
		/* Without any result it was there at the most as we began. */
		back_begin(&run->back, run->target->host,
			   o->heard ? o->heard : run->began,
			   run->plan->until_back, now);
	} else if (run->file && o->end == SYSRQ_END_CARRIED_OUT) {
		run->state = RUN_LOG_LAST;
		output_read(&run->output, o->log_first, OUTPUT_ALL);
	} else if (run->file) {
		end_diagnosis(run, run->status, now);
	} else {
		over(run, run->status, now);
	}
}

static void asked(struct run *run, uint64_t now)
{
	if (outcome(run)->end == SYSRQ_END_ANSWERED) {
		begin_diagnosis(run, now);
		return;
	}
	over(run, sentence_exit(outcome(run)), now);
	if (run->plan->alone)
		tell_end(run, now);
}

static void on_status(struct run *run)
{
	/* A diagnosis has asked before. */
	if (run->plan->alone && !run->file_name[0] && run->state != RUN_BACK)
		show_status(&run->show);
}

void run_event(struct run *run, const struct sysrq_event *event, uint64_t now)
{
	struct about one_way = about(run, NULL);

	switch (event->type) {
	case SYSRQ_EVENT_STATUS:
		on_status(run);
		break;
	case SYSRQ_EVENT_ONE_WAY:
		if (!run->plan->alone)
			break;
		sentence_tell_one_way(&one_way);
		break;
	case SYSRQ_EVENT_RESULT:
		break;
	case SYSRQ_EVENT_STEP:
		run->bounds[event->step] = outcome(run)->log_next;
		run->ended_steps = event->step + 1;
		break;
	case SYSRQ_EVENT_TEXT:
	case SYSRQ_EVENT_LOG_END:
		output_event(&run->output, event);
		break;
	case SYSRQ_EVENT_END:
		if (run->state == RUN_BACK)
			back_event(&run->back, now);
		else if (run->state == RUN_ASKING)
			asked(run, now);
		else
			run->ended = true;
		break;
	}
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t tick_pressing(struct run *run, uint64_t now)
{
	tell_steps(run);
	if (run->ended && run->told_steps == run->ended_steps) {
		pressing_ended(run, now);
		return now; /* look at the next state at once */
	}
	read_ahead(run);
	return run->plan->alone ? show_running(&run->show, now) : UINT64_MAX;
}

static uint64_t tick_back(struct run *run, uint64_t now)
{
	uint64_t next = back_tick(&run->back, now);

	if (back_over(&run->back)) {
		back_ended(run, now);
		return UINT64_MAX;
	}
	if (!run->plan->alone)
		return next;
	return earlier(next, show_waiting(&run->show, run->back.began, now));
}

uint64_t run_tick(struct run *run, uint64_t now)
{
	switch (run->state) {
	case RUN_LOG_FIRST:
	case RUN_LOG_LAST:
		diagnose(run, now);
		break;
	case RUN_PRESSING:
		return tick_pressing(run, now);
	case RUN_BACK:
		return tick_back(run, now);
	case RUN_ASKING:
	case RUN_OVER:
		break;
	}
	return UINT64_MAX;
}

bool run_interrupt(struct run *run, uint64_t now)
{
	run->interrupted = true;
	switch (run->state) {
	case RUN_ASKING:
	case RUN_LOG_FIRST:
		over(run, EXIT_NO_ANSWER, now);
		if (run->file_name[0])
			tell("interrupted: a part of the log is in %s",
			     run->file_name);
		return false;
	case RUN_PRESSING:
		if (run->ended) { /* only its text is not all there */
			sysrq_host_stop_log(run->target->host);
			run->output.failed = true;
			return true;
		}
		sysrq_host_stop(run->target->host);
		return outcome(run)->end != SYSRQ_END_CANCELLED;
	case RUN_LOG_LAST:
		over(run, EXIT_END_NOT_SEEN, now);
		return true;
	case RUN_BACK:
		over(run, EXIT_NOT_BACK, now);
		if (run->plan->alone)
			tell_end(run, now);
		return true;
	case RUN_OVER:
		return true;
	}
	return true;
}

void run_sentence(struct run *run, FILE *out, uint64_t now)
{
	struct about end;

	if (run->target->problem) {
		fprintf(out, "remote host '%s' has no address: %s",
			run->target->name, run->target->problem);
	} else if (run->back.host) {
		say_back(run, out);
	} else {
		end = about(run, out);
		sentence_end(&end, now);
	}
}

void run_print_output(struct run *run)
{
	if (run->text_len)
		fwrite(run->text, 1, run->text_len, stdout);
}

void run_free(struct run *run)
{
	if (run->stream)
		fclose(run->stream);
	free(run->text);
	output_free(&run->output);
}
