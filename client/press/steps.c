// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "client/press/steps.h"
#include "client/press/words.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

enum { WORD_MAX = 64 };

/* A safe recipe waits for slow disks. */
enum { PATIENT_MS = SYSRQ_WAIT_MAX_MS };

/* Terminate, kill, sync, remount. The last letter of the recipe follows. */
static const struct sysrq_step safe[] = {
	{ .letter = 'e', .wait_ms = 5000 },
	{ .letter = 'i', .wait_ms = 2000 },
	{ .letter = 's', .until_complete = true, .wait_ms = PATIENT_MS },
	{ .letter = 'u', .until_complete = true, .wait_ms = PATIENT_MS },
};
enum { SAFE_STEPS = sizeof(safe) / sizeof(safe[0]) };

/* Recipes that write the log into a file. Each stands alone. */
static const struct {
	const char *name, *letters;
	bool last_words;
} saving[] = { { "diagnose", "wlm", false }, { "last-words", "b", true } };

/* A text that is being read, and the letters that were found so far. */
struct draft {
	const char *what; /* the option or argument, for messages */
	const char *text;
	uint64_t *set; /* NULL: a list is made, otherwise only a set */
	unsigned int count;
	struct {
		char letter;
		const struct sysrq_step *fixed; /* NULL: waits_step() */
	} list[SYSRQ_STEPS_MAX];
};

static bool add(struct draft *draft, char letter,
		const struct sysrq_step *fixed)
{
	if (draft->set) {
		*draft->set |= sysrq_letter_bit(letter);
		return true;
	}
	if (draft->count == SYSRQ_STEPS_MAX)
		return tell_bad(draft->what, draft->text, "1 to 16 letters");
	draft->list[draft->count].letter = letter;
	draft->list[draft->count++].fixed = fixed;
	return true;
}

static bool add_recipe(struct draft *draft, char last)
{
	for (size_t i = 0; i < SAFE_STEPS; i++) {
		if (!add(draft, safe[i].letter, &safe[i]))
			return false;
	}
	return add(draft, last, NULL);
}

static bool add_word(struct draft *draft, enum word_place place,
		     const char *text)
{
	char meant[WORD_MEANT_MAX];
	struct word word;

	if (!word_read(&word, place, text)) {
		word_meant(meant, place, text, draft->text);
		return tell_bad(draft->what, text, meant);
	}
	if (word.recipe)
		return add_recipe(draft, word.recipe);
	for (const char *letter = word.letters; *letter; letter++) {
		if (!add(draft, *letter, NULL))
			return false;
	}
	return true;
}

/* Read words with commas between them, or one word in the given place. */
static bool fill(struct draft *draft, enum word_place place)
{
	const char *from = draft->text;
	char text[WORD_MAX + 1];

	if (!*from)
		return tell_bad(draft->what, from, "1 to 16 letters");
	if (strchr(from, ','))
		place = WORD_PART;
	for (;;) {
		size_t len = strcspn(from, ",");

		if (!len || len > WORD_MAX)
			return tell_bad(
				draft->what, draft->text,
				len ? "words of at most 64 letters"
				    : "a word on each side of each comma");
		memcpy(text, from, len);
		text[len] = '\0';
		if (!add_word(draft, place, text))
			return false;
		if (!from[len])
			return true;
		from += len + 1;
	}
}

/* False: letters stand behind the end of the host, as has been told. */
static bool ends_last(const struct draft *draft)
{
	char expected[SYSRQ_LETTER_NAME_MAX + 64];

	for (unsigned int i = 0; i + 1 < draft->count; i++) {
		char letter = draft->list[i].letter;

		if (!sysrq_letter_ends_host(letter))
			continue;
		snprintf(expected, sizeof(expected),
			 "nothing behind %c (%s), which ends the host", letter,
			 sysrq_letter_name(letter));
		return tell_bad(draft->what, draft->text, expected);
	}
	return true;
}

bool steps_saves_log(const char *text)
{
	for (size_t i = 0; i < sizeof(saving) / sizeof(saving[0]); i++) {
		if (!strcmp(text, saving[i].name))
			return true;
	}
	return false;
}

bool steps_parse(struct steps *steps, const struct waits *waits,
		 const char *text, bool sure)
{
	struct draft draft = { .what = "sysrq commands", .text = text };

	memset(steps, 0, sizeof(*steps));
	for (size_t i = 0; i < sizeof(saving) / sizeof(saving[0]); i++) {
		if (strcmp(text, saving[i].name))
			continue;
		steps->saves_log = true;
		steps->last_words = saving[i].last_words;
		draft.text = saving[i].letters;
	}
	if (!fill(&draft, sure ? WORD_SURE : WORD_ALONE) || !ends_last(&draft))
		return false;
	for (unsigned int i = 0; i < draft.count; i++) {
		struct sysrq_step *step = &steps->list[i];

		*step = waits_step(waits, draft.list[i].letter,
				   i + 1 == draft.count);
		if (draft.list[i].fixed) {
			*step = *draft.list[i].fixed;
			waits_set(waits, step);
		}
	}
	steps->count = draft.count;
	return true;
}

bool steps_parse_set(uint64_t *letters, const char *what, const char *text)
{
	struct draft draft = { .what = what, .text = text, .set = letters };

	*letters = 0;
	return fill(&draft, WORD_SURE);
}

bool steps_destructive(const struct steps *steps)
{
	for (unsigned int i = 0; i < steps->count; i++) {
		if (sysrq_letter_harms(steps->list[i].letter))
			return true;
	}
	return false;
}

bool steps_need_yes(const struct steps *steps)
{
	static const char letters[] = "boceif";

	for (unsigned int i = 0; i < steps->count; i++) {
		if (strchr(letters, steps->list[i].letter))
			return true;
	}
	return false;
}
