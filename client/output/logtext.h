/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints the kernel log of a host: folded and coloured on a terminal, otherwise
 * byte for byte.
 */
#ifndef SRQ_LOGTEXT_H
#define SRQ_LOGTEXT_H

#include <bsd/sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/sysrq.h"

#define LOGTEXT_ALL SIZE_MAX

struct logtext_line;

/* logtext_begin() sets all members. The caller may change the first seven. */
struct logtext {
	FILE *out;
	unsigned int level; /* 0-7: print this level and more severe ones */
	uint64_t since;     /* ns since boot: print no earlier line */
	size_t last;        /* keep only so many lines, for logtext_flush() */
	const char *prefix; /* printed before each line; NULL: nothing */
	unsigned int width; /* columns of the terminal; 0: not a terminal */
	bool colour;        /* not used if width is 0 */
	/* For logtext.c alone: */
	bool early;  /* the last line with a time was earlier than since */
	size_t kept; /* the number of lines */
	STAILQ_HEAD(, logtext_line) lines;
};

/*
 * From now on this locale says which characters the terminal can show; "": that of the
 * environment. The rest of the program keeps the locale C: in a Turkish one, i is not
 * the small letter of I.
 */
void logtext_locale(const char *name);

/* Read a level such as "err" or "3". False: text is not a level. */
bool logtext_level(const char *text, unsigned int *level);

/* Print all lines to out at once, byte for byte, unless members are changed. */
void logtext_begin(struct logtext *log, FILE *out);

/*
 * Print or keep the lines in len bytes of text, which sysrq_host_text() gave. A
 * line without a time has the time of the line before. A line without a level
 * has level 6. False: out of memory to keep a line; nothing has been told.
 */
bool logtext_print(struct logtext *log, const char *text, size_t len);

/* Print and free the kept lines. From now on, lines are printed at once. */
void logtext_flush(struct logtext *log);

#endif
