/* SPDX-License-Identifier: GPL-2.0 */
/* Writes the user's file of known hosts. */
#ifndef SRQ_KNOWNFILE_H
#define SRQ_KNOWNFILE_H

#include "client/output/exit.h"

/*
 * Put a line into the user's file: names with commas between them, and the key
 * of that host. The line takes the place of the lines that have one of the
 * names. EXIT_USAGE, EXIT_MACHINE: the file is as before, and the reason has been
 * told on stderr.
 */
enum exit_status knownfile_set(const char *names, const char *key);

#endif
