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
 * "all" permits such a letter, and it may do anything. Names are those of the
 * kernel's help, in Linux 5.10 to 7.3.
 */
static const struct {
	const char *name;
	uint16_t mask_bit;
	uint8_t traits;
} table[SRQ_LETTERS] = {
	{ "loglevel 0", LOGLEVEL, HARMLESS },
	{ "loglevel 1", LOGLEVEL, HARMLESS },
	{ "loglevel 2", LOGLEVEL, HARMLESS },
	{ "loglevel 3", LOGLEVEL, HARMLESS },
	{ "loglevel 4", LOGLEVEL, HARMLESS },
	{ "loglevel 5", LOGLEVEL, HARMLESS },
	{ "loglevel 6", LOGLEVEL, HARMLESS },
	{ "loglevel 7", LOGLEVEL, HARMLESS },
	{ "loglevel 8", LOGLEVEL, HARMLESS },
	{ "loglevel 9", LOGLEVEL, HARMLESS },
	[LOWER + 'b'] = { "reboot", BOOT, ENDS_HOST },
	[LOWER + 'c'] = { "crash", DUMP, ENDS_HOST },
	[LOWER + 'd'] = { "show-all-locks", ALL, PRINTS | HARMLESS },
	[LOWER + 'e'] = { "terminate-all-tasks", SIGNAL, 0 },
	[LOWER + 'f'] = { "memory-full-oom-kill", SIGNAL, 0 },
	[LOWER + 'g'] = { "debug", ALL, 0 },
	[LOWER + 'h'] = { "help", ALL, PRINTS | HARMLESS },
	[LOWER + 'i'] = { "kill-all-tasks", SIGNAL, 0 },
	[LOWER + 'j'] = { "thaw-filesystems", SIGNAL, 0 },
	[LOWER + 'k'] = { "sak", KEYBOARD, 0 },
	[LOWER + 'l'] = { "show-backtrace-all-active-cpus", DUMP,
			  PRINTS | HARMLESS },
	[LOWER + 'm'] = { "show-memory-usage", DUMP, PRINTS | HARMLESS },
	[LOWER + 'n'] = { "nice-all-RT-tasks", RTNICE, 0 },
	[LOWER + 'o'] = { "poweroff", BOOT, ENDS_HOST },
	[LOWER + 'p'] = { "show-registers", DUMP, PRINTS | HARMLESS },
	[LOWER + 'q'] = { "show-all-timers", ALL, PRINTS | HARMLESS },
	[LOWER + 'r'] = { "unraw", KEYBOARD, HARMLESS },
	[LOWER + 's'] = { "sync", SYNC, REPORTS | HARMLESS },
	[LOWER + 't'] = { "show-task-states", DUMP, PRINTS | HARMLESS },
	[LOWER + 'u'] = { "unmount", REMOUNT, REPORTS },
	[LOWER + 'v'] = { "force-fb", ALL, 0 },
	[LOWER + 'w'] = { "show-blocked-tasks", DUMP, PRINTS | HARMLESS },
	[LOWER + 'z'] = { "dump-ftrace-buffer", DUMP, PRINTS | HARMLESS },
	[UPPER + 'D'] = { "dump-sched-ext", RTNICE, PRINTS | HARMLESS },
	[UPPER + 'R'] = { "replay-kernel-logs", DUMP, HARMLESS },
	[UPPER + 'S'] = { "reset-sched-ext", RTNICE, 0 },
};

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

const char *srq_letter_name(int letter)
{
	int index = srq_letter_index(letter);

	return index < 0 ? NULL : table[index].name;
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
