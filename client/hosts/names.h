/* SPDX-License-Identifier: GPL-2.0 */
/* Makes the list of hosts from patterns such as web[01-40], and from files. */
#ifndef SRQ_HOSTS_H
#define SRQ_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HOSTS_MAX = 65536,
	HOSTS_NAME_MAX = 253, /* bytes, without the NUL */
};

/* Begins as {0}. Each name is there once, in the order of adding. */
struct hosts {
	size_t count;
	char **names;
	void *tree; /* finds a name: tsearch(3) */
};

/*
 * hosts_add() and hosts_read(): false: the reason has been told on stderr, and
 * hosts is as before.
 */

/* Add the hosts of a pattern. */
bool hosts_add(struct hosts *hosts, const char *pattern);

/* Add the hosts of a file: a pattern on each line. "-" is standard input. */
bool hosts_read(struct hosts *hosts, const char *file);

/* Free the names, and empty hosts. Not hosts itself. */
void hosts_free(struct hosts *hosts);

#endif
