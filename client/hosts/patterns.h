/* SPDX-License-Identifier: GPL-2.0 */
/* Matches a host with the patterns after Host in a configuration file. */
#ifndef SRQ_PATTERNS_H
#define SRQ_PATTERNS_H

#include <stdbool.h>

enum { PATTERN_MAX = 255 }; /* bytes of one pattern, without "!" */

/*
 * There are blanks between the patterns. A pattern after "!" excludes hosts.
 * 1: the patterns mean this host. 0: they do not. -1: a pattern is empty or too
 * long, or all of them exclude hosts; nothing has been told.
 */
int patterns_match(const char *patterns, const char *host);

/* True: one of the patterns is exactly this name. */
bool patterns_name(const char *patterns, const char *host);

#endif
