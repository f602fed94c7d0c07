/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the addresses of many names at the same time, while the caller does
 * other things. It uses the C library, which knows all that nsswitch.conf names.
 * A look-up cannot be ended there, so each has a thread, which is left alone when
 * its time is over.
 */
#ifndef SRQ_RESOLVE_H
#define SRQ_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resolver;

/* The end of a look-up. */
struct lookup {
	void *data;            /* of resolver_add() */
	struct addrinfo *list; /* the caller frees it: freeaddrinfo() */
	const char *problem;   /* why list is NULL; NULL: there is a list */
	bool of_here;          /* the problem is one of this machine */
};

/* True: text is an IPv4 or IPv6 address, and not a name. */
bool is_address(const char *text);

/*
 * Read an address, which takes no time. family: AF_UNSPEC, AF_INET or AF_INET6.
 */
void resolve_address(struct lookup *lookup, const char *text, uint16_t port,
		     int family);

/*
 * A look-up ends timeout ns after a thread took the name, and at the latest
 * timeout ns after the last look-up that found an end by itself. NULL: out of
 * memory or of file descriptors.
 */
struct resolver *resolver_new(int family, uint64_t timeout);

/* Begin to look up name, which is copied. False: this machine has no memory, or no room for a
 * thread. */
bool resolver_add(struct resolver *resolver, const char *name, uint16_t port,
		  void *data);

/* A descriptor that is readable when a look-up may have ended. */
int resolver_fd(const struct resolver *resolver);

/* When to call resolver_next() at the latest, in ns; UINT64_MAX: no matter. */
uint64_t resolver_deadline(struct resolver *resolver);

/* Take a look-up that has ended, or whose time is over. False: there is none. Its problem is
 * readable until resolver_free(). */
bool resolver_next(struct resolver *resolver, uint64_t now,
		   struct lookup *lookup);

/* End without waiting for look-ups. resolver may be NULL. */
void resolver_free(struct resolver *resolver);

/* True: a link-local address without an interface. It cannot be sent to. */
bool lacks_zone(const struct sockaddr *address);

#endif
