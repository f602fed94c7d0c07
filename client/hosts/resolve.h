/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of many names, looked up side by side. */
#ifndef SRQ_RESOLVE_H
#define SRQ_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lookup {
	const char *name; /* the caller's, as is port */
	uint16_t port;
	struct addrinfo *list; /* for freeaddrinfo(); NULL with an error */
	int error;	       /* of getaddrinfo(), 0: none */
	int system_error;      /* EAI_SYSTEM: an errno value */
};

/*
 * Look all count up. family: AF_UNSPEC, AF_INET or AF_INET6. A name that hangs
 * holds up few others: there are several threads, which have ended by the time
 * this returns.
 */
void resolve(struct lookup *lookups, size_t count, int family);

/* Why there is no list; NULL: there is one. */
const char *lookup_problem(const struct lookup *lookup);

/* An address on a link, but on which one? Nothing can be sent to it. */
bool lacks_zone(const struct sockaddr *address);

#endif
