// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "client/press/steps.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

static const char expected[] =
	"letters (0-9, a-z and A-Z), or names of letters and recipes with "
	"commas between them";

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

static const char diagnose[] = "diagnose";
static const char diagnosis[] = "wlm";

static const struct {
	const char *name;
	char last;
} recipes[] = {
	{ "safe-reboot", 'b' },
	{ "safe-poweroff", 'o' },
};

/* A text that is being read, and the letters that were found so far. */
struct draft {
	const char *what; /* the option or argument, for messages */
	const char *text;
	unsigned int count;
	struct {
		char letter;
		const struct sysrq_step *fixed; /* NULL: waits_step() */
	} list[SYSRQ_STEPS_MAX];
};

static bool add(struct draft *draft, char letter,
		const struct sysrq_step *fixed)
{
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

static bool add_letters(struct draft *draft, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!sysrq_letter_bit(word[i]))
			return tell_bad(draft->what, draft->text, expected);
	}
	for (size_t i = 0; i < len; i++) {
		if (!add(draft, word[i], NULL))
			return false;
	}
	return true;
}

static bool add_word(struct draft *draft, const char *word, size_t len)
{
	char name[SYSRQ_LETTER_NAME_MAX + 1] = "";

	if (len < sizeof(name))
		memcpy(name, word, len);
	if (!strcmp(name, diagnose))
		return tell_bad(draft->what, draft->text,
				"diagnose alone, or other letters without it");
	if (sysrq_letter_of_name(name))
		return add(draft, sysrq_letter_of_name(name), NULL);
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		if (!strcmp(name, recipes[i].name))
			return add_recipe(draft, recipes[i].last);
	}
	return add_letters(draft, word, len);
}

static bool fill(struct draft *draft)
{
	const char *word = draft->text;

	if (!*word)
		return tell_bad(draft->what, word, "1 to 16 letters");
	for (;;) {
		size_t len = strcspn(word, ",");

		if (!len)
			return tell_bad(draft->what, draft->text, expected);
		if (!add_word(draft, word, len))
			return false;
		if (!word[len])
			return true;
		word += len + 1;
	}
}

bool steps_parse(struct steps *steps, const struct waits *waits,
		 const char *text)
{
	struct draft draft = { .what = "sysrq commands", .text = text };

	memset(steps, 0, sizeof(*steps));
	steps->diagnose = !strcmp(text, diagnose);
	if (steps->diagnose)
		draft.text = diagnosis;
	if (!fill(&draft))
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
	struct draft draft = { .what = what, .text = text };

	if (!fill(&draft))
		return false;
	*letters = 0;
	for (unsigned int i = 0; i < draft.count; i++)
		*letters |= sysrq_letter_bit(draft.list[i].letter);
	return true;
}

bool steps_destructive(const struct steps *steps)
{
	for (unsigned int i = 0; i < steps->count; i++) {
		if (sysrq_letter_harms(steps->list[i].letter))
			return true;
	}
	return false;
}
