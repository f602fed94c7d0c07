// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/output/logtext.h"
#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "client/press/many.h"

enum { NAME_MAX_WIDTH = 40, WORDS_LEAST = 20 };

/* Bytes of text of all hosts. Malicious hosts must not fill our memory. */
static const size_t kept_most = 8 << 20;

static const uint64_t redraw_every = SYSRQ_SECOND / 10;

/* What the kernel of a host printed. It is shown after the line of the host. */
struct many_host {
	struct logtext logtext;
	char prefix[260]; /* before each line */
	char *text;       /* len bytes, written by stream */
	size_t len;
	FILE *stream;
};

void many_begin(struct many *many, const struct targets *targets,
		FILE *progress)
{
	*many = (struct many){
		.hosts = targets->count,
		.began = sysrq_now(),
		.progress = { .out = progress },
	};
	for (size_t i = 0; i < targets->count; i++) {
		int len = (int)strlen(targets->list[i].name);

		if (len > NAME_MAX_WIDTH)
			len = NAME_MAX_WIDTH;
		if (len > many->name_width)
			many->name_width = len;
	}
}

/* --- The line of a host --- */

static void put_back(FILE *out, const struct run *run)
{
	if (run->back.state == BACK_REBOOTED)
		fprintf(out, "back, was away for %.1f s",
			(double)run->back.times.away / 1e9);
	else if (run->back.state == BACK_NEVER_DOWN)
		fprintf(out, "never went down");
	else if (run->back.state == BACK_PANICKED)
		fprintf(out, "panicked, %s",
			run->back.reboots_in ? "not rebooted yet"
					     : "does not reboot by itself");
	else
		fprintf(out, "not back yet");
}

static void put_same(FILE *out, const struct target *target)
{
	char name[61];

	text_printable(name, sizeof(name), target->name);
	fprintf(out, "the same host as %s", name);
}

static void put_words(FILE *out, const struct run *run)
{
	const struct sysrq_outcome *o = &run->pressed;

	if (run->target->problem)
		fprintf(out, "not asked: %s", run->target->problem);
	else if (run->target->same)
		put_same(out, run->target->same);
	else if (run->back.host)
		put_back(out, run);
	else if (run->status == EXIT_NOT_PERMITTED &&
		 o->end == SYSRQ_END_ANSWERED)
		fprintf(out, "this operator may not read its log");
	else if (run->status == EXIT_REFUSED && o->end == SYSRQ_END_ANSWERED)
		fprintf(out, "has not panicked, nothing was pressed");
	else if (o->end == SYSRQ_END_ANSWERED && !run->sent &&
		 !run->interrupted)
		fprintf(out, "its log is not saved, nothing was pressed");
	else if (o->end <= SYSRQ_END_ANSWERED)
		fprintf(out, "%s, nothing was sent",
			run->interrupted ? "interrupted" : "failed");
	else if (run->diagnosis.name[0] && run->status == EXIT_ALL_DONE)
		fprintf(out, "%s%s", run->diagnosis.name,
			run->plan->steps.last_words ? ", reboots" : "");
	else if (o->end == SYSRQ_END_CARRIED_OUT &&
		 run->status >= EXIT_END_NOT_SEEN)
		fprintf(out, "carried out, but its log is not saved");
	else
		sentence_short(out, o);
}

void many_words(char out[MANY_WORDS_MAX], const struct run *run)
{
	FILE *stream = fmemopen(out, MANY_WORDS_MAX, "w");

	if (!stream) { /* out of memory */
		snprintf(out, MANY_WORDS_MAX, "exit status %d",
			 (int)run->status);
		return;
	}
	put_words(stream, run);
	fclose(stream);
}

static void print_row(const struct many *many, const struct run *run)
{
	static const char format[] = "%-*s %7.1f s  %s%.*s%s\n";
	bool good = run->status == EXIT_ALL_DONE;
	bool colour = terminal_colour(stdout);
	unsigned int width = terminal_width(stdout);
	int left = (int)width - many->name_width - 12;
	char text[MANY_WORDS_MAX], name[sizeof(run->name)];

	many_words(text, run);
	memcpy(name, run->name, sizeof(name));
	if (width)
		text_fit(name, (size_t)many->name_width);
	printf(format, many->name_width, name, (double)run->took / 1e9,
	       !colour ? ""
	       : good  ? TERMINAL_GREEN
		       : TERMINAL_RED,
	       width && left >= WORDS_LEAST ? left : MANY_WORDS_MAX, text,
	       colour ? TERMINAL_RESET : "");
}

/* --- The functions of the listener --- */

static void many_cut(struct many *many)
{
	if (many->cut)
		return;
	many->cut = true;
	progress_erase(&many->progress);
	tell("the hosts print too much: a part of their output is left out");
}

/* NULL: out of memory. */
static struct many_host *new_host(const struct run *run)
{
	struct many_host *host = calloc(1, sizeof(*host));

	if (!host)
		return NULL;
	host->stream = open_memstream(&host->text, &host->len);
	if (!host->stream) {
		free(host);
		return NULL;
	}
	snprintf(host->prefix, sizeof(host->prefix), "%s: ", run->name);
	logtext_begin(&host->logtext, host->stream);
	host->logtext.width = terminal_width(stdout);
	host->logtext.colour = terminal_colour(stdout);
	host->logtext.prefix = host->prefix;
	return host;
}

static void on_text(void *data, struct run *run, const char *text, size_t len)
{
	struct many_host *host = run->own;
	struct many *many = data;

	if (many->kept > kept_most) {
		many_cut(many);
		return;
	}
	if (!host)
		host = run->own = new_host(run);
	if (!host)
		return;
	many->kept -= host->len;
	logtext_print(&host->logtext, text, len);
	fflush(host->stream); /* this sets len */
	many->kept += host->len;
}

static void print_text(struct many *many, struct many_host *host)
{
	if (!host)
		return;
	fclose(host->stream);
	fwrite(host->text, 1, host->len, stdout);
	free(host->text);
	many->kept -= host->len;
	free(host);
}

void many_count(struct many *many, const struct run *run)
{
	progress_erase(&many->progress);
	many->redraw = 0;
	if (run->target->same) { /* the other run is counted */
		many->hosts--;
		return;
	}
	many->over++;
	many->failed += run->status != EXIT_ALL_DONE;
}

static void on_end(void *data, struct run *run)
{
	struct many *many = data;

	if (run->state != RUN_OVER)
		return;
	many_count(many, run);
	print_row(many, run);
	print_text(many, run->own);
	run->own = NULL;
	written_flush();
}

const struct run_listener many_listener = { .text = on_text, .end = on_end };

uint64_t many_tick(struct many *many, uint64_t now)
{
	if (now < many->redraw)
		return many->redraw;
	many->redraw = now + redraw_every;
	if (!terminal_width(many->progress.out))
		return UINT64_MAX;
	progress_draw(&many->progress, (unsigned int)many->over,
		      (unsigned int)many->hosts,
		      (unsigned int)(many->hosts - many->over),
		      now - many->began);
	return many->redraw;
}

void many_end(struct many *many)
{
	progress_erase(&many->progress);
	written_flush();
	if (many->hosts < 2)
		return;
	fprintf(stderr, "%zu hosts: %zu carried out", many->hosts,
		many->hosts - many->failed);
	if (many->failed)
		fprintf(stderr, ", %zu not", many->failed);
	fputc('\n', stderr);
}
