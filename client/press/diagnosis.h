/* SPDX-License-Identifier: GPL-2.0 */
/* The file that a diagnosis is written to. */
#ifndef SRQ_DIAGNOSIS_H
#define SRQ_DIAGNOSIS_H

#include <stddef.h>
#include <stdio.h>

/*
 * A new file NAME-YYYYMMDD-HHMMSS.log in the working folder, for its owner
 * alone; its name into file_name of size bytes. NULL: the reason has been told
 * on stderr.
 */
FILE *diagnosis_create(char *file_name, size_t size, const char *name);

/* It cannot be written to, as errno says: tell so. */
void diagnosis_failed(const char *file_name);

#endif
