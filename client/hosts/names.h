/* SPDX-License-Identifier: GPL-2.0 */
/* Which hosts are meant: patterns such as web[01-40], and files of them. */
#ifndef SRQ_HOSTS_H
#define SRQ_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HOSTS_MAX = 65536,
	HOSTS_NAME_MAX = 253, /* bytes */
};

/* Begins as {0}. Names stand in the order in which they came, each once. */
struct hosts {
	size_t count;
	char **names;
	void *tree; /* of the names, to find them again */
};

/*
 * Both of them return false with one sentence on stderr, and hosts as it was,
 * when something is wrong.
 */

/* Add the hosts that a pattern means. */
bool hosts_add(struct hosts *hosts, const char *pattern);

/* Add those of a file, "-" for standard input: a pattern a line. */
bool hosts_read(struct hosts *hosts, const char *file);

void hosts_free(struct hosts *hosts);

#endif
