/* SPDX-License-Identifier: GPL-2.0 */
/* A host's addresses, and the sockets of one session with it. */
#ifndef SRQ_NET_H
#define SRQ_NET_H

#include <sys/socket.h>

#include "session.h"
#include "show.h"

/* So many of the last datagrams can still be answered. */
enum { NET_SOCKETS = 64 };

struct net_socket {
	int fd; /* -1: none */
	uint8_t address;
	uint32_t copy;
};

struct net {
	uint8_t count;
	struct sockaddr_storage addresses[SRQ_ADDRESSES_MAX];
	socklen_t lengths[SRQ_ADDRESSES_MAX];
	char places[SRQ_ADDRESSES_MAX][PLACE_MAX];
	unsigned int next; /* socket to be reused next */
	struct net_socket sockets[NET_SOCKETS];
};

/*
 * Look host up: at most SRQ_ADDRESSES_MAX addresses, each once. family is
 * AF_UNSPEC, AF_INET or AF_INET6. False: the reason has been told on stderr.
 */
bool net_resolve(struct net *net, const char *host, uint16_t port, int family);

/* An address as a one-way command names it. */
void net_destination(const struct net *net, uint8_t address,
		     uint8_t out[SRQ_ADDRESS_LEN]);

/* Ask until the session has ended, telling show how it goes. */
void net_run(struct net *net, struct srq_session *session,
	     const struct srq_ask *ask, struct show *show);

#endif
