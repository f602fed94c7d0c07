/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Says how the asking or pressing of one host ended: in a sentence, in a few
 * words for a line of a table, and as an exit status. sentence.c has a row for
 * each end and each refusal.
 */
#ifndef SRQ_SENTENCE_H
#define SRQ_SENTENCE_H

#include <stdio.h>

#include "client/output/exit.h"
#include "lib/sysrq.h"

struct about {
	const char *name; /* of the host, safe to print */
	unsigned int port;
	uint64_t timeout; /* ns: how long send_sysrq waited for an answer */
	bool pressing;    /* false: it asked for a status or a log */
	const struct sysrq_outcome *outcome;
};

/* These functions write no newline. */

/* Write how it ended. If all went well, write nothing. */
void sentence_end(FILE *out, const struct about *about);

/* Write the end in a few words, such as "carried out, reboots". */
void sentence_short(FILE *out, const struct sysrq_outcome *outcome);

/* The first two sentences as a line on stderr. */
void sentence_tell_one_way(const struct about *about);
void sentence_tell_end(const struct about *about);

/*
 * Why the log of a host is not complete, as what stands behind its name. log: as
 * it ended; NULL: send_sysrq gave up.
 */
const char *sentence_log(const struct sysrq_log *log);

/* The exit status for an outcome. */
enum exit_status sentence_exit(const struct sysrq_outcome *outcome);

/* The word for a step's fate, such as "done". */
const char *sentence_fate(enum sysrq_fate fate);

#endif
