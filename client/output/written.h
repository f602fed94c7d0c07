/* SPDX-License-Identifier: GPL-2.0 */
/* Says what could not be written: on a full disk, into a closed pipe. */
#ifndef SRQ_WRITTEN_H
#define SRQ_WRITTEN_H

#include <stdbool.h>

/* Keep up to a megabyte of stdout, and of stderr, in memory, where nobody reads it. Before any
 * output. */
void written_room(void);

/* Flush stdout and stderr, unless that would wait for a reader. written() tells what failed on
 * stdout. */
void written_flush(void);

/*
 * Has all output been written? Flushes stdout. False: something is lost, as has
 * been told on stderr, once: "cannot write WHAT: REASON".
 */
bool written(const char *what);

#endif
