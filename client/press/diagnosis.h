/* SPDX-License-Identifier: GPL-2.0 */
/* Writes the file of a diagnosis, or of the last words: the log of one host. */
#ifndef SRQ_DIAGNOSIS_H
#define SRQ_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client/output/logtext.h"

/* Begins as {0}. */
struct diagnosis {
	FILE *file;     /* NULL: not open */
	char name[128]; /* of the file; "": diagnosis_create() was not called */
	bool written;   /* run.c sets it: the user is to be told the name */
	uint64_t size;  /* bytes written */
	struct logtext logtext;
};

/* These functions return false if the reason has been told on stderr. */

/*
 * Create the file NAME-YYYYMMDD-HHMMSS.log in the working folder. Only its
 * owner may read it. name is the name of the host.
 */
bool diagnosis_create(struct diagnosis *d, const char *name);

/* Write len bytes of log, whole lines. False: the file has been closed, too. */
bool diagnosis_write(struct diagnosis *d, const char *text, size_t len);

/* True: the file has so much text that it can be no honest log. */
bool diagnosis_full(const struct diagnosis *d);

/* Close the file, if it is open. Then it is on the disk. */
bool diagnosis_close(struct diagnosis *d);

#endif
