/* SPDX-License-Identifier: GPL-2.0 */
/* How many hosts one command may have: as many as the memory is enough for. */
#ifndef SRQ_MOST_H
#define SRQ_MOST_H

#include <stddef.h>

/* A host takes so much memory at most, in bytes. */
enum { HOST_MEMORY = 1024 };

/* Returns the number. It depends on the memory of this machine, and on the
 * limits of this process. */
size_t hosts_most(void);

/* Returns what was expected instead of more hosts: a text that is valid until
 * the next call. */
const char *hosts_expected(void);

#endif
