/* SPDX-License-Identifier: GPL-2.0 */
/* Quantities from text and to text. */
#ifndef SRQ_TEXT_H
#define SRQ_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

enum { TEXT_MAX = 32 }; /* longest text of a quantity, with its NUL */

/* Decimal digits only, of which min <= *v <= max. */
bool text_to_number(const char *text, uint32_t min, uint32_t max, uint32_t *v);

/* Seconds such as 5 or 0.25 to milliseconds, within min and max ms. */
bool text_to_ms(const char *text, uint32_t min, uint32_t max, uint32_t *ms);

/* ns as "41 days 3 h", "3 h 12 min", "12 min 5 s" or "4.2 s". */
void text_of_duration(char out[TEXT_MAX], uint64_t ns);

/* The same in 7 characters at most: "412d", "41d 3h", "3h 12m", "12m 5s" or
 * "4.2s". */
void text_short_duration(char out[TEXT_MAX], uint64_t ns);

/* |v| */
uint64_t text_magnitude(int64_t v);

enum { DIFFERENCE_MAX = TEXT_MAX + 16 };

/* How a clock is off, ns: "2.5 s ahead of", "12 ms behind" */
void text_of_difference(char out[DIFFERENCE_MAX], int64_t ahead);

/* bytes as "58 MB" or "1.9 GB", in powers of 1024. */
void text_of_size(char out[TEXT_MAX], uint64_t bytes);

enum { PLACE_MAX = 80 };

/* "192.0.2.7:9" or "[2001:db8::7]:9", also with a zone. */
void text_of_place(char out[PLACE_MAX], const struct sockaddr *address);

/*
 * A name that came over the network as something that is safe on a terminal:
 * at most len - 1 characters, each of them printable ASCII.
 */
void text_printable(char *out, size_t len, const char *name);

/*
 * How many bytes the UTF-8 character has that text, which is not empty, begins
 * with; 0: that is none.
 */
size_t text_utf8(const char *text);

/*
 * Write text as valid UTF-8, with U+FFFD in place of any byte that is none;
 * label: escaped as the value of one of Prometheus' labels.
 */
void text_put_utf8(FILE *out, const char *text, bool label);

/*
 * A name cut in its middle to at most width characters, "datab~ample-7": many
 * hosts differ at their beginning, or at their end. In place.
 */
void text_fit(char *name, size_t width);

#endif
