// SPDX-License-Identifier: GPL-2.0
/* What an administrator writes, as text, and the letters of SysRq */
#include "tests/proof/proof.h"

void main_letter(void)
{
	int letter = Frama_C_interval(INT32_MIN, INT32_MAX);

	srq_letter_at(Frama_C_interval(0, SRQ_LETTERS - 1));
	srq_letter_bit(letter);
	srq_letter_name(letter);
	srq_letter_ends_host(letter);
	srq_letter_prints(letter);
	srq_letter_reports(letter);
	srq_letter_harms(letter);
	srq_letter_vain_in_panic(letter);
	srq_letter_mask_bit(letter);
	srq_mask_letters(Frama_C_unsigned_int_interval(0, UINT32_MAX));
}

/* Texts end where this ends. */
static char text[TEXT_MAX];

static const char *text_of(size_t len)
{
	any(text, sizeof(text));
	/* To Eva, the end of an array is no place for a text of no bytes. */
	return len ? text + sizeof(text) - len : text;
}

void main_key(void)
{
	uint8_t key[SRQ_KEY_LEN];
	char public[SRQ_KEY_TEXT_LEN + 1];
	char private[SRQ_PRIVATE_TEXT_LEN + 1];

	any(key, sizeof(key));
	srq_key_to_text(public, key);
	srq_private_to_text(private, key);
	//@ loop unroll 64;
	for (size_t len = 0; len < 64; len++) {
		uint8_t read[SRQ_KEY_LEN];

		if (srq_key_from_text(read, text_of(len), len)) {
			//@ assert key_set: \initialized(&read[0 .. 31]);
		}
		if (srq_private_from_text(read, text_of(len), len)) {
			//@ assert private_set: \initialized(&read[0 .. 31]);
		}
	}
}

/* The module prints it with %s. */
static void print_fault(const char *fault)
{
	/* A precondition of Frama-C's strlen() is that there is a NUL. */
	if (fault)
		strlen(fault);
}

static void read_permissions(size_t len)
{
	/* Eva does not know where a sentence ends, but that nothing overwrites
	 * the NUL behind its longest one. */
	char fault[SRQ_PERMISSIONS_FAULT_MAX] = "";
	uint64_t letters;
	bool may_read_log;
	const char *at = text_of(len);

	print_fault(srq_permissions_from_text(&letters, &may_read_log, at,
					      at + len, fault));
	//@ assert letters_set: \initialized(&letters);
	//@ assert log_set: \initialized(&may_read_log);
	print_fault(
		srq_permissions_from_text(&letters, NULL, at, at + len, fault));
}

void main_words(void)
{
	char words[SRQ_PERMISSIONS_TEXT_MAX];

	srq_permissions_to_text(words, any64(), any_bool());
}

void main_permissions(void)
{
	//@ loop unroll TEXT_MAX + 1;
	for (size_t len = 0; len <= TEXT_MAX; len++) {
		if (is_tried(len, TEXT_MAX))
			read_permissions(len);
	}
}

/*
 * A table may come in many writes: srq_operators_begin() stands before the first one, and
 * each of them has a text of its own. So the reader goes on from any line and count.
 */
static void begin_write(struct srq_operators_reader *reader, size_t len)
{
	srq_operators_begin(reader, "", 0);
	reader->line = Frama_C_unsigned_int_interval(0, UINT32_MAX);
	reader->count = Frama_C_unsigned_int_interval(0, UINT32_MAX);
	reader->text = text_of(len);
	reader->end = reader->text + len;
}

static void read_operators(size_t len)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	const char *fault = NULL;

	begin_write(&reader, len);
	while (srq_operators_next(&reader, &line, &fault) ==
	       SRQ_OPERATORS_LINE) {
		//@ assert line_set: \initialized((char *)&line + (0 .. sizeof(line) - 1));
		//@ assert name_ends: line.name[SRQ_OPERATOR_NAME_MAX] == 0;
	}
	print_fault(fault);
}

void main_operators(void)
{
	//@ loop unroll TEXT_MAX + 1;
	for (size_t len = 0; len <= TEXT_MAX; len++) {
		if (is_tried(len, TEXT_MAX))
			read_operators(len);
	}
}
