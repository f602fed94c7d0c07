/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints a host's kernel log, for a terminal or byte for byte. What a terminal
 * can show is the locale's affair: setlocale(LC_CTYPE, "") comes first.
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

struct logtext {
	FILE *out;
	unsigned int level; /* 0-7: print lines of that and more severe ones */
	uint64_t since;	    /* ns since boot: print no line of before */
	size_t last; /* print the last so many, as logtext_flush() is called */
	const char *prefix; /* stands before each line; NULL: none */
	unsigned int width; /* of the terminal; 0: it is none */
	bool colour;	    /* on a terminal */
	/* Its own: */
	bool early; /* the last line with a time was of before since */
	size_t kept;
	STAILQ_HEAD(, logtext_line) lines; /* the last ones */
};

/* "err" or "3". False: no level. */
bool logtext_level(const char *text, unsigned int *level);

/* With all lines printed at once, as they are; set what shall differ. */
void logtext_begin(struct logtext *log, FILE *out);

/*
 * Print, or keep, the lines of len bytes as sysrq_host_text() gives them. A
 * line without a time has that of the line before it, one without a level has
 * level 6. False: no memory to keep a line.
 */
bool logtext_print(struct logtext *log, const char *text, size_t len);

/* Print and free what was kept; from now on all is printed at once. */
void logtext_flush(struct logtext *log);

#endif
