// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "client/press/one.h"

enum { NAME_WIDTH = 20, COLUMNS_MIN = 60, TIMED_WIDTH = 28 };

static const uint64_t redraw_every = SYSRQ_SECOND / 2;

void one_begin(struct one *one, const struct plan *plan)
{
	*one = (struct one){
		.terminal = isatty(STDOUT_FILENO),
		.name_width = NAME_WIDTH,
	};
	logtext_begin(&one->logtext, stdout);
	one->logtext.width = terminal_width(stdout);
	one->logtext.colour = terminal_colour(stdout);
	for (unsigned int i = 0; i < plan->steps.count; i++) {
		char letter = plan->steps.list[i].letter;
		int len = (int)strlen(sysrq_letter_name(letter));

		if (len + 1 > one->name_width)
			one->name_width = len + 1;
	}
}

/* --- The line of the running step --- */

/* True: the line would wrap, so it could not be erased. */
static bool narrow(void)
{
	struct winsize size;

	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col &&
	       size.ws_col < COLUMNS_MIN;
}

/* Erase this line. Call it before any other output. */
static void close_line(struct one *one)
{
	/* Print blanks, because not every terminal can erase a line. */
	if (one->line_open)
		printf("\r%*s\r", one->name_width + TIMED_WIDTH, "");
	one->line_open = false;
	one->redraw = 0;
}

static void print_step(const struct one *one, char letter, enum sysrq_fate fate,
		       bool timed, uint64_t took)
{
	printf("  %c  %-*s", letter, one->name_width,
	       sysrq_letter_name(letter));
	if (timed)
		printf("%-12s %.1f s", sentence_fate(fate), (double)took / 1e9);
	else
		printf("%s", sentence_fate(fate));
}

uint64_t one_tick(struct one *one, const struct run *run, uint64_t now)
{
	const struct sysrq_outcome *o = &run->pressed;
	bool back = run->state == RUN_BACK;

	written_flush();
	if (!one->terminal ||
	    !(back || (run->state == RUN_PRESSING && o->running)))
		return UINT64_MAX;
	if (now < one->redraw)
		return one->redraw;
	one->redraw = now + redraw_every;
	if (narrow())
		return one->redraw;
	printf("\r");
	if (back)
		printf("  %-*s %.1f s", one->name_width + 15, "waiting for it",
		       (double)(now - run->back.began) / 1e9);
	else
		print_step(one, o->steps[o->current].step.letter,
			   SYSRQ_FATE_RUNNING, true, now - o->running_since);
	written_flush();
	one->line_open = true;
	return one->redraw;
}

/* --- The functions of the listener --- */

static void print_line(const char *line)
{
	tell_folded(stdout, line);
	written_flush();
}

/*
 * True: the host calls itself otherwise than the user does. The first label of
 * the user's name may be all of the host's.
 */
static bool other_name(const char *given, const char *node)
{
	size_t label = strcspn(given, ".");

	return *node && strcasecmp(given, node) &&
	       (strlen(node) != label || strncasecmp(given, node, label));
}

/*
 * Print the status. A malicious host may report any name, so only this line has
 * it.
 */
static void on_status(void *data, struct run *run)
{
	const struct sysrq_status *status =
		sysrq_host_status(run->target->host);
	const struct about about = run_about(run);
	char release[sizeof(status->release)], place[PLACE_MAX];
	char node[sizeof(status->node)];
	char up[TEXT_MAX], free_memory[TEXT_MAX], memory[TEXT_MAX], line[700];
	char reboots[TEXT_MAX];
	bool other;

	close_line(data);
	if (run->one_way) {
		sentence_tell_one_way(&about);
		return;
	}
	text_printable(node, sizeof(node), status->node);
	other = other_name(run->name, node);
	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(free_memory, status->memory_free);
	text_of_size(memory, status->memory);
	text_of_place(place, sysrq_host_address(run->target->host));
	text_of_duration(reboots, status->reboots_in);
	snprintf(
		line, sizeof(line),
		"%s (%s)%s%s%s%s%s: Linux %s, up %s, load %u.%u, %s of %s free",
		run->name, place, other ? ", calls itself " : "",
		other ? node : "",
		!status->panicked ? ""
		: other           ? ", has panicked"
				  : " has panicked",
		status->reboots_in ? ", reboots by itself in " : "",
		status->reboots_in ? reboots : "", release, up,
		status->load[0] / 100, status->load[0] % 100 / 10, free_memory,
		memory);
	print_line(line);
}

static void on_step(void *data, struct run *run, unsigned int step)
{
	const struct sysrq_outcome *o = &run->pressed;
	enum sysrq_fate fate = o->steps[step].fate;
	bool timed = fate >= SYSRQ_FATE_DONE && fate <= SYSRQ_FATE_INCOMPLETE;

	close_line(data);
	print_step(data, o->steps[step].step.letter, fate, timed,
		   o->steps[step].took);
	printf("\n");
	written_flush();
}

static void on_text(void *data, struct run *run, const char *text, size_t len)
{
	struct one *one = data;

	(void)run;
	logtext_print(&one->logtext, text, len); /* one_tick() flushes it */
}

static void print_back(const struct run *run)
{
	char line[700] = "";
	FILE *out = fmemopen(line, sizeof(line), "w");

	if (!out)
		return;
	back_say_times(out, &run->back, run->name);
	fclose(out);
	print_line(line);
}

static void on_end(void *data, struct run *run)
{
	close_line(data);
	written_flush();
	if (run->back.state == BACK_REBOOTED)
		print_back(run);
	if (run->back.state != BACK_REBOOTED || !back_after_all(&run->pressed))
		run_tell_sentence(run);
}

static void on_saved(void *data, struct run *run)
{
	close_line(data);
	printf("  written to %s\n", run->diagnosis.name);
	written_flush();
}

const struct run_listener one_listener = {
	.status = on_status,
	.step = on_step,
	.text = on_text,
	.saved = on_saved,
	.end = on_end,
};
