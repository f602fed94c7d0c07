// SPDX-License-Identifier: GPL-2.0
/* The public functions for letters: their names, and what core/letter knows. */
#include <assert.h>
#include <string.h>

#include "core/letter.h"
#include "lib/sysrq.h"

static_assert((int)SYSRQ_LETTERS == (int)SRQ_LETTERS, "letters");

/* What the kernel's help calls them, in Linux 5.10 to 7.3 */
static const struct {
	char letter;
	const char *name;
} names[] = {
	{ '0', "loglevel 0" },
	{ '1', "loglevel 1" },
	{ '2', "loglevel 2" },
	{ '3', "loglevel 3" },
	{ '4', "loglevel 4" },
	{ '5', "loglevel 5" },
	{ '6', "loglevel 6" },
	{ '7', "loglevel 7" },
	{ '8', "loglevel 8" },
	{ '9', "loglevel 9" },
	{ 'b', "reboot" },
	{ 'c', "crash" },
	{ 'd', "show-all-locks" },
	{ 'e', "terminate-all-tasks" },
	{ 'f', "memory-full-oom-kill" },
	{ 'g', "debug" },
	{ 'h', "help" },
	{ 'i', "kill-all-tasks" },
	{ 'j', "thaw-filesystems" },
	{ 'k', "sak" },
	{ 'l', "show-backtrace-all-active-cpus" },
	{ 'm', "show-memory-usage" },
	{ 'n', "nice-all-RT-tasks" },
	{ 'o', "poweroff" },
	{ 'p', "show-registers" },
	{ 'q', "show-all-timers" },
	{ 'r', "unraw" },
	{ 's', "sync" },
	{ 't', "show-task-states" },
	{ 'u', "unmount" },
	{ 'v', "force-fb" },
	{ 'w', "show-blocked-tasks" },
	{ 'z', "dump-ftrace-buffer" },
	{ 'D', "dump-sched-ext" },
	{ 'R', "replay-kernel-logs" },
	{ 'S', "reset-sched-ext" },
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

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

	for (size_t i = 0; i < NAMES; i++) {
		if (names[i].letter == letter)
			return names[i].name;
	}
	return index < 0 ? NULL : own[index];
}

char sysrq_letter_of_name(const char *name)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (!strcmp(names[i].name, name))
			return names[i].letter;
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
