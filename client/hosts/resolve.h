/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the addresses of many names at the same time. */
#ifndef SRQ_RESOLVE_H
#define SRQ_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller sets name and port, resolve() the rest. */
struct lookup {
	const char *name;
	uint16_t port;
	struct addrinfo *list; /* the caller frees it: freeaddrinfo() */
	int error;             /* of getaddrinfo(); if not 0, list is NULL */
	int system_error;      /* errno, if error is EAI_SYSTEM */
};

/*
 * Find the addresses of count names. family: AF_UNSPEC, AF_INET or AF_INET6.
 * Several threads do it, so that one slow name does not delay all others. They
 * have ended when this function returns.
 */
void resolve(struct lookup *lookups, size_t count, int family);

/* Why there is no list: a text of the C library. NULL: there is a list. */
const char *lookup_problem(const struct lookup *lookup);

/* True: a link-local address without an interface. It cannot be sent to. */
bool lacks_zone(const struct sockaddr *address);

#endif
