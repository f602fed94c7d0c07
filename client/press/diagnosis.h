/* SPDX-License-Identifier: GPL-2.0 */
/* The file that a diagnosis is written to. */
#ifndef SRQ_DIAGNOSIS_H
#define SRQ_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client/output/logtext.h"

/* Begins as {0}. */
struct diagnosis {
	FILE *file; /* NULL: not open */
	char name[128];
	bool written; /* as far as it could be, and its user may be told so */
	struct logtext logtext;
};

/* These return false where the reason has been told on stderr. */

/*
 * Make a new file NAME-YYYYMMDD-HHMMSS.log in the working folder, which its owner
 * alone may read.
 */
bool diagnosis_create(struct diagnosis *d, const char *name);

/* Write len bytes of a host's log, whole lines. */
bool diagnosis_write(struct diagnosis *d, const char *text, size_t len);

/* Close the file, if it is open. */
bool diagnosis_close(struct diagnosis *d);

#endif
