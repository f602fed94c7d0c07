/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and writes quantities, addresses and names as text. */
#ifndef SRQ_TEXT_H
#define SRQ_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

enum { TEXT_MAX = 32 }; /* bytes of the longest quantity, with its NUL */

/*
 * Read a number of decimal digits only, at most 9. False: text is not such a
 * number from min to max, and *v is undefined.
 */
bool text_to_number(const char *text, uint32_t min, uint32_t max, uint32_t *v);

/*
 * Read seconds, such as 5 or 0.25, as milliseconds. False: text is not a time
 * from min to max ms, and *ms is undefined.
 */
bool text_to_ms(const char *text, uint32_t min, uint32_t max, uint32_t *ms);

/* Copy text in small letters, cut to size bytes with the NUL. */
void text_small(char *out, size_t size, const char *text);

/* Write ns as "41 days 3 h", "3 h 12 min", "12 min 5 s" or "4.2 s". */
void text_of_duration(char out[TEXT_MAX], uint64_t ns);

/* The same in at most 7 characters: "412d", "41d 3h", "12m 5s" or "4.2s". */
void text_short_duration(char out[TEXT_MAX], uint64_t ns);

/* The absolute value of v. */
uint64_t text_magnitude(int64_t v);

enum { DIFFERENCE_MAX = TEXT_MAX + 16 };

/*
 * Write how far a clock is ahead, in ns, or behind, if below 0: "2.5 s ahead
 * of" or "12 ms behind".
 */
void text_of_difference(char out[DIFFERENCE_MAX], int64_t ahead);

/* Write bytes as "58 MB" or "1.9 GB"; a kB is 1024 bytes. */
void text_of_size(char out[TEXT_MAX], uint64_t bytes);

enum { PLACE_MAX = 80 };

/*
 * Write an IPv4 or IPv6 address and its port as "192.0.2.7:9" or
 * "[2001:db8::7]:9". A zone is included.
 */
void text_of_place(char out[PLACE_MAX], const struct sockaddr *address);

/*
 * Make a name from the network safe to print: "?" replaces blanks and all but
 * printable ASCII. len is the size of out; a longer name is cut.
 */
void text_printable(char *out, size_t len, const char *name);

/*
 * The number of bytes of the UTF-8 character that text begins with. text is not
 * empty. 0: it does not begin with a valid character.
 */
size_t text_utf8(const char *text);

/*
 * The length of the byte-order mark that len bytes of text begin with, as some
 * editors write it. 0: there is none.
 */
size_t text_mark(const char *text, size_t len);

/*
 * Write text to out as valid UTF-8; U+FFFD replaces other bytes. label: escape
 * it as the value of a label in Prometheus' format.
 */
void text_put_utf8(FILE *out, const char *text, bool label);

/*
 * Cut name, in place, to at most width characters: "datab~ample-7". The middle
 * is left out, because many names differ at the beginning or at the end.
 */
void text_fit(char *name, size_t width);

#endif
