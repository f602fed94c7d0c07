/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is printed of the pressing of letters on many hosts: a line for each as it
 * is over, with what its kernel printed, and on a terminal how far it is.
 */
#ifndef SRQ_MANY_H
#define SRQ_MANY_H

#include "client/output/progress.h"
#include "client/press/run.h"

struct many_host;

struct many {
	const struct target *first; /* the hosts' targets, in a row */
	struct many_host *host_list;
	size_t hosts;
	size_t over;
	size_t failed;
	int name_width;
	uint64_t began;
	uint64_t redraw;
	struct progress progress;
};

/* Its data is a struct many. */
extern const struct run_listener many_listener;

/* progress: the stream for how far it is. False: no memory. */
bool many_begin(struct many *many, const struct targets *targets,
		FILE *progress);

/* On a terminal, how far it is. Returns when to call again, ns. */
uint64_t many_tick(struct many *many, uint64_t now);

/* All are over: say how many went well. Frees what many holds. */
void many_end(struct many *many);

/* Count a host that is over; call it before its line is printed. */
void many_count(struct many *many, const struct run *run);

enum { MANY_WORDS_MAX = 128 };

/* How a host's run went, in a few words: "carried out, reboots", "no answer" */
void many_words(char out[MANY_WORDS_MAX], const struct run *run);

#endif
