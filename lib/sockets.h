/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sockets of a context, which all its hosts share. A datagram is sent by
 * the socket of its number, so the next datagram to a host comes from another
 * port, up to SRQ_SOCKETS of them. Receive-side scaling then steers it to
 * another queue and another CPU of the host. This matters if one CPU of the
 * host hangs.
 */
#ifndef SRQ_SOCKETS_H
#define SRQ_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/frames.h"

enum {
	SRQ_SOCKETS = 64,
	SRQ_FAMILIES = 2,
	SRQ_SOCKETS_ALL = SRQ_FAMILIES * SRQ_SOCKETS,
};

union srq_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

struct srq_sockets {
	int epoll;
	int fds[SRQ_FAMILIES][SRQ_SOCKETS]; /* -1: not open */
	struct srq_frames
		frames; /* if open: the IPv4 sockets only hold ports */
};

/* A datagram or an error that has come */
struct srq_incoming {
	bool is_error;
	/* An errno value, from an ICMP message. Every such message of the host
	 * itself is ECONNREFUSED. */
	int error;
	union srq_address from; /* of an error: the destination that failed */
	unsigned int socket;    /* which socket: below SRQ_SOCKETS_ALL */
	size_t len;             /* of the datagram, in bytes */
};

/* Returns 0 or a negative errno value. Opens no socket yet. */
int srq_sockets_open(struct srq_sockets *s);
void srq_sockets_close(struct srq_sockets *s);

/* From now on IPv4 goes in frames. Returns 0, -EBUSY if a datagram was sent
 * before, or what srq_frames_open() returns. */
int srq_sockets_use_frames(struct srq_sockets *s, const char *interface,
			   const uint8_t hardware[6]);

enum srq_sent {
	SRQ_SENT,
	SRQ_SENT_NOT_NOW, /* it may work the next time; errno says why */
	SRQ_SENT_NOT,     /* this machine cannot do it; errno says why */
};

/* Sends len bytes by socket number % SRQ_SOCKETS, or by any other socket if
 * that one cannot be opened. *used becomes the socket's srq_incoming.socket, if
 * there is one. */
enum srq_sent srq_sockets_send(struct srq_sockets *s, unsigned int number,
			       const union srq_address *to, const void *data,
			       size_t len, unsigned int *used);

/* The sockets that have something */
struct srq_ready {
	int count, at;
	unsigned int taken; /* from the present one */
	uint32_t sockets[SRQ_SOCKETS_ALL + 1];
};

/* Finds the sockets that have something now. */
void srq_sockets_ready(struct srq_sockets *s, struct srq_ready *ready);

/*
 * Takes the next datagram, of at most size bytes, or the next error, from one
 * of these sockets. Returns false if there is none, or if one socket has so
 * many that the rest waits for the next round.
 */
bool srq_sockets_receive(struct srq_sockets *s, struct srq_ready *ready,
			 struct srq_incoming *in, void *data, size_t size);

#endif
