/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notes which targets are one host: those with one public key, whatever their
 * names. Another key is another host at the same address. A host with a password
 * has only its addresses.
 */
#ifndef SRQ_SAME_H
#define SRQ_SAME_H

#include <sys/socket.h>

#include "client/hosts/index.h"

struct target;

/* Begins as {0}. */
struct same {
	struct index keys;   /* targets, by their public key */
	struct index places; /* addresses of targets without one */
};

/*
 * Notes that the target has this address, and sets its member same if it is the
 * host of an earlier one. False: out of memory.
 */
bool same_note(struct same *same, struct target *target,
	       const struct sockaddr *address);

/*
 * This target, which no other one is the member same of, was not reached. Returns the next
 * one of the same host, which takes its place; NULL: there is none.
 */
struct target *same_next(struct target *target);

/* Frees what same holds. Not same itself. */
void same_free(struct same *same);

#endif
