// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "client/output/report.h"
#include "client/output/terminal.h"
#include "client/output/text.h"

static const char *const states[REPORT_STATES] = {
	[REPORT_ALIVE] = "alive",
	[REPORT_PANICKED] = "panicked",
	[REPORT_SILENT] = "silent",
	[REPORT_CLOSED] = "closed",
	[REPORT_UNREACHABLE] = "unreachable",
	[REPORT_UNKNOWN] = "unknown",
};

const char *report_state_text(enum report_state state)
{
	return states[state];
}

const char *report_word(const struct report_host *host)
{
	if (host->state == REPORT_ALIVE && !host->armed)
		return "not armed";
	return states[host->state];
}

void report_put_word(FILE *out, const struct report_host *host, int field,
		     bool colour)
{
	const char *word = report_word(host);
	int blanks = field - (int)strlen(word);

	if (colour)
		fputs(host->state != REPORT_ALIVE ? TERMINAL_RED
		      : host->armed               ? TERMINAL_GREEN
						  : TERMINAL_YELLOW,
		      out);
	fputs(word, out);
	if (colour)
		fputs(TERMINAL_RESET, out);
	if (blanks > 0)
		fprintf(out, "%*s", blanks, "");
}

/* How a panic ends if nobody presses a letter */
static void put_reboot(char out[REPORT_ERROR_MAX],
		       const struct sysrq_status *status)
{
	char time[TEXT_MAX];

	text_of_duration(time, status->reboots_in);
	snprintf(out, REPORT_ERROR_MAX, "%s%s",
		 status->reboots_in ? "reboots by itself in "
				    : "does not reboot by itself",
		 status->reboots_in ? time : "");
}

void report_error_text(char out[REPORT_ERROR_MAX],
		       const struct report_host *host)
{
	static const char *const errors[REPORT_STATES] = {
		[REPORT_CLOSED] =
			"port closed, or wrong password, key or realm",
		[REPORT_UNREACHABLE] = "cannot be reached",
		[REPORT_UNKNOWN] = "its name has no address",
	};
	char timeout[TEXT_MAX];

	if (host->state == REPORT_PANICKED) {
		put_reboot(out, host->status);
	} else if (host->error) {
		snprintf(out, REPORT_ERROR_MAX, "%s", host->error);
	} else if (host->state == REPORT_SILENT) {
		text_of_duration(timeout, host->timeout);
		snprintf(out, REPORT_ERROR_MAX, "no answer within %s", timeout);
	} else {
		snprintf(out, REPORT_ERROR_MAX, "%s", errors[host->state]);
	}
}

void report_missing_text(char out[SYSRQ_WORDS_MAX],
			 const struct report_host *host)
{
	sysrq_letters_to_words(host->needed & ~host->status->letters, out);
}

void report_set(struct report_host *report, struct sysrq_host *host,
		uint64_t needed)
{
	const struct sysrq_outcome *o = sysrq_host_outcome(host);
	const struct sysrq_status *status = sysrq_host_status(host);

	switch (o->end) {
	case SYSRQ_END_ANSWERED:
		report->state =
			status->panicked ? REPORT_PANICKED : REPORT_ALIVE;
		report->status = status;
		report->needed = needed;
		report->armed = needed ? (status->letters & needed) == needed
				       : status->letters != 0;
		break;
	case SYSRQ_END_CLOSED:
		report->state = REPORT_CLOSED;
		break;
	case SYSRQ_END_UNREACHABLE:
		report->state = REPORT_UNREACHABLE;
		report->error = strerror(o->error);
		break;
	default:
		report->state = REPORT_SILENT;
		break;
	}
}

/* --- One host --- */

static void put_clock(FILE *out, int64_t ahead)
{
	char text[DIFFERENCE_MAX] = "within 1 ms of";

	if (text_magnitude(ahead) >= SYSRQ_MILLISECOND)
		text_of_difference(text, ahead);
	fprintf(out, "  clock    %s this machine's\n", text);
}

static void put_panic(FILE *out, const struct report_host *host)
{
	char text[REPORT_ERROR_MAX];

	if (host->state == REPORT_PANICKED)
		report_error_text(text, host);
	else
		snprintf(text, sizeof(text), "%s",
			 host->status->hears_after_panic
				 ? "would go on listening after it"
				 : "would hear nothing after it");
	fprintf(out, "  panic    %s\n", text);
}

static void put_status(FILE *out, const struct report_host *host)
{
	const struct sysrq_status *status = host->status;
	char node[sizeof(status->node)], release[sizeof(status->release)];
	char up[TEXT_MAX], memory[TEXT_MAX], free_memory[TEXT_MAX];
	char letters[SYSRQ_WORDS_MAX];

	text_printable(node, sizeof(node), status->node);
	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(memory, status->memory);
	text_of_size(free_memory, status->memory_free);
	sysrq_letters_to_words(status->letters, letters);
	fprintf(out, "  node     %s\n", node);
	fprintf(out, "  kernel   Linux %s on %u CPU%s\n", release, status->cpus,
		status->cpus == 1 ? "" : "s");
	fprintf(out, "  up       %s\n", up);
	fprintf(out, "  load    ");
	for (int i = 0; i < 3; i++)
		fprintf(out, " %u.%02u", status->load[i] / 100,
			status->load[i] % 100);
	fprintf(out, "\n  memory   %s of %s free\n", free_memory, memory);
	put_clock(out, status->clock_ahead);
	fprintf(out, "  letters  %s\n", letters[0] ? letters : "none");
	report_missing_text(letters, host);
	if (letters[0])
		fprintf(out, "  missing  %s\n", letters);
	fprintf(out, "  log      may %sbe read\n",
		status->may_read_log ? "" : "not ");
	put_panic(out, host);
}

void report_block(FILE *out, const struct report_host *host, bool colour)
{
	bool answers = report_answers(host);
	char name[REPORT_NAME_MAX + 1], text[REPORT_ERROR_MAX];

	text_printable(name, sizeof(name), host->name);
	fputs(name, out);
	if (answers) {
		text_printable(text, sizeof(text), host->place);
		fprintf(out, " (%s)", text);
	}
	fputs(host->state == REPORT_PANICKED ? " has " : " is ", out);
	report_put_word(out, host, 0, colour);
	if (answers) {
		fputc('\n', out);
		put_status(out, host);
	} else {
		report_error_text(text, host);
		fprintf(out, ": %s\n", text);
	}
}
