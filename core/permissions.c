// SPDX-License-Identifier: GPL-2.0
#include "core/permissions.h"
#include "core/word.h"

static const char all[] = "all";
static const char loglevel[] = "loglevel";
static const char log_word[] = "log";

/* 0 to 9 */
static const uint64_t loglevels = 0x3ff;

/* A longer word may be a part of a secret. */
enum { QUOTED_MAX = 31 };

/* Returns the letters that a word permits; 0: it permits none. */
static uint64_t letters_of(const struct srq_word *word)
{
	if (srq_word_is(word, all))
		return SRQ_ALL_LETTERS;
	if (srq_word_is(word, loglevel))
		return loglevels;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		char letter = srq_letter_at(i);
		const char *name = srq_letter_name(letter);

		if (name &&
		    (srq_word_is(word, name) ||
		     (word->end - word->text == 1 && *word->text == letter)))
			return 1ULL << i;
	}
	return 0;
}

static bool may_be_quoted(const struct srq_word *word)
{
	for (const char *at = word->text; at < word->end; at++) {
		if (!srq_letter_bit((unsigned char)*at) && *at != '-' &&
		    *at != '=')
			return false;
	}
	return word->end - word->text <= QUOTED_MAX;
}

/* Is the word several letters in a row, as in "sub"? */
static bool is_row(const struct srq_word *word)
{
	uint64_t letters = 0;

	for (const char *at = word->text; at < word->end; at++) {
		struct srq_word letter = { .text = at, .end = at + 1 };
		uint64_t bit = letters_of(&letter);

		if (!bit || letters & bit)
			return false;
		letters |= bit;
	}
	return word->end - word->text > 1;
}

/* A sentence grows, at `to`, and leaves room for a NUL. */
struct sentence {
	char *to;
	const char *last;
};

static void put(struct sentence *sentence, char c)
{
	if (sentence->to < sentence->last)
		*sentence->to++ = c;
}

static void say(struct sentence *sentence, const char *text)
{
	while (*text)
		put(sentence, *text++);
}

static void quote(struct sentence *sentence, const struct srq_word *word)
{
	for (const char *at = word->text; at < word->end; at++)
		put(sentence, *at);
}

static void say_row(struct sentence *sentence, const struct srq_word *word)
{
	say(sentence, "; to permit its letters write ");
	for (const char *at = word->text; at < word->end; at++) {
		if (at > word->text)
			put(sentence, ',');
		put(sentence, *at);
	}
}

static const char *bad_word(char fault[SRQ_PERMISSIONS_FAULT_MAX],
			    const struct srq_word *word, bool with_log)
{
	struct sentence sentence = {
		.to = fault,
		.last = fault + SRQ_PERMISSIONS_FAULT_MAX - 1,
	};
	bool quotes = may_be_quoted(word);

	if (quotes) {
		say(&sentence, "permission '");
		quote(&sentence, word);
		say(&sentence, "'");
	} else {
		say(&sentence, "unknown permission");
	}
	say(&sentence,
	    " given, expected a letter or a name that send_sysrq --help lists, ");
	say(&sentence, with_log ? "loglevel, all or log" : "loglevel or all");
	if (quotes && is_row(word))
		say_row(&sentence, word);
	*sentence.to = '\0';
	return fault;
}

/* Moves *text past blanks and commas. Returns the number of commas. */
static unsigned int skip_gap(const char **text, const char *end)
{
	unsigned int commas = 0;

	while (*text < end && (srq_is_blank(**text) || **text == ','))
		commas += *(*text)++ == ',';
	return commas;
}

static struct srq_word take_word(const char **text, const char *end)
{
	struct srq_word word = { .text = *text };

	while (*text < end && !srq_is_blank(**text) && **text != ',')
		(*text)++;
	word.end = *text;
	return word;
}

/* Adds what the word permits. Returns NULL or the sentence of a fault. */
static const char *add(const struct srq_word *word, uint64_t *letters,
		       bool *may_read_log,
		       char fault[SRQ_PERMISSIONS_FAULT_MAX])
{
	uint64_t more = letters_of(word);

	*letters |= more;
	if (more)
		return NULL;
	if (!srq_word_is(word, log_word))
		return bad_word(fault, word, may_read_log != NULL);
	if (!may_read_log)
		return "permission 'log' given, but only the line of an operator can permit the log";
	*may_read_log = true;
	return NULL;
}

const char *srq_permissions_from_text(uint64_t *letters, bool *may_read_log,
				      const char *text, const char *end,
				      char fault[SRQ_PERMISSIONS_FAULT_MAX])
{
	unsigned int words = 0;

	*letters = 0;
	if (may_read_log)
		*may_read_log = false;
	for (;; words++) {
		unsigned int commas = skip_gap(&text, end);
		struct srq_word word = take_word(&text, end);
		const char *wrong;

		if (commas > (words && word.text < word.end))
			return "a comma has no permission before or behind it";
		if (word.text == word.end)
			break;
		wrong = add(&word, letters, may_read_log, fault);
		if (wrong)
			return wrong;
	}
	return words ? NULL
		     : "no permission given, expected one or more, such as s,u,b or all";
}

static char *put_word(char *to, const char *word)
{
	while (*word)
		*to++ = *word++;
	*to++ = ',';
	return to;
}

void srq_permissions_to_text(char text[SRQ_PERMISSIONS_TEXT_MAX],
			     uint64_t letters, bool may_read_log)
{
	char *to = text;

	if (letters == SRQ_ALL_LETTERS) {
		to = put_word(to, all);
		letters = 0;
	}
	if ((letters & loglevels) == loglevels) {
		to = put_word(to, loglevel);
		letters &= ~loglevels;
	}
	for (int i = 0; i < SRQ_LETTERS; i++) {
		const char letter[] = { srq_letter_at(i), '\0' };

		if (letters & 1ULL << i)
			to = put_word(to, letter);
	}
	if (may_read_log)
		to = put_word(to, log_word);
	/* The last comma */
	if (to > text)
		to--;
	*to = '\0';
}
