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
	VAIN = 16, /* after a panic */
};

enum { LOWER = 10 - 'a', UPPER = 36 - 'A' };

/*
 * No kernel is known to have a letter that has no row here: only "all" permits
 * such a letter, and it may do anything. Names are those of the kernel's help,
 * in Linux 5.10 to 7.3.
 */
static const struct row {
	const char *name;
	uint16_t mask_bit;
	uint8_t traits;
	char letter;
} table[] = {
	{ "loglevel 0", LOGLEVEL, HARMLESS, '0' },
	{ "loglevel 1", LOGLEVEL, HARMLESS, '1' },
	{ "loglevel 2", LOGLEVEL, HARMLESS, '2' },
	{ "loglevel 3", LOGLEVEL, HARMLESS, '3' },
	{ "loglevel 4", LOGLEVEL, HARMLESS, '4' },
	{ "loglevel 5", LOGLEVEL, HARMLESS, '5' },
	{ "loglevel 6", LOGLEVEL, HARMLESS, '6' },
	{ "loglevel 7", LOGLEVEL, HARMLESS, '7' },
	{ "loglevel 8", LOGLEVEL, HARMLESS, '8' },
	{ "loglevel 9", LOGLEVEL, HARMLESS, '9' },
	{ "reboot", BOOT, ENDS_HOST, 'b' },
	{ "crash", DUMP, ENDS_HOST | VAIN, 'c' },
	{ "show-all-locks", ALL, PRINTS | HARMLESS, 'd' },
	{ "terminate-all-tasks", SIGNAL, VAIN, 'e' },
	{ "memory-full-oom-kill", SIGNAL, VAIN, 'f' },
	{ "debug", ALL, 0, 'g' },
	{ "help", ALL, PRINTS | HARMLESS, 'h' },
	{ "kill-all-tasks", SIGNAL, VAIN, 'i' },
	{ "thaw-filesystems", SIGNAL, VAIN, 'j' },
	{ "sak", KEYBOARD, VAIN, 'k' },
	{ "show-backtrace-all-active-cpus", DUMP, PRINTS | HARMLESS, 'l' },
	{ "show-memory-usage", DUMP, PRINTS | HARMLESS, 'm' },
	{ "nice-all-RT-tasks", RTNICE, VAIN, 'n' },
	{ "poweroff", BOOT, ENDS_HOST, 'o' },
	{ "show-registers", DUMP, PRINTS | HARMLESS, 'p' },
	{ "show-all-timers", ALL, PRINTS | HARMLESS, 'q' },
	{ "unraw", KEYBOARD, HARMLESS | VAIN, 'r' },
	{ "sync", SYNC, REPORTS | HARMLESS | VAIN, 's' },
	{ "show-task-states", DUMP, PRINTS | HARMLESS, 't' },
	{ "unmount", REMOUNT, REPORTS | VAIN, 'u' },
	{ "force-fb", ALL, VAIN, 'v' },
	{ "show-blocked-tasks", DUMP, PRINTS | HARMLESS, 'w' },
	{ "dump-ftrace-buffer", DUMP, PRINTS | HARMLESS, 'z' },
	{ "dump-sched-ext", RTNICE, PRINTS | HARMLESS, 'D' },
	{ "replay-kernel-logs", DUMP, HARMLESS, 'R' },
	{ "reset-sched-ext", RTNICE, VAIN, 'S' },
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

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

/* NULL: the letter has no row. */
static const struct row *row_of(int letter)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].letter == letter)
			return &table[i];
	}
	return NULL;
}

const char *srq_letter_name(int letter)
{
	const struct row *row = row_of(letter);

	return row ? row->name : NULL;
}

static bool has(int letter, uint8_t trait)
{
	const struct row *row = row_of(letter);

	return row && row->traits & trait;
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

bool srq_letter_vain_in_panic(int letter)
{
	/* x has no row: only other machines have it, to look into them. */
	return letter == 'x' || has(letter, VAIN);
}

uint32_t srq_letter_mask_bit(int letter)
{
	const struct row *row = row_of(letter);

	return row ? row->mask_bit : ALL;
}

uint64_t srq_mask_letters(uint32_t mask)
{
	/* Help needs no permission of its own. */
	uint64_t letters = srq_letter_bit('h');

	if (mask == 0)
		return 0;
	if (mask == ALL)
		return SRQ_ALL_LETTERS;
	for (size_t i = 0; i < ROWS; i++) {
		/* ALL permits nothing if other bits are set, too. */
		if (table[i].mask_bit & mask & ~(uint32_t)ALL)
			letters |= srq_letter_bit(table[i].letter);
	}
	return letters;
}
