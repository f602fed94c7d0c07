/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of the asking or pressing of one host: one sentence, a few words
 * for a line of a table, and the exit status. Each end and each refusal is a row
 * of sentence.c.
 */
#ifndef SRQ_SENTENCE_H
#define SRQ_SENTENCE_H

#include <stdio.h>

#include "client/output/exit.h"
#include "lib/sysrq.h"

struct about {
	const char *name; /* of the host, safe to print */
	unsigned int port;
	uint64_t timeout; /* ns: how long an answer was waited for */
	bool pressing;	  /* not asking for a status or a log */
	const struct sysrq_outcome *outcome;
};

/* No status came, and the command goes one-way. Without a newline, as all. */
void sentence_one_way(FILE *out, const struct about *about);

/* How it ended; nothing where all went well. */
void sentence_end(FILE *out, const struct about *about);

/* The same in a few words: "carried out, reboots". Reads the outcome alone. */
void sentence_short(FILE *out, const struct sysrq_outcome *outcome);

/* The first two as a line on stderr. */
void sentence_tell_one_way(const struct about *about);
void sentence_tell_end(const struct about *about);

enum exit_status sentence_exit(const struct sysrq_outcome *outcome);

/* The word for a step's fate: "done". */
const char *sentence_fate(enum sysrq_fate fate);

#endif
