/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A made-up kernel log: records "<level>[seconds.micros] message\n", of which
 * each may have several lines.
 */
#ifndef RESPONDER_LOG_H
#define RESPONDER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record {
	char *text;
	size_t len;
};

struct records {
	size_t count;
	struct record *at;
};

/* What it begins with may be another log's beginning, too. */
struct log {
	const struct records *beginning; /* NULL: nothing */
	struct records more;
	uint64_t first; /* those before are overwritten */
};

/*
 * So many records, always the same: record N at N * 10.007 ms, of 0 to 185
 * bytes more, of all levels, one in 13 from userspace (facility 3).
 */
const struct records *records_make(size_t count);
/*
 * Of a file: a record a line, byte for byte. What stands in a line after a `+`
 * is a further line of the record before it. NULL: errno.
 */
const struct records *records_read(const char *file);

/* What it had before is gone; now the records before first are overwritten. */
void log_begin(struct log *log, const struct records *beginning,
	       uint64_t first);
/* The number of the record to be written next. */
uint64_t log_next(const struct log *log);
void log_append(struct log *log, uint64_t boot_time, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Whole records from number *first on, as many as size bytes hold: returns
 * their length. *first: the first given. *next: the one after the last. *cut:
 * there is only one, and it is cut.
 */
size_t log_read(const struct log *log, uint64_t *first, uint64_t *next,
		char *text, size_t size, bool *cut);

#endif
