/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A made-up kernel log: records "<level>[seconds.micros] message\n". A message
 * may have several lines.
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

/* Several logs may have the same beginning. */
struct log {
	const struct records *beginning; /* NULL: nothing */
	struct records more;
	uint64_t first; /* those before are overwritten */
};

/*
 * So many records, always the same. Record N is of N * 10.007 ms, and has 0 to
 * 185 bytes more. All levels occur, and one record in 13 is from userspace
 * (facility 3).
 */
const struct records *records_make(size_t count);
/*
 * The records of a file: each line is a record, byte for byte. A line that begins
 * with `+` is, without the `+`, one more line of the record before it. NULL: see
 * errno.
 */
const struct records *records_read(const char *file);

/* The log begins anew. Its records before first count as overwritten. */
void log_begin(struct log *log, const struct records *beginning,
	       uint64_t first);
/* The number of the record to be written next. */
uint64_t log_next(const struct log *log);
void log_append(struct log *log, uint64_t boot_time, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Writes whole records from number *first on, as many as size bytes hold, and
 * returns their length. *first becomes the first record written, *next the one
 * after the last. *cut: the text is one record, and its end is cut off.
 */
size_t log_read(const struct log *log, uint64_t *first, uint64_t *next,
		char *text, size_t size, bool *cut);

#endif
