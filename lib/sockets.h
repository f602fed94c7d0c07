/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sockets of a context. All hosts share them: a datagram goes out by the
 * socket of its number, so that of one host each next one comes from another
 * port, up to SRQ_SOCKETS of them. Receive-side scaling then takes it to another
 * queue and another CPU of a host of which one CPU is stuck.
 */
#ifndef SRQ_SOCKETS_H
#define SRQ_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SRQ_SOCKETS = 64, SRQ_FAMILIES = 2 };

union srq_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

struct srq_sockets {
	int epoll;
	int fds[SRQ_FAMILIES][SRQ_SOCKETS]; /* -1: not open (yet) */
};

/* What came in. */
struct srq_incoming {
	bool is_error;
	int error;              /* an errno value, from an ICMP message */
	union srq_address from; /* with an error: where it had been sent to */
	unsigned int socket;    /* number that it came in by */
	size_t len;
};

/* 0, or a negative errno value. */
int srq_sockets_open(struct srq_sockets *s);
void srq_sockets_close(struct srq_sockets *s);

socklen_t srq_address_len(const union srq_address *a);

enum srq_sent {
	SRQ_SENT,
	SRQ_SENT_NOT_NOW, /* a shortage that may pass; see errno */
	SRQ_SENT_NOT,     /* this machine cannot; see errno */
};

/* Send len bytes by socket number % SRQ_SOCKETS, or another where it cannot be
 * opened. */
enum srq_sent srq_sockets_send(struct srq_sockets *s, unsigned int number,
			       const union srq_address *to, const void *data,
			       size_t len);

/* Those that have something; srq_sockets_ready() fills it. */
struct srq_ready {
	int count, at;
	unsigned int taken; /* of the present one */
	uint32_t sockets[SRQ_FAMILIES * SRQ_SOCKETS];
};

void srq_sockets_ready(struct srq_sockets *s, struct srq_ready *ready);

/*
 * The next datagram, of at most size bytes, or error that has come to one of
 * these; false: none, or so many that the rest can wait for a next round.
 */
bool srq_sockets_receive(struct srq_sockets *s, struct srq_ready *ready,
			 struct srq_incoming *in, void *data, size_t size);

#endif
