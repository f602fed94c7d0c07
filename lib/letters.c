// SPDX-License-Identifier: GPL-2.0
/* The public functions for letters, on core/letter and core/permissions. */
#include <assert.h>
#include <string.h>

#include "core/permissions.h"
#include "lib/sysrq.h"

static_assert((int)SYSRQ_LETTERS == (int)SRQ_LETTERS, "letters");
static_assert((int)SYSRQ_WORDS_MAX == (int)SRQ_PERMISSIONS_TEXT_MAX, "words");

/* All letters as strings, by their index: a letter without a name is its
 * own. */
static const char own[SRQ_LETTERS][2] = {
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c",
	"d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p",
	"q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "A", "B", "C",
	"D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P",
	"Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
};

const char *sysrq_letter_name(char letter)
{
	int index = srq_letter_index(letter);
	const char *name = srq_letter_name(letter);

	if (index < 0)
		return NULL;
	return name ? name : own[index];
}

char sysrq_letter_of_name(const char *name)
{
	for (int i = 0; i < SRQ_LETTERS; i++) {
		char letter = srq_letter_at(i);
		const char *known = srq_letter_name(letter);

		if (known && !strcmp(known, name))
			return letter;
	}
	return 0;
}

bool sysrq_letter_ends_host(char letter)
{
	return srq_letter_ends_host(letter);
}

bool sysrq_letter_prints(char letter)
{
	return srq_letter_prints(letter);
}

bool sysrq_letter_reports(char letter)
{
	return srq_letter_reports(letter);
}

bool sysrq_letter_harms(char letter)
{
	return srq_letter_harms(letter);
}

uint64_t sysrq_letter_bit(char letter)
{
	return srq_letter_bit(letter);
}

void sysrq_letters_to_text(uint64_t letters, char text[SYSRQ_LETTERS + 1])
{
	for (int i = 0; i < SRQ_LETTERS; i++) {
		if (letters & 1ULL << i)
			*text++ = srq_letter_at(i);
	}
	*text = '\0';
}

void sysrq_letters_to_words(uint64_t letters, char words[SYSRQ_WORDS_MAX])
{
	srq_permissions_to_text(words, letters, false);
}
