/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Matches a host with the patterns after Host in a configuration file. Their
 * grammar is that of names.h, with the wildcards * ? ! of ssh_config(5).
 */
#ifndef SRQ_PATTERNS_H
#define SRQ_PATTERNS_H

#include <stdbool.h>

/*
 * Check words, with blanks or commas between the patterns, and replace each @group
 * by its hosts. *result becomes the patterns for patterns_match(); the caller
 * frees it. NULL: all is well. Otherwise: what was expected; *result is NULL.
 */
const char *patterns_read(const char *words, char **result);

/* A pattern after "!" excludes hosts. True: the patterns mean this host. */
bool patterns_match(const char *patterns, const char *host);

/* True: one of the patterns is exactly this name. */
bool patterns_name(const char *patterns, const char *host);

#endif
