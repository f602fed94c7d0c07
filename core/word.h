/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A part of a text. It is given by two pointers, as a proof follows those better
 * than a pointer and a length. Any context.
 */
#ifndef SRQ_WORD_H
#define SRQ_WORD_H

#include "core/platform.h"

/* The bytes from text to end, that at end not included */
struct srq_word {
	const char *text;
	const char *end;
};

static inline bool srq_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Is the word this text? */
static inline bool srq_word_is(const struct srq_word *word, const char *text)
{
	return word->end - word->text == (ptrdiff_t)strlen(text) &&
	       !memcmp(word->text, text, strlen(text));
}

#endif
