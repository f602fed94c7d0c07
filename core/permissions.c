// SPDX-License-Identifier: GPL-2.0
#include "core/permissions.h"

static const char all[] = "all";
static const char loglevel[] = "loglevel";
static const char log_word[] = "log";

/* 0 to 9 */
static const uint64_t loglevels = 0x3ff;

/* A longer word may be a part of a secret. */
enum { QUOTED_MAX = 31 };

struct word {
	const char *text;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is(const struct word *word, const char *text)
{
	return word->len == strlen(text) &&
	       !memcmp(word->text, text, word->len);
}

/* Returns the letters that a word permits; 0: it permits none. */
static uint64_t letters_of(const struct word *word)
{
	if (is(word, all))
		return SRQ_ALL_LETTERS;
	if (is(word, loglevel))
		return loglevels;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		char letter = srq_letter_at(i);
		const char *name = srq_letter_name(letter);

		if (name && (is(word, name) ||
			     (word->len == 1 && word->text[0] == letter)))
			return 1ULL << i;
	}
	return 0;
}

static bool may_be_quoted(const struct word *word)
{
	for (size_t i = 0; i < word->len; i++) {
		char c = word->text[i];

		if (!srq_letter_bit((unsigned char)c) && c != '-' && c != '=')
			return false;
	}
	return word->len <= QUOTED_MAX;
}

/* Is the word several letters in a row, as in "sub"? */
static bool is_row(const struct word *word)
{
	uint64_t letters = 0;

	for (size_t i = 0; i < word->len; i++) {
		struct word letter = { .text = word->text + i, .len = 1 };
		uint64_t bit = letters_of(&letter);

		if (!bit || letters & bit)
			return false;
		letters |= bit;
	}
	return word->len > 1;
}

static char *put(char *to, const char *text, size_t len)
{
	memcpy(to, text, len);
	return to + len;
}

static char *put_text(char *to, const char *text)
{
	return put(to, text, strlen(text));
}

static const char *bad_word(char fault[SRQ_PERMISSIONS_FAULT_MAX],
			    const struct word *word, bool with_log)
{
	bool quote = may_be_quoted(word);
	char *to = fault;

	if (quote) {
		to = put_text(to, "permission '");
		to = put(to, word->text, word->len);
		to = put_text(to, "'");
	} else {
		to = put_text(to, "unknown permission");
	}
	to = put_text(
		to,
		" given, expected a letter or a name that send_sysrq --help lists, ");
	to = put_text(to,
		      with_log ? "loglevel, all or log" : "loglevel or all");
	if (quote && is_row(word)) {
		to = put_text(to, "; to permit its letters write ");
		for (size_t i = 0; i < word->len; i++) {
			*to++ = word->text[i];
			*to++ = ',';
		}
		to--;
	}
	*to = '\0';
	return fault;
}

/* Moves *text past blanks and commas. Returns the number of commas. */
static unsigned int skip_gap(const char **text, const char *end)
{
	unsigned int commas = 0;

	while (*text < end && (is_blank(**text) || **text == ','))
		commas += *(*text)++ == ',';
	return commas;
}

static struct word take_word(const char **text, const char *end)
{
	struct word word = { .text = *text };

	while (*text < end && !is_blank(**text) && **text != ',')
		(*text)++;
	word.len = (size_t)(*text - word.text);
	return word;
}

/* Adds what the word permits. Returns NULL or the sentence of a fault. */
static const char *add(const struct word *word, uint64_t *letters,
		       bool *may_read_log,
		       char fault[SRQ_PERMISSIONS_FAULT_MAX])
{
	uint64_t more = letters_of(word);

	*letters |= more;
	if (more)
		return NULL;
	if (!is(word, log_word))
		return bad_word(fault, word, may_read_log != NULL);
	if (!may_read_log)
		return "permission 'log' given, but only the line of an operator can permit the log";
	*may_read_log = true;
	return NULL;
}

const char *srq_permissions_from_text(uint64_t *letters, bool *may_read_log,
				      const char *text, size_t len,
				      char fault[SRQ_PERMISSIONS_FAULT_MAX])
{
	const char *const end = text + len;
	unsigned int words = 0;

	*letters = 0;
	if (may_read_log)
		*may_read_log = false;
	for (;; words++) {
		unsigned int commas = skip_gap(&text, end);
		struct word word = take_word(&text, end);
		const char *wrong;

		if (commas > (words && word.len))
			return "a comma has no permission before or behind it";
		if (!word.len)
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
	to = put_text(to, word);
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
