// SPDX-License-Identifier: GPL-2.0
#include "core/operators.h"
#include "core/permissions.h"
#include "core/word.h"

enum { FIELDS = 3 };

static bool is_name(char c)
{
	return srq_letter_bit((unsigned char)c) || c == '.' || c == '_' ||
	       c == '-' || c == '@';
}

/* Returns the next line, and moves the reader behind it. */
static struct srq_word take_line(struct srq_operators_reader *reader)
{
	struct srq_word line = { .text = reader->text, .end = reader->text };

	while (line.end < reader->end && *line.end != '\n')
		line.end++;
	reader->text = line.end;
	if (reader->text < reader->end)
		reader->text++;
	reader->line++;
	return line;
}

/*
 * Stores the fields before a comment, and returns their number. The others are
 * empty. The last one, the permissions, takes all the rest of the line.
 */
static unsigned int split(const struct srq_word *line, struct srq_word *fields)
{
	const char *at = line->text;
	unsigned int count = 0;

	for (int i = 0; i < FIELDS; i++) {
		while (at < line->end && srq_is_blank(*at))
			at++;
		fields[i].text = at;
		while (at < line->end && *at != '#' &&
		       (i == FIELDS - 1 || !srq_is_blank(*at)))
			at++;
		fields[i].end = at;
		count += at > fields[i].text;
	}
	return count;
}

static const char *read_name(const struct srq_word *field, char *name)
{
	size_t len = 0;

	for (const char *at = field->text; at < field->end; at++) {
		if (len >= SRQ_OPERATOR_NAME_MAX)
			return "the name is longer than 31 characters";
		if (!is_name(*at))
			return "the name has a character other than a-z, A-Z, 0-9, '.', '_', '-' and '@'";
		name[len++] = *at;
	}
	if (srq_word_is(field, SRQ_PASSWORD_OPERATOR))
		return "the name '" SRQ_PASSWORD_OPERATOR
		       "' is reserved for the password's operator";
	name[len] = '\0';
	return NULL;
}

static const char *read_key(const struct srq_word *field, uint8_t *key)
{
	static const char prefix[] = SRQ_PRIVATE_PREFIX;
	ptrdiff_t prefix_len = sizeof(prefix) - 1;

	if (field->end - field->text >= prefix_len &&
	    !memcmp(field->text, prefix, sizeof(prefix) - 1))
		return "the key is a private one, which its owner shows to nobody: expected the public key, which send_sysrq pubkey prints";
	if (field->end - field->text != SRQ_KEY_TEXT_LEN ||
	    !srq_key_from_text(key, field->text, SRQ_KEY_TEXT_LEN))
		return "the key is not 44 characters of base64, as send_sysrq pubkey prints them";
	return NULL;
}

static const char *read_line(const struct srq_word *text,
			     struct srq_operators_reader *reader,
			     struct srq_operators_line *line)
{
	struct srq_word fields[FIELDS];
	unsigned int count = split(text, fields);
	const char *fault;

	if (!count)
		return NULL;
	if (++reader->count > SRQ_OPERATORS_MAX)
		return "more than 256 operators";
	if (count == 1)
		return "no key: expected a name, a key and permissions";
	fault = read_name(&fields[0], line->name);
	if (!fault)
		fault = read_key(&fields[1], line->key);
	return fault
		       ?: srq_permissions_from_text(
				  &line->permitted, &line->may_read_log,
				  fields[2].text, fields[2].end, reader->fault);
}

void srq_operators_begin(struct srq_operators_reader *reader, const char *text,
			 size_t len)
{
	memset(reader, 0, sizeof(*reader));
	reader->text = text;
	reader->end = text + len;
}

enum srq_operators_read srq_operators_next(struct srq_operators_reader *reader,
					   struct srq_operators_line *line,
					   const char **fault)
{
	while (reader->text < reader->end) {
		struct srq_word text = take_line(reader);
		unsigned int before = reader->count;

		memset(line, 0, sizeof(*line));
		*fault = read_line(&text, reader, line);
		if (*fault) {
			srq_wipe(line, sizeof(*line));
			return SRQ_OPERATORS_FAULT;
		}
		if (reader->count > before)
			return SRQ_OPERATORS_LINE;
	}
	return SRQ_OPERATORS_END;
}
