/* SPDX-License-Identifier: GPL-2.0 */
/* Shows on the last line of a terminal how many hosts have answered. */
#ifndef SRQ_PROGRESS_H
#define SRQ_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

/* Begins as { .out = stream }. If out is not a terminal, nothing is written. */
struct progress {
	FILE *out;
	int columns; /* of the line that is shown; 0: none is shown */
};

/*
 * Show "12 of 40 answered, 28 to go, 3.2 s" in place of the line before. ns is
 * the time since the beginning.
 */
void progress_draw(struct progress *progress, unsigned int answered,
		   unsigned int hosts, unsigned int to_go, uint64_t ns);

/* Erase the line: call it before any other output to the terminal. */
void progress_erase(struct progress *progress);

/*
 * The same for the line that stands there, whichever it is: tell() calls it. The
 * progress must live until progress_erase() has been called.
 */
void progress_clear(void);

#endif
