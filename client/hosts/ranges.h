/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the characters and the brackets of a name such as web[01-40,50]. The
 * grammar is that of ClusterShell's nodeset.
 */
#ifndef SRQ_RANGES_H
#define SRQ_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers from, from + step ... up to `to`, each of width digits at least. */
struct range {
	uint64_t from, to, step;
	int width;
};

/*
 * Read the range after the '[' or ',' at *text, and move *text to the ',' or
 * ']' after it. NULL: it is read. Otherwise: what was expected.
 */
const char *range_read(const char **text, struct range *r);

/* How many numbers the range has, at most 10^18. */
uint64_t range_count(const struct range *r);

/* The length of an element of a list: up to a ',' outside brackets. */
size_t element_length(const char *list);

/*
 * Check the characters of an element outside brackets: those of names, and
 * those of others. NULL: they are good. Otherwise: what was expected.
 */
const char *element_check(const char *element, const char *others);

#endif
