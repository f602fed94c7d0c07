// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "keyname.h"
#include "message.h"
#include "sysrq.h"

/* By srq_key_index(): 0-9, a-z, A-Z. */
static const char *const names[SRQ_KEY_COUNT] = {
	"loglevel 0",
	"loglevel 1",
	"loglevel 2",
	"loglevel 3",
	"loglevel 4",
	"loglevel 5",
	"loglevel 6",
	"loglevel 7",
	"loglevel 8",
	"loglevel 9",
	"a",
	"reboot",
	"crash",
	"show-all-locks",
	"terminate-all-tasks",
	"memory-full-oom-kill",
	"debug",
	"help",
	"kill-all-tasks",
	"thaw-filesystems",
	"sak",
	"show-backtrace-all-active-cpus",
	"show-memory-usage",
	"nice-all-RT-tasks",
	"poweroff",
	"show-registers",
	"show-all-timers",
	"unraw",
	"sync",
	"show-task-states",
	"unmount",
	"force-fb",
	"show-blocked-tasks",
	"x",
	"y",
	"dump-ftrace-buffer",
	"A",
	"B",
	"C",
	"dump-sched-ext",
	"E",
	"F",
	"G",
	"H",
	"I",
	"J",
	"K",
	"L",
	"M",
	"N",
	"O",
	"P",
	"Q",
	"replay-kernel-logs",
	"reset-sched-ext",
	"T",
	"U",
	"V",
	"W",
	"X",
	"Y",
	"Z",
};

const char *sysrq_name(char sysrq)
{
	int index = srq_key_index((unsigned char)sysrq);

	return index < 0 ? NULL : names[index];
}

char sysrq_of_name(const char *name)
{
	for (int i = 0; i < SRQ_KEY_COUNT; i++) {
		/* A letter alone is a key that has no name. */
		if (names[i][1] && !strcmp(names[i], name))
			return srq_key_of_index(i);
	}
	return 0;
}

bool srq_key_ends_host(char key)
{
	return key == 'b' || key == 'c' || key == 'o';
}
