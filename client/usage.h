/* SPDX-License-Identifier: GPL-2.0 */
/* What is wrong with a command line: one sentence on stderr. */
#ifndef SRQ_USAGE_H
#define SRQ_USAGE_H

#include <stdbool.h>

/* All of them return false. */

/* what: the option or argument that value was given for. */
bool usage_bad(const char *what, const char *value, const char *expected);

bool usage_clash(const char *a, const char *b);

/*
 * command: what --help stands behind. opt: what getopt returned, '?' or ':'.
 * arg: what it had last taken of argv.
 */
bool usage_bad_option(const char *command, int opt, const char *arg);

#endif
