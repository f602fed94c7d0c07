/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel prints for the keys that are pressed, read as it comes. */
#ifndef SRQ_OUTPUT_H
#define SRQ_OUTPUT_H

#include "client/output/logtext.h"
#include "lib/sysrq.h"

struct output {
	struct sysrq_host *host;
	uint64_t next;	 /* number of the first record not read */
	uint64_t wanted; /* read up to that one */
	uint64_t asked;	 /* the same of the reading that goes on */
	bool begun;	 /* next is known */
	bool reading;
	bool failed;	 /* its log gives no more */
	bool incomplete; /* some was overwritten before it was read */
	char *text;	 /* read and not yet taken, len bytes */
	size_t len;
	size_t size;
};

#define OUTPUT_ALL UINT64_MAX

/*
 * Read on, from record first where nothing has been read, up to record end or
 * OUTPUT_ALL there are by then.
 */
void output_read(struct output *o, uint64_t first, uint64_t end);

/* Has all been read that was wanted, or can no more be had? */
bool output_settled(const struct output *o);

/* Take EVENT_TEXT and EVENT_LOG_END of the host. */
void output_event(struct output *o, const struct sysrq_event *event);

/*
 * Take what one key printed from the text, which the kernel heads with a line
 * "sysrq: ..." for each; last: all that there is. Print it to log, where that
 * is not NULL, but for this module's lines, which tell who pressed the keys.
 */
void output_print_section(struct output *o, struct logtext *log, bool last);

/* The first len bytes of the text have been used. */
void output_drop(struct output *o, size_t len);
void output_free(struct output *o);

#endif
