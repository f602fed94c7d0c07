/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel prints for the letters that are pressed, read as it comes. */
#ifndef SRQ_PRINTED_H
#define SRQ_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/sysrq.h"

struct printed {
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

#define PRINTED_ALL UINT64_MAX

/*
 * Read on, from record first where nothing has been read, up to record end or
 * PRINTED_ALL there are by then.
 */
void printed_read(struct printed *p, uint64_t first, uint64_t end);

/* Has all been read that was wanted, or can no more be had? */
bool printed_settled(const struct printed *p);

/* Take EVENT_TEXT and EVENT_LOG_END of the host. */
void printed_event(struct printed *p, const struct sysrq_event *event);

/*
 * Take what one letter printed off the text; the kernel begins it with a line
 * "sysrq: ..." for each letter. last: take all that there is. put (NULL: nobody)
 * gets it a line at a time, but not this module's own lines, which tell who
 * pressed the letters.
 */
void printed_take_section(struct printed *p, bool last,
			  void (*put)(void *data, const char *text, size_t len),
			  void *data);

/* The first len bytes of the text have been used. */
void printed_drop(struct printed *p, size_t len);
void printed_free(struct printed *p);

#endif
