/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hosts whose public keys this operator has: ~/.config/send_sysrq/known_hosts
 * and /etc/send_sysrq/known_hosts.
 */
#ifndef SRQ_KNOWN_H
#define SRQ_KNOWN_H

#include <stdbool.h>

#include "lib/sysrq.h"

struct known;

/*
 * Read both files, as far as they exist. A bad line is told on stderr, and
 * skipped, and so is the system's file if it cannot be read or trusted, unless all is
 * true: then that is a fault. The caller frees *known with known_free(). False: the reason has been
 * told on stderr, and there is nothing to free.
 */
bool known_load(struct known **known, bool all);

/* True: no line was skipped, and no file. */
bool known_whole(const struct known *known);

/* True: the system's file was skipped. A name that is not found may stand there. */
bool known_partial(const struct known *known);

/*
 * Return the public key of the host with this name or address; NULL: it is not
 * known. It is valid as long as known.
 */
const struct sysrq_public *known_find(const struct known *known,
				      const char *name);

/*
 * Return the names of the line with this index, from 0 on; NULL: there is no such
 * line. *count: how many there are. They are valid as long as known. A name counts
 * for this line if known_find() returns *key for it, the same pointer.
 */
const char *const *known_names(const struct known *known, size_t index,
			       size_t *count, const struct sysrq_public **key);

/*
 * Return a name or address of the host with this key: the one after last, which
 * this function has returned, or the first one. NULL: there is none.
 */
const char *known_name_of(const struct known *known,
			  const struct sysrq_public *key, const char *last);

/* NULL is allowed. */
void known_free(struct known *known);

#endif
