/* SPDX-License-Identifier: GPL-2.0 */
/* On a terminal, a last line that says how far it has come. */
#ifndef SRQ_PROGRESS_H
#define SRQ_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

/* Begins as { .out = stream }. On no terminal nothing is written to it. */
struct progress {
	FILE *out;
	int columns; /* of the line that stands there */
};

/* "12 of 40 answered, 28 to go, 3.2 s", over what stood there. ns: since it
 * began. */
void progress_draw(struct progress *progress, unsigned int answered,
		   unsigned int hosts, unsigned int to_go, uint64_t ns);

/* Before anything else is printed on that terminal, and at the end. */
void progress_erase(struct progress *progress);

#endif
