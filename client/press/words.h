/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads one word of sysrq commands. Only words that nobody types for another
 * reason mean letters: sub and w, but not log or kill.
 */
#ifndef SRQ_WORDS_H
#define SRQ_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/sysrq.h"

enum word_place {
	WORD_ALONE, /* the whole argument */
	WORD_PART,  /* between commas */
	WORD_SURE,  /* the whole argument, which surely means letters */
};

/* What a word means. */
struct word {
	char recipe; /* the last letter of a safe recipe; 0: letters */
	char letters[SYSRQ_STEPS_MAX + 1];
};

/*
 * Read a word: a letter, its name, loglevel=7, a recipe, a rescue word such as
 * sisub, or letters that show something, which cannot be a part. The names help
 * and debug alone must be sure. False: the text has no such meaning.
 */
bool word_read(struct word *word, enum word_place place, const char *text);

enum { WORD_MEANT_MAX = 160 };

/*
 * Write what to type instead of text, which word_read() refuses in this place.
 * whole is the argument that text is a part of.
 */
void word_meant(char out[WORD_MEANT_MAX], enum word_place place,
		const char *text, const char *whole);

/* True: one slip of the keyboard makes text from the word meant. */
bool word_is_slip(const char *text, const char *meant);

#endif
