// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <string.h>

#include "client/press/many.h"
#include "client/output/json.h"
#include "client/hosts/resolve.h"
#include "client/output/sentence.h"
#include "client/output/terminal.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

enum {
	NAME_MAX_WIDTH = 40,
	NAME_LONGEST = 255,
	WORDS_MAX = 128,
	WORDS_LEAST = 20
};

static const uint64_t redraw_every = SYSRQ_SECOND / 10;

void many_begin(struct many *many, const struct targets *targets, bool json,
		uint64_t now)
{
	*many = (struct many){
		.json = json,
		.hosts = targets->count,
		.began = now,
		.progress = { .out = json ? stderr : stdout },
	};
	for (size_t i = 0; i < targets->count; i++) {
		int len = (int)strlen(targets->list[i].name);

		if (len > NAME_MAX_WIDTH)
			len = NAME_MAX_WIDTH;
		if (len > many->name_width)
			many->name_width = len;
	}
}

/* How it went, in a few words: "carried out, reboots", "no answer" */
static void words(const struct run *run, char out[WORDS_MAX])
{
	FILE *stream = fmemopen(out, WORDS_MAX, "w");
	struct about about = { .out = stream };

	out[0] = '\0';
	if (!stream)
		return;
	if (run->target->problem) {
		fprintf(stream, "no address: %s", run->target->problem);
	} else if (run->back.host) {
		if (run->back.state == BACK_REBOOTED)
			fprintf(stream, "back, was away for %.1f s",
				(double)run->back.away / 1e9);
		else if (run->back.state == BACK_NEVER_DOWN)
			fprintf(stream, "never went down");
		else
			fprintf(stream, "not back yet");
	} else {
		about.outcome = &run->pressed;
		if (run->status == EXIT_NOT_PERMITTED &&
		    about.outcome->end == SYSRQ_END_ANSWERED)
			fprintf(stream, "may not read its log");
		else if (about.outcome->end <= SYSRQ_END_ANSWERED)
			fprintf(stream,
				run->interrupted
					? "interrupted, nothing was sent"
					: "failed, nothing was sent");
		else if (run->file_name[0] && run->status == EXIT_ALL_DONE)
			fprintf(stream, "%s", run->file_name);
		else
			sentence_short(&about);
	}
	fclose(stream);
}

static void print_row(const struct many *many, const struct run *run)
{
	static const char format[] = "%-*s %7.1f s  %s%.*s%s\n";
	bool good = run->status == EXIT_ALL_DONE;
	bool colour = terminal_colour(stdout);
	unsigned int width = terminal_width(stdout);
	int left = (int)width - many->name_width - 12;
	char text[WORDS_MAX], name[sizeof(run->show.name)];

	words(run, text);
	memcpy(name, run->show.name, sizeof(name));
	if (width)
		text_fit(name, (size_t)many->name_width);
	printf(format, many->name_width, name, (double)run->took / 1e9,
	       !colour ? ""
	       : good  ? TERMINAL_GREEN
		       : TERMINAL_RED,
	       width && left >= WORDS_LEAST ? left : WORDS_MAX, text,
	       colour ? TERMINAL_RESET : "");
}

static json_t *steps_of(const struct sysrq_outcome *o)
{
	json_t *steps = json_array();

	for (unsigned int i = 0; i < o->count; i++) {
		char key[] = { o->steps[i].step.letter, '\0' };
		json_t *step = json_pack("{s:s, s:s, s:s}", "key", key, "name",
					 sysrq_letter_name(key[0]), "fate",
					 show_fate(o->steps[i].fate));

		if (o->steps[i].took)
			json_object_set_new(
				step, "seconds",
				json_real((double)o->steps[i].took / 1e9));
		json_array_append_new(steps, step);
	}
	return steps;
}

static void print_object(struct run *run, uint64_t now)
{
	char text[WORDS_MAX], sentence[1024] = "", place[PLACE_MAX];
	FILE *out = fmemopen(sentence, sizeof(sentence), "w");
	struct sysrq_host *host = run->target->host;
	json_t *object;

	words(run, text);
	if (out) {
		run_sentence(run, out, now);
		fclose(out);
	}
	object = json_pack("{s:o, s:o, s:i}", "host",
			   json_text(run->target->name), "result",
			   json_text(text), "exit", (int)run->status);
	if (host && sysrq_host_address(host)) {
		text_of_place(place, sysrq_host_address(host));
		json_object_set_new(object, "address", json_string(place));
	}
	json_object_set_new(object, "steps", steps_of(&run->pressed));
	if (run->back.state == BACK_REBOOTED)
		json_object_set_new(object, "away_seconds",
				    json_real((double)run->back.away / 1e9));
	json_object_set_new(object, "message",
			    *sentence ? json_text(sentence) : json_null());
	json_dumpf(object, stdout,
		   JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII |
			   JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(object);
}

void many_over(struct many *many, struct run *run, uint64_t now)
{
	progress_erase(&many->progress);
	many->over++;
	many->failed += run->status != EXIT_ALL_DONE;
	if (many->json) {
		print_object(run, now);
	} else {
		print_row(many, run);
		run_print_output(run);
	}
	fflush(stdout);
	many->redraw = 0;
}

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
	fflush(stdout);
	if (many->hosts < 2)
		return;
	fprintf(stderr, "%zu hosts: %zu carried out", many->hosts,
		many->hosts - many->failed);
	if (many->failed)
		fprintf(stderr, ", %zu not", many->failed);
	fputc('\n', stderr);
}
