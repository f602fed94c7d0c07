// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/output/nagios.h"
#include "client/output/tell.h"
#include "client/output/text.h"

/* The same order as the exit statuses of `send_sysrq status` */
static const char *state_of(const struct report_host *host)
{
	if (host->of_here)
		return "UNKNOWN";
	if (host->state != REPORT_ALIVE)
		return "CRITICAL";
	return host->armed ? "OK" : "WARNING";
}

/* What comes after a bar is performance data, so no text may have one. */
static void put(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(*text == '|' ? '?' : *text, out);
}

static void put_letters(FILE *out, const struct report_host *host)
{
	char missing[SYSRQ_WORDS_MAX];

	report_missing_text(missing, host);
	fprintf(out, ": does not permit %s",
		missing[0] ? missing : "any letter");
}

static void put_summary(FILE *out, const struct sysrq_status *status)
{
	char release[sizeof(status->release)];
	char up[TEXT_MAX], memory[TEXT_MAX], free_memory[TEXT_MAX];

	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(memory, status->memory);
	text_of_size(free_memory, status->memory_free);
	fputs(", Linux ", out);
	put(out, release);
	fprintf(out, ", up %s, load %u.%02u, %s of %s free", up,
		status->load[0] / 100, status->load[0] % 100, free_memory,
		memory);
}

static void put_performance(FILE *out, const struct sysrq_status *status)
{
	fprintf(out, " | uptime=%.0fs", (double)status->boot_time / 1e9);
	for (int i = 0; i < 3; i++)
		fprintf(out, " load%d=%u.%02u;;;0",
			(const int[]){ 1, 5, 15 }[i], status->load[i] / 100,
			status->load[i] % 100);
	fprintf(out, " memory_free=%.0fB;;;0;%.0f clock_ahead=%.3fs",
		(double)status->memory_free, (double)status->memory,
		(double)status->clock_ahead / 1e9);
}

void nagios_report(FILE *out, const struct report_host *host)
{
	char name[REPORT_NAME_MAX + 1], text[REPORT_ERROR_MAX];

	text_printable(name, sizeof(name), host->name);
	fprintf(out, "SYSRQ %s - ", state_of(host));
	put(out, name);
	fprintf(out, " %s %s", host->state == REPORT_PANICKED ? "has" : "is",
		report_word(host));
	if (host->state != REPORT_ALIVE) {
		report_error_text(text, host);
		fputs(": ", out);
		put(out, text);
	} else if (!host->armed) {
		put_letters(out, host);
	}
	if (report_answers(host)) {
		put_summary(out, host->status);
		put_performance(out, host->status);
	}
	fputc('\n', out);
}

/* --- Messages --- */

static char *told; /* a line each */
static size_t told_size;
static FILE *messages; /* writes it; NULL: no memory, so they go to stderr */

void nagios_begin(void)
{
	messages = open_memstream(&told, &told_size);
	tell_into(messages);
}

static char *last_line(char *text)
{
	char *last = text;

	for (char *c = text; *c; c++) {
		if (c > text && c[-1] == '\n')
			last = c;
	}
	return last;
}

void nagios_end(FILE *out, bool reported)
{
	char *last;

	if (!messages)
		return;
	tell_into(NULL);
	if (!fclose(messages)) {
		last = last_line(told);
		if (!reported) {
			fputs("SYSRQ UNKNOWN - ", out);
			put(out, last);
			*last = '\0';
		}
		put(out, told);
	}
	free(told);
}
