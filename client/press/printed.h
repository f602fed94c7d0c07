/* SPDX-License-Identifier: GPL-2.0 */
/* Reads from a host's log what the kernel prints for the pressed letters. */
#ifndef SRQ_PRINTED_H
#define SRQ_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/sysrq.h"

/* Begins as { .host = host }. The caller calls printed_free(). */
struct printed {
	struct sysrq_host *host;
	uint64_t next;   /* number of the first record not read */
	uint64_t wanted; /* read up to this record, not included */
	uint64_t asked;  /* wanted, as the present reading began */
	bool begun;      /* next is known */
	bool reading;
	bool failed;     /* nothing more can be read */
	bool no_room;    /* ... because this machine has no memory for it */
	bool incomplete; /* records were overwritten before they were read */
	char *text;      /* read, but not yet taken */
	size_t len;      /* bytes of text */
	size_t size;     /* bytes that text has room for */
};

#define PRINTED_ALL UINT64_MAX

/*
 * Read up to record end, not included; PRINTED_ALL: up to the end that the log
 * has by then. The first call begins with record first.
 */
void printed_read(struct printed *p, uint64_t first, uint64_t end);

/* True: all wanted records have been read, or nothing more can be read. */
bool printed_settled(const struct printed *p);

/* Read no more. What has not been read is missing. */
void printed_stop(struct printed *p);

/*
 * The pressing has ended, at the time ended, when the log was known up to this
 * record. What the log has behind it is read for no longer than timeout, and
 * the rest not much longer. Returns the time of the next call; now: the reading
 * has been stopped; UINT64_MAX: none is needed.
 */
uint64_t printed_limit(struct printed *p, uint64_t now, uint64_t known,
		       uint64_t ended, uint64_t timeout);

/* Take SYSRQ_EVENT_TEXT or SYSRQ_EVENT_LOG_END of the host. */
void printed_event(struct printed *p, const struct sysrq_event *event);

/*
 * Take off the text what one letter printed. The kernel begins it with a line
 * "sysrq: ...". last: take all the text.
 *
 * put gets data and each line: len bytes with a newline. NULL: drop the lines.
 * It does not get the lines of our own module, which name the operator.
 */
void printed_take_section(struct printed *p, bool last,
			  void (*put)(void *data, const char *text, size_t len),
			  void *data);

/* Take the first len bytes off the text. */
void printed_drop(struct printed *p, size_t len);

/* Free the text. Not p itself. */
void printed_free(struct printed *p);

#endif
