/* SPDX-License-Identifier: GPL-2.0 */
/* One sentence for whatever did not go as it should, and its exit status. */
#ifndef SRQ_SENTENCE_H
#define SRQ_SENTENCE_H

#include <stdio.h>

#include "client/output/exit.h"
#include "lib/sysrq.h"

struct about {
	FILE *out;
	bool pressing;	  /* not asking for a log */
	const char *name; /* of the host, safe to print */
	unsigned int port;
	uint64_t timeout; /* ns */
	const struct sysrq_outcome *outcome;
};

/*
 * These three write to out, no newline, and nothing where all went well. Those
 * that tell write a line to stderr, or none.
 */

/* No status came and the command goes one-way. */
void sentence_one_way(const struct about *about);

/* How it ended. now: ns */
void sentence_end(const struct about *about, uint64_t now);

void sentence_tell_one_way(struct about *about);
void sentence_tell_end(struct about *about, uint64_t now);

/* The same in a few words, for a line of a table; "carried out", ... */
void sentence_short(const struct about *about);

/* The exit status for the way that it ended. */
enum exit_status sentence_exit(const struct sysrq_outcome *o);

#endif
