// SPDX-License-Identifier: GPL-2.0
/* The text of an operators table, of permissions, and of a key. */
#include <sodium.h>
#include <stdio.h>
#include "tests/fuzz/fuzz.h"
#include "core/operators.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	assert(sodium_init() >= 0);
	return 0;
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* Against libsodium's base64, of which 1.0.18 takes other bytes for digits. */
static void check_key(const char *text, size_t len)
{
	uint8_t key[SRQ_KEY_LEN], expected[SRQ_KEY_LEN];
	char again[SRQ_KEY_TEXT_LEN + 1];
	size_t expected_len;
	bool ok;

	ok = is_ascii(text, len) &&
	     sodium_base642bin(expected, sizeof(expected), text, len, NULL,
			       &expected_len, NULL,
			       sodium_base64_VARIANT_ORIGINAL) == 0 &&
	     expected_len == sizeof(expected);
	assert(srq_key_from_text(key, text, len) == ok);
	if (!ok)
		return;
	assert(!memcmp(key, expected, sizeof(key)));
	srq_key_to_text(again, key);
	assert(len == strlen(again) && !memcmp(text, again, len));
}

static void check_key_of(const uint8_t key[SRQ_KEY_LEN])
{
	char text[SRQ_KEY_TEXT_LEN + 1], expected[SRQ_KEY_TEXT_LEN + 1];
	char *bare;

	srq_key_to_text(text, key);
	sodium_bin2base64(expected, sizeof(expected), key, SRQ_KEY_LEN,
			  sodium_base64_VARIANT_ORIGINAL);
	assert(!strcmp(text, expected));
	bare = exact(text, SRQ_KEY_TEXT_LEN);
	check_key(bare, SRQ_KEY_TEXT_LEN);
	free(bare);
}

/* The letters that permissions can name, or all 62 */
static uint64_t nameable(uint64_t letters)
{
	if (letters == SRQ_ALL_LETTERS)
		return letters;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		if (!srq_letter_name(srq_letter_at(i)))
			letters &= ~(1ULL << i);
	}
	return letters;
}

/* What is written as permissions reads the same. */
static void check_permissions_of(uint64_t letters, bool may_read_log)
{
	char text[SRQ_PERMISSIONS_TEXT_MAX], fault[SRQ_PERMISSIONS_FAULT_MAX];
	uint64_t again;
	bool log_again;
	const char *wrong;
	char *bare;

	srq_permissions_to_text(text, letters, may_read_log);
	bare = exact(text, strlen(text));
	wrong = srq_permissions_from_text(&again, &log_again, bare,
					  bare + strlen(text), fault);
	assert(!wrong == (letters || may_read_log));
	assert(again == letters && log_again == may_read_log);
	free(bare);
}

/* A fault quotes no word that is longer than 31 bytes, and no odd one. */
static void check_sentence(const char *fault, const char *word, size_t len)
{
	char quoted[SRQ_PERMISSIONS_FAULT_MAX] = "'";

	assert(strlen(fault) < SRQ_PERMISSIONS_FAULT_MAX);
	assert(is_ascii(fault, strlen(fault)));
	if (len > 31 && len < sizeof(quoted) - 1) {
		memcpy(quoted + 1, word, len);
		assert(!strstr(fault, quoted));
	}
}

/* The permissions of a text are those of its words, each read alone. */
static void check_permissions(const char *text, size_t len)
{
	char fault[SRQ_PERMISSIONS_FAULT_MAX] = "";
	uint64_t letters, word_letters, sum = 0;
	bool log, word_log, sum_log = false;
	const char *end = text + len;
	const char *wrong =
		srq_permissions_from_text(&letters, &log, text, end, fault);

	if (wrong) {
		assert(*wrong);
		check_sentence(wrong, text, len);
		return;
	}
	while (text < end) {
		const char *word = text;

		while (text < end && !memchr(" \t\r,", *text, 4))
			text++;
		if (word == text) {
			text++;
			continue;
		}
		assert(!srq_permissions_from_text(&word_letters, &word_log,
						  word, text, fault));
		sum |= word_letters;
		sum_log |= word_log;
	}
	assert(letters == sum && log == sum_log);
	assert(letters == nameable(letters));
	check_permissions_of(letters, log);
}

/* What is written as a line reads the same. */
static void check_line_of(const struct srq_operators_line *line)
{
	char key[SRQ_KEY_TEXT_LEN + 1];
	char permissions[SRQ_PERMISSIONS_TEXT_MAX];
	struct srq_operators_line again;
	struct srq_operators_reader reader;
	const char *fault;
	char text[256], *bare;
	int len;

	srq_key_to_text(key, line->key);
	srq_permissions_to_text(permissions, line->permitted,
				line->may_read_log);
	len = snprintf(text, sizeof(text), "%s %s %s", line->name, key,
		       permissions);
	assert(len > 0 && len < (int)sizeof(text));
	bare = exact(text, (size_t)len);
	srq_operators_begin(&reader, bare, (size_t)len);
	assert(srq_operators_next(&reader, &again, &fault) ==
	       SRQ_OPERATORS_LINE);
	assert(!memcmp(line, &again, sizeof(again)));
	assert(srq_operators_next(&reader, &again, &fault) ==
	       SRQ_OPERATORS_END);
	free(bare);
}

/* Any operator there may be */
static void check_any_line(struct input *in)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ.@";
	struct srq_operators_line line = { 0 };
	size_t name_len = 1 + take(in, 1) % SRQ_OPERATOR_NAME_MAX;

	take_bytes(in, line.key, sizeof(line.key));
	check_key_of(line.key);
	line.permitted = nameable(take(in, 8) & SRQ_ALL_LETTERS);
	line.may_read_log = !line.permitted || take(in, 1) % 2;
	check_permissions_of(line.permitted, line.may_read_log);
	for (size_t i = 0; i < name_len; i++)
		line.name[i] = letters[take(in, 1) % (sizeof(letters) - 1)];
	if (strcmp(line.name, SRQ_PASSWORD_OPERATOR))
		check_line_of(&line);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void check_line(const struct srq_operators_line *line, const char *text,
		       size_t len)
{
	size_t name_len = strnlen(line->name, sizeof(line->name));

	assert(name_len >= 1 && name_len <= SRQ_OPERATOR_NAME_MAX);
	assert(strspn(line->name,
		      "0123456789abcdefghijklmnopqrstuvwxyz"
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-@") == name_len);
	assert(strcmp(line->name, SRQ_PASSWORD_OPERATOR));
	assert(line->permitted == nameable(line->permitted));
	assert(line->permitted || line->may_read_log);
	/* It is the first word of its line. */
	while (len && is_blank(*text)) {
		text++;
		len--;
	}
	assert(len > name_len && !memcmp(text, line->name, name_len));
	assert(is_blank(text[name_len]));
	check_line_of(line);
}

static void check_fault(const struct srq_operators_line *line,
			const char *fault)
{
	assert(fault && *fault);
	assert(sodium_is_zero((const uint8_t *)line, sizeof(*line)));
}

/*
 * A caller stops at the first fault. This one reads on, so that an input with
 * many lines has each of them looked at.
 */
static void check_table(const char *text, size_t len)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	enum srq_operators_read what;
	unsigned int number = 0;
	const char *fault = NULL;
	const char *next = text;

	srq_operators_begin(&reader, text, len);
	do {
		unsigned int count = reader.count;
		const char *from = text;

		memset(&line, 0xff, sizeof(line));
		what = srq_operators_next(&reader, &line, &fault);
		/* It stands at the begin of a line, and has counted them. */
		assert(reader.end == text + len);
		for (; next < reader.text; number++) {
			from = next;
			next = memchr(from, '\n', (size_t)(reader.text - from));
			next = next ? next + 1 : reader.text;
		}
		assert(next == reader.text && reader.line == number);
		assert(reader.text == reader.end || next == text ||
		       next[-1] == '\n');

		if (what == SRQ_OPERATORS_LINE) {
			assert(reader.count == count + 1);
			assert(reader.count <= SRQ_OPERATORS_MAX);
			check_line(&line, from, (size_t)(next - from));
		} else if (what == SRQ_OPERATORS_FAULT) {
			assert(reader.count == count + 1);
			check_fault(&line, fault);
		} else {
			assert(what == SRQ_OPERATORS_END);
			assert(reader.count == count &&
			       reader.text == reader.end);
		}
	} while (what != SRQ_OPERATORS_END);
	assert(srq_operators_next(&reader, &line, &fault) == SRQ_OPERATORS_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *text = exact(data, size);

	check_table(text, size);
	check_permissions(text, size);
	check_key(text, size);
	check_any_line(&in);
	free(text);
	return 0;
}
