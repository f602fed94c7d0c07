/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints the pressing on many hosts: a line when a host is over, followed by
 * what its kernel printed. A terminal also shows how many hosts are over.
 */
#ifndef SRQ_MANY_H
#define SRQ_MANY_H

#include "client/output/progress.h"
#include "client/press/run.h"

/* many_begin() sets all members; they are for many.c alone. */
struct many {
	size_t hosts;
	size_t over;
	size_t failed;  /* over, with an exit status that is not 0 */
	bool unwritten; /* JSON: a line could not be written */
	int name_width;
	size_t kept;     /* bytes of text of all hosts */
	bool cut;        /* text was left out, and this was told */
	uint64_t began;  /* ns */
	uint64_t redraw; /* ns: when to draw the progress next */
	struct progress progress;
};

/* The data for run_begin() is a struct many. */
extern const struct run_listener many_listener;

/*
 * progress is the stream for the progress, shown if it is a terminal. The
 * caller calls many_end().
 */
void many_begin(struct many *many, const struct targets *targets,
		FILE *progress);

/* Draw the progress. Returns when to call it again, in ns, or UINT64_MAX. */
uint64_t many_tick(struct many *many, uint64_t now);

/* Print on stderr how many hosts went well. */
void many_end(struct many *many);

/* Count a host that is over. Call it before its line is printed. */
void many_count(struct many *many, const struct run *run);

enum { MANY_WORDS_MAX = 128 };

/* How a run ended, in a few words, such as "carried out, reboots". */
void many_words(char out[MANY_WORDS_MAX], const struct run *run);

#endif
