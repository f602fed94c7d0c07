// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "client/output/json.h"
#include "client/output/sentence.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "client/press/json.h"

static json_t *steps_of(const struct sysrq_outcome *o)
{
	json_t *steps = json_array();

	for (unsigned int i = 0; i < o->count; i++) {
		char letter[] = { o->steps[i].step.letter, '\0' };
		json_t *step =
			json_pack("{s:s, s:s, s:s}", "letter", letter, "name",
				  sysrq_letter_name(letter[0]), "fate",
				  sentence_fate(o->steps[i].fate));

		if (o->steps[i].took)
			json_object_set_new(
				step, "seconds",
				json_real((double)o->steps[i].took / 1e9));
		json_array_append_new(steps, step);
	}
	return steps;
}

/*
 * The sentence of run_sentence(), or if it is empty, though something went wrong, the words.
 * null: nothing went wrong. NULL: out of memory.
 */
static json_t *message_of(const struct run *run, const char *words)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *message;

	if (!out)
		return NULL;
	run_sentence(out, run);
	if (!ftell(out) && run->status)
		fprintf(out, "%s: %s", run->name, words);
	fclose(out);
	message = size ? json_text(text) : json_null();
	free(text);
	return message;
}

static void put_times(json_t *object, const struct back_times *t)
{
	const struct {
		const char *name;
		uint64_t ns;
	} times[] = {
		{ "away_seconds", t->away },
		{ "panicked_seconds", t->panicked },
		{ "silent_seconds", t->silent },
		{ "up_seconds", t->up },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		json_object_set_new(object, times[i].name,
				    json_real((double)times[i].ns / 1e9));
}

/* False: out of memory, or the line cannot be written. */
static bool print_object(const struct run *run)
{
	struct sysrq_host *host = run->target->host;
	char words[MANY_WORDS_MAX], place[PLACE_MAX];
	json_t *object;
	int err;

	many_words(words, run);
	object = json_pack("{s:o, s:o, s:i}", "host",
			   json_text(run->target->name), "result",
			   json_text(words), "exit", (int)run->status);
	if (host && sysrq_host_address(host)) {
		text_of_place(place, sysrq_host_address(host));
		json_object_set_new(object, "address", json_string(place));
	}
	json_object_set_new(object, "steps", steps_of(&run->pressed));
	if (run->back.state == BACK_REBOOTED)
		put_times(object, &run->back.times);
	json_object_set_new(object, "message", message_of(run, words));
	/* With NULL for what there was no memory for, it fails. */
	err = json_dumpf(object, stdout,
			 JSON_COMPACT | JSON_PRESERVE_ORDER |
				 JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(object);
	return !err;
}

static void on_end(void *data, struct run *run)
{
	struct many *many = data;

	if (run->state != RUN_OVER)
		return;
	many_count(many, run);
	many->unwritten |= !print_object(run);
	written_flush();
}

const struct run_listener json_listener = { .end = on_end };
