/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes the keys that operators share with many hosts, on all CPUs: each takes
 * far longer than asking the host.
 */
#ifndef SRQ_SHARED_H
#define SRQ_SHARED_H

#include <stddef.h>

#include "lib/sysrq.h"

/* The caller owns what the pointers point to. */
struct shared {
	const struct sysrq_pair *pair; /* NULL: key is made already */
	const struct sysrq_public *host;
	struct sysrq_key key; /* the caller wipes it */
	int err;              /* of sysrq_key_from_pair() */
};

/* Makes the keys of count elements, and sets their err. */
void shared_make(struct shared *list, size_t count);

#endif
