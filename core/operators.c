// SPDX-License-Identifier: GPL-2.0
#include "core/operators.h"
#include "core/permissions.h"

enum { FIELDS = 3 };

struct field {
	const char *text;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(char c)
{
	return srq_letter_bit((unsigned char)c) || c == '.' || c == '_' ||
	       c == '-' || c == '@';
}

static bool is_word(const struct field *word, const char *text)
{
	return word->len == strlen(text) &&
	       !memcmp(word->text, text, word->len);
}

/* Returns the next line, and moves the reader behind it. */
static struct field take_line(struct srq_operators_reader *reader)
{
	struct field line = { .text = reader->text };

	while (line.len < reader->len && line.text[line.len] != '\n')
		line.len++;
	reader->text += line.len;
	reader->len -= line.len;
	if (reader->len) {
		reader->text++;
		reader->len--;
	}
	reader->line++;
	return line;
}

/*
 * Stores the fields before a comment, and returns their number. The last one,
 * the permissions, takes all the rest of the line.
 */
static unsigned int split(const struct field *line, struct field *fields)
{
	unsigned int count = 0;
	size_t i = 0;

	for (;;) {
		size_t from;

		while (i < line->len && is_blank(line->text[i]))
			i++;
		if (i == line->len || line->text[i] == '#')
			return count;
		from = i;
		while (i < line->len && line->text[i] != '#' &&
		       (count == FIELDS - 1 || !is_blank(line->text[i])))
			i++;
		fields[count++] = (struct field){
			.text = line->text + from,
			.len = i - from,
		};
	}
}

static const char *read_name(const struct field *field, char *name)
{
	if (field->len > SRQ_OPERATOR_NAME_MAX)
		return "the name is longer than 31 characters";
	for (size_t i = 0; i < field->len; i++) {
		name[i] = field->text[i];
		if (!is_name(name[i]))
			return "the name has a character other than a-z, A-Z, 0-9, '.', '_', '-' and '@'";
	}
	if (is_word(field, SRQ_PASSWORD_OPERATOR))
		return "the name '" SRQ_PASSWORD_OPERATOR
		       "' is reserved for the password's operator";
	name[field->len] = '\0';
	return NULL;
}

static const char *read_key(const struct field *field, uint8_t *key)
{
	static const char prefix[] = SRQ_PRIVATE_PREFIX;

	if (field->len >= sizeof(prefix) - 1 &&
	    !memcmp(field->text, prefix, sizeof(prefix) - 1))
		return "the key is a private one, which its owner shows to nobody: expected the public key, which send_sysrq pubkey prints";
	if (!srq_key_from_text(key, field->text, field->len))
		return "the key is not 44 characters of base64, as send_sysrq pubkey prints them";
	return NULL;
}

static const char *read_line(const struct field *text,
			     struct srq_operators_reader *reader,
			     struct srq_operators_line *line)
{
	struct field fields[FIELDS] = { [FIELDS - 1] = { .text = "" } };
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
				  fields[2].text, fields[2].len, reader->fault);
}

void srq_operators_begin(struct srq_operators_reader *reader, const char *text,
			 size_t len)
{
	*reader = (struct srq_operators_reader){ .text = text, .len = len };
}

enum srq_operators_read srq_operators_next(struct srq_operators_reader *reader,
					   struct srq_operators_line *line,
					   const char **fault)
{
	while (reader->len) {
		struct field text = take_line(reader);
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
