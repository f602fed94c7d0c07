/* SPDX-License-Identifier: GPL-2.0 */
/* What is printed of the pressing of keys on many hosts, or as JSON. */
#ifndef SRQ_MANY_H
#define SRQ_MANY_H

#include "client/output/progress.h"
#include "client/press/run.h"

struct many {
	bool json;
	size_t hosts;
	size_t over;
	size_t failed;
	int name_width;
	uint64_t began;
	uint64_t redraw;
	struct progress progress;
};

void many_begin(struct many *many, const struct targets *targets, bool json,
		uint64_t now);

/* That run is over: its line, or its object. */
void many_over(struct many *many, struct run *run, uint64_t now);

/* On a terminal, how far it is. Returns when to call again, ns. */
uint64_t many_tick(struct many *many, uint64_t now);

/* All are over. */
void many_end(struct many *many);

#endif
