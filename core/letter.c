// SPDX-License-Identifier: GPL-2.0
#include "core/letter.h"

/* The bits of kernel.sysrq: the kernel's admin guide, "Magic SysRq". */
enum {
	ALL = 0x001,
	LOGLEVEL = 0x002,
	KEYBOARD = 0x004,
	DUMP = 0x008,
	SYNC = 0x010,
	REMOUNT = 0x020,
	SIGNAL = 0x040,
	BOOT = 0x080,
	RTNICE = 0x100,
};

/* Traits */
enum {
	ENDS_HOST = 1,
	PRINTS = 2,
	REPORTS = 4,
	HARMLESS = 8,
};

enum { LOWER = 10 - 'a', UPPER = 36 - 'A' };

/*
 * By index. No kernel is known to have a letter that has no row here: only
 * "all" permits such a letter, and it may do anything. The names of the letters
 * are in lib/letters.c, because the module needs no names and must be small.
 */
static const struct {
	uint16_t mask_bit;
	uint8_t traits;
} table[SRQ_LETTERS] = {
	{ LOGLEVEL, HARMLESS }, /* 0 to 9 */
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	{ LOGLEVEL, HARMLESS },
	[LOWER + 'b'] = { BOOT, ENDS_HOST },
	[LOWER + 'c'] = { DUMP, ENDS_HOST },
	[LOWER + 'd'] = { ALL, PRINTS | HARMLESS },
	[LOWER + 'e'] = { SIGNAL, 0 },
	[LOWER + 'f'] = { SIGNAL, 0 },
	[LOWER + 'g'] = { ALL, 0 },
	[LOWER + 'h'] = { ALL, PRINTS | HARMLESS },
	[LOWER + 'i'] = { SIGNAL, 0 },
	[LOWER + 'j'] = { SIGNAL, 0 },
	[LOWER + 'k'] = { KEYBOARD, 0 },
	[LOWER + 'l'] = { DUMP, PRINTS | HARMLESS },
	[LOWER + 'm'] = { DUMP, PRINTS | HARMLESS },
	[LOWER + 'n'] = { RTNICE, 0 },
	[LOWER + 'o'] = { BOOT, ENDS_HOST },
	[LOWER + 'p'] = { DUMP, PRINTS | HARMLESS },
	[LOWER + 'q'] = { ALL, PRINTS | HARMLESS },
	[LOWER + 'r'] = { KEYBOARD, HARMLESS },
	[LOWER + 's'] = { SYNC, REPORTS | HARMLESS },
	[LOWER + 't'] = { DUMP, PRINTS | HARMLESS },
	[LOWER + 'u'] = { REMOUNT, REPORTS },
	[LOWER + 'v'] = { ALL, 0 },
	[LOWER + 'w'] = { DUMP, PRINTS | HARMLESS },
	[LOWER + 'z'] = { DUMP, PRINTS | HARMLESS },
	[UPPER + 'D'] = { RTNICE, PRINTS | HARMLESS },
	[UPPER + 'R'] = { DUMP, HARMLESS },
	[UPPER + 'S'] = { RTNICE, 0 },
};

static const char all[] = "all";

int srq_letter_index(int letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'z')
		return letter + LOWER;
	if (letter >= 'A' && letter <= 'Z')
		return letter + UPPER;
	return -1;
}

char srq_letter_at(int index)
{
	if (index < 10)
		return (char)(index + '0');
	return (char)(index < 36 ? index - LOWER : index - UPPER);
}

uint64_t srq_letter_bit(int letter)
{
	int index = srq_letter_index(letter);

	return index < 0 ? 0 : 1ULL << index;
}

static bool has(int letter, uint8_t trait)
{
	int index = srq_letter_index(letter);

	return index >= 0 && table[index].traits & trait;
}

bool srq_letter_ends_host(int letter)
{
	return has(letter, ENDS_HOST);
}

bool srq_letter_prints(int letter)
{
	return has(letter, PRINTS);
}

bool srq_letter_reports(int letter)
{
	return has(letter, REPORTS);
}

bool srq_letter_harms(int letter)
{
	return !has(letter, HARMLESS);
}

uint32_t srq_letter_mask_bit(int letter)
{
	int index = srq_letter_index(letter);
	uint32_t bit = index < 0 ? 0 : table[index].mask_bit;

	return bit ? bit : ALL;
}

uint64_t srq_mask_letters(uint32_t mask)
{
	/* Help needs no permission of its own. */
	uint64_t letters = srq_letter_bit('h');

	if (mask == 0)
		return 0;
	if (mask == ALL)
		return SRQ_ALL_LETTERS;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		/* ALL permits nothing if other bits are set, too. */
		if (table[i].mask_bit & mask & ~(uint32_t)ALL)
			letters |= 1ULL << i;
	}
	return letters;
}

bool srq_letters_from_text(uint64_t *letters, const char *text, size_t len)
{
	*letters = 0;
	if (len == sizeof(all) - 1 && !memcmp(text, all, len)) {
		*letters = SRQ_ALL_LETTERS;
		return true;
	}
	for (size_t i = 0; i < len; i++) {
		uint64_t bit = srq_letter_bit((unsigned char)text[i]);

		if (!bit)
			return false;
		*letters |= bit;
	}
	return len > 0;
}

void srq_letters_to_text(char text[SRQ_LETTERS + 1], uint64_t letters)
{
	if (letters == SRQ_ALL_LETTERS) {
		memcpy(text, all, sizeof(all));
		return;
	}
	for (int i = 0; i < SRQ_LETTERS; i++) {
		if (letters & 1ULL << i)
			*text++ = srq_letter_at(i);
	}
	*text = '\0';
}
