/* SPDX-License-Identifier: GPL-2.0 */
/* What there is to say on stderr: one sentence. */
#ifndef SRQ_TELL_H
#define SRQ_TELL_H

#include <stdio.h>

/*
 * "send_sysrq: ", the sentence and a newline; on a terminal in lines that fit,
 * and in one line elsewhere.
 */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/* Text in lines that fit the terminal, if out is one, the second indented. */
void tell_folded(FILE *out, const char *text);

#endif
