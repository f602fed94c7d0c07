// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <time.h>

#include "client/output/parts.h"
#include "client/output/text.h"

static void put_host(FILE *out, const struct about *about)
{
	fputs(about->name, out);
}

static void put_port(FILE *out, const struct about *about)
{
	fprintf(out, "%u", about->port);
}

static void put_timeout(FILE *out, const struct about *about)
{
	char text[TEXT_MAX];

	text_of_duration(text, about->timeout);
	fputs(text, out);
}

/* "b (reboot)"; "?" if there is no such step. */
static void put_named(FILE *out, const struct sysrq_outcome *o,
		      unsigned int step)
{
	char letter = step < o->count ? o->steps[step].step.letter : 0;

	if (letter)
		fprintf(out, "%c (%s)", letter, sysrq_letter_name(letter));
	else
		fputc('?', out);
}

static void put_named_letter(FILE *out, const struct about *about)
{
	put_named(out, about->outcome, about->outcome->step);
}

static void put_letter(FILE *out, const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;

	fputc(o->step < o->count ? o->steps[o->step].step.letter : '?', out);
}

/* The index of the first step with this fate; o->count: there is none. */
static unsigned int first(const struct sysrq_outcome *o, enum sysrq_fate fate)
{
	unsigned int i = 0;

	while (i < o->count && o->steps[i].fate != fate)
		i++;
	return i;
}

static void put_incomplete(FILE *out, const struct about *about)
{
	put_named(out, about->outcome,
		  first(about->outcome, SYSRQ_FATE_INCOMPLETE));
}

/* The letters: "s,u" */
static void put_pointless(FILE *out, const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	const char *comma = "";

	for (unsigned int i = 0; i < o->count; i++) {
		if (o->steps[i].fate != SYSRQ_FATE_POINTLESS)
			continue;
		fprintf(out, "%s%c", comma, o->steps[i].step.letter);
		comma = ",";
	}
}

static void put_sent(FILE *out, const struct about *about)
{
	put_named(out, about->outcome, first(about->outcome, SYSRQ_FATE_SENT));
}

static void put_last_reached(FILE *out, const struct about *about)
{
	/* The letter before the first unreached one ended the host. */
	put_named(out, about->outcome,
		  first(about->outcome, SYSRQ_FATE_NOT_REACHED) - 1);
}

static void put_effect(FILE *out, const struct about *about)
{
	static const struct {
		char letter;
		const char *effect;
	} effects[] = { { 'b', ", reboots" },
			{ 'o', ", powers off" },
			{ 'c', ", crashed" } };
	const struct sysrq_outcome *o = about->outcome;

	if (!o->count || o->steps[o->count - 1].fate == SYSRQ_FATE_POINTLESS)
		return;
	for (size_t i = 0; i < 3; i++) {
		if (effects[i].letter == o->steps[o->count - 1].step.letter)
			fputs(effects[i].effect, out);
	}
}

static void put_heard(FILE *out, const struct about *about)
{
	uint64_t ago = (sysrq_now() - about->outcome->heard) / SYSRQ_SECOND;
	time_t then = time(NULL) - (time_t)ago;
	struct tm tm;
	char at[16] = "then";

	if (localtime_r(&then, &tm))
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	fprintf(out, "%s (%llu s ago)", at, (unsigned long long)ago);
}

static void put_difference(FILE *out, const struct about *about)
{
	char text[DIFFERENCE_MAX];

	text_of_difference(text, about->outcome->clock_ahead);
	fputs(text, out);
}

/* ns since 1970 */
static void put_real_time(FILE *out, uint64_t real_time)
{
	time_t then = (time_t)(real_time / SYSRQ_SECOND);
	char says[32] = "another time";
	struct tm tm;

	if (gmtime_r(&then, &tm))
		strftime(says, sizeof(says), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fputs(says, out);
}

static void put_clock(FILE *out, const struct about *about)
{
	put_real_time(out, about->outcome->host_time);
}

static void put_void(FILE *out, const struct about *about)
{
	put_real_time(out, about->outcome->void_at);
}

static void put_busy(FILE *out, const struct about *about)
{
	char text[TEXT_MAX];

	text_of_duration(text, about->outcome->busy_for);
	fputs(text, out);
}

static void put_code(FILE *out, const struct about *about)
{
	fprintf(out, "%d", about->outcome->refusal);
}

static void put_anyway(FILE *out, const struct about *about)
{
	if (about->pressing)
		fputs("; with --one-way the command is sent anyway", out);
}

static void put_error(FILE *out, const struct about *about)
{
	fputs(strerror(about->outcome->error), out);
}

static void put_place(FILE *out, const struct about *about)
{
	char place[PLACE_MAX];

	text_of_place(place, about->outcome->error_at);
	fputs(place, out);
}

static void put_addresses(FILE *out, const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	char place[PLACE_MAX];

	for (unsigned int i = 0; i < o->address_count; i++) {
		text_of_place(place, o->addresses[i]);
		fprintf(out, "%s%s", i ? ", " : "", place);
	}
}

static const struct {
	const char *name;
	void (*put)(FILE *out, const struct about *about);
} parts[] = {
	{ "host", put_host },
	{ "port", put_port },
	{ "timeout", put_timeout },
	{ "letter", put_letter },
	{ "named letter", put_named_letter },
	{ "incomplete", put_incomplete },
	{ "pointless", put_pointless },
	{ "sent", put_sent },
	{ "last reached", put_last_reached },
	{ "effect", put_effect },
	{ "heard", put_heard },
	{ "difference", put_difference },
	{ "clock", put_clock },
	{ "void", put_void },
	{ "busy", put_busy },
	{ "code", put_code },
	{ "anyway", put_anyway },
	{ "error", put_error },
	{ "place", put_place },
	{ "addresses", put_addresses },
};

static void put_part(FILE *out, const char *name, size_t len,
		     const struct about *about)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strlen(parts[i].name) == len &&
		    !memcmp(parts[i].name, name, len))
			parts[i].put(out, about);
	}
}

void parts_put(FILE *out, const char *text, const struct about *about,
	       const char *why)
{
	while (*text) {
		size_t plain = strcspn(text, "{"), len;

		fwrite(text, 1, plain, out);
		text += plain;
		if (!*text)
			break;
		len = strcspn(++text, "}");
		if (why && !strncmp(text, "why}", 4))
			fputs(why, out);
		else
			put_part(out, text, len, about);
		text += len + 1;
	}
}
