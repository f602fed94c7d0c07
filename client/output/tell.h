/* SPDX-License-Identifier: GPL-2.0 */
/* Every message on stderr: one sentence. */
#ifndef SRQ_TELL_H
#define SRQ_TELL_H

#include <stdbool.h>
#include <stdio.h>

/*
 * "send_sysrq: ", the sentence and a newline; on a terminal in lines that fit,
 * and in one line elsewhere.
 */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/* What write() writes as one such sentence; nothing where it writes nothing. */
void tell_written(void (*write)(FILE *out, const void *data), const void *data);

/* These return false. */

/* "cannot read WHAT FILE: strerror(errno)" */
bool tell_cannot_read(const char *what, const char *file);

/*
 * "WHAT: 'VALUE' given, expected EXPECTED". what: the option or argument that
 * value was given for.
 */
bool tell_bad(const char *what, const char *value, const char *expected);

/* "A and B exclude each other" */
bool tell_clash(const char *a, const char *b);

/* Text in lines that fit the terminal, if out is one, the second indented. */
void tell_folded(FILE *out, const char *text);

#endif
