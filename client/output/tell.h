/* SPDX-License-Identifier: GPL-2.0 */
/* Prints every message on stderr, each as one sentence. */
#ifndef SRQ_TELL_H
#define SRQ_TELL_H

#include <stdbool.h>
#include <stdio.h>

/*
 * From now on name stands before each message, in place of send_sysrq, and copy
 * gets each message, too; NULL: no copy. Both stay the caller's.
 */
void tell_as(const char *name, FILE *copy);

/*
 * From now on the sentences go to stream alone, without the name before them; NULL:
 * to stderr again. It stays the caller's.
 */
void tell_into(FILE *stream);

/*
 * Print "send_sysrq: ", the sentence and a newline. On a terminal the sentence
 * is folded. "?" replaces control characters.
 */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/*
 * Tell what write() writes to out. data goes to write(). Nothing is told if
 * write() writes nothing, or if there is no memory.
 */
void tell_written(void (*write)(FILE *out, const void *data), const void *data);

/* The next three functions return false. */

/* Tell "cannot read WHAT FILE: REASON"; errno is the reason. */
bool tell_cannot_read(const char *what, const char *file);

/*
 * Tell "WHAT: 'VALUE' given, expected EXPECTED". what is the option or argument
 * that has this value.
 */
bool tell_bad(const char *what, const char *value, const char *expected);

/* Tell that the options a and b cannot be combined. */
bool tell_clash(const char *a, const char *b);

/*
 * Print text and a newline to out. On a terminal the text is folded, and all
 * lines but the first are indented.
 */
void tell_folded(FILE *out, const char *text);

#endif
