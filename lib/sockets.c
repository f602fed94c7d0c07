// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
/* After netinet/in.h: else linux/in.h would define the same types. */
#include "lib/sockets.h"
#include <linux/errqueue.h>

/* An ICMP message about an earlier datagram makes the next send fail. */
enum { SEND_TRIES = 16 };

/* Datagrams from one socket in one round */
enum { RECEIVE_MOST = 256 };

/* What the epoll descriptor calls the packet socket */
enum { FRAMES = SRQ_SOCKETS_ALL };

int srq_sockets_open(struct srq_sockets *s)
{
	memset(s->fds, 0xff, sizeof(s->fds)); /* -1 */
	s->frames.fd = -1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	return s->epoll < 0 ? -errno : 0;
}

void srq_sockets_close(struct srq_sockets *s)
{
	for (int family = 0; family < SRQ_FAMILIES; family++) {
		for (int i = 0; i < SRQ_SOCKETS; i++) {
			if (s->fds[family][i] >= 0)
				close(s->fds[family][i]);
		}
	}
	srq_frames_close(&s->frames);
	close(s->epoll);
}

int srq_sockets_use_frames(struct srq_sockets *s, const char *interface,
			   const uint8_t hardware[6])
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = FRAMES };
	unsigned int number;
	int held, err;

	for (int i = 0; i < SRQ_SOCKETS; i++) {
		if (s->fds[0][i] >= 0)
			return -EBUSY;
	}
	held = srq_frames_open(&s->frames, interface, hardware, &number);
	if (held < 0)
		return held;
	if (!epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->frames.fd, &event)) {
		s->fds[0][number] = held;
		return 0;
	}
	err = -errno;
	close(held);
	srq_frames_close(&s->frames);
	return err;
}

static socklen_t address_len(const union srq_address *a)
{
	return a->any.sa_family == AF_INET6 ? sizeof(a->six) : sizeof(a->four);
}

static int family_index(const union srq_address *a)
{
	return a->any.sa_family == AF_INET6;
}

static bool by_frames(const struct srq_sockets *s, int family)
{
	return !family && s->frames.fd >= 0;
}

static int open_socket(struct srq_sockets *s, int family, unsigned int number)
{
	struct epoll_event event = {
		.events = EPOLLIN,
		.data.u32 = (uint32_t)(family * SRQ_SOCKETS) + number,
	};
	int fd = socket(family ? AF_INET6 : AF_INET,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, err;

	if (fd < 0)
		return -1;
	/* Without this option, the kernel does not tell ICMP errors. */
	if (family)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	/* An IPv6 socket needs it too, for ::ffff:a.b.c.d. */
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	if (!epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event)) {
		s->fds[family][number] = fd;
		return fd;
	}
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static int socket_of(struct srq_sockets *s, int family, unsigned int number,
		     unsigned int *used)
{
	unsigned int first = (unsigned int)family * SRQ_SOCKETS;
	int *fds = s->fds[family], err;

	*used = first + number;
	if (fds[number] < 0 && by_frames(s, family))
		fds[number] = srq_frames_hold(&s->frames, number);
	else if (fds[number] < 0)
		open_socket(s, family, number);
	if (fds[number] >= 0)
		return fds[number];
	err = errno;
	for (unsigned int i = 0; i < SRQ_SOCKETS; i++) {
		*used = first + i;
		if (fds[i] >= 0)
			return fds[i];
	}
	errno = err;
	return -1;
}

/* Is it a lack on this machine that may pass? */
static bool passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOBUFS ||
	       error == ENOMEM || error == EMFILE || error == ENFILE;
}

enum srq_sent srq_sockets_send(struct srq_sockets *s, unsigned int number,
			       const union srq_address *to, const void *data,
			       size_t len, unsigned int *used)
{
	int family = family_index(to);
	int fd = socket_of(s, family, number % SRQ_SOCKETS, used);
	ssize_t n = -1;

	for (int i = 0; fd >= 0 && n < 0 && i < SEND_TRIES; i++) {
		n = by_frames(s, family) ? srq_frames_send(&s->frames, *used,
							   &to->four, data, len)
					 : sendto(fd, data, len, 0, &to->any,
						  address_len(to));
		if (n < 0 && passing(errno))
			break;
	}
	if (n >= 0)
		return SRQ_SENT;
	/* ECONNREFUSED comes from other machines, and never from this one. */
	if (passing(errno) || errno == ECONNREFUSED)
		return SRQ_SENT_NOT_NOW;
	return SRQ_SENT_NOT;
}

/* Returns the 16 bytes of an address; IPv4 is ::ffff:a.b.c.d. */
static struct in6_addr bytes_of(const struct sockaddr *a)
{
	struct in6_addr out = { .s6_addr = { [10] = 0xff, 0xff } };

	if (a->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *)a)->sin6_addr;
	memcpy(out.s6_addr + 12, &((const struct sockaddr_in *)a)->sin_addr, 4);
	return out;
}

/* Takes an error of this control message, about the datagram to in->from. */
static bool take_error(struct srq_incoming *in, const struct cmsghdr *c)
{
	struct {
		struct sock_extended_err error;
		struct sockaddr_in6 offender; /* who sent the ICMP message */
	} e;
	struct in6_addr from = bytes_of(&in->from.any), offender;

	memset(&e, 0, sizeof(e));
	if (c->cmsg_len < CMSG_LEN(sizeof(e.error)))
		return false;
	memcpy(&e, CMSG_DATA(c),
	       c->cmsg_len - CMSG_LEN(0) < sizeof(e) ? c->cmsg_len - CMSG_LEN(0)
						     : sizeof(e));
	if (e.error.ee_origin != SO_EE_ORIGIN_ICMP &&
	    e.error.ee_origin != SO_EE_ORIGIN_ICMP6)
		return false;
	/* The host itself rejects the packet, with whichever code. */
	offender = bytes_of((const struct sockaddr *)&e.offender);
	in->is_error = true;
	in->error = IN6_ARE_ADDR_EQUAL(&from, &offender)
			    ? ECONNREFUSED
			    : (int)e.error.ee_errno;
	return true;
}

static bool receive_error(int fd, struct srq_incoming *in)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	char data[1];
	struct iovec iov = { data, sizeof(data) };

	for (;;) {
		struct msghdr msg = { .msg_name = &in->from,
				      .msg_namelen = sizeof(in->from),
				      .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = &control,
				      .msg_controllen = sizeof(control) };

		if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return false;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
		     c = CMSG_NXTHDR(&msg, c)) {
			if (take_error(in, c))
				return true;
		}
	}
}

static bool receive(int fd, struct srq_incoming *in, void *data, size_t size)
{
	socklen_t from_len = sizeof(in->from);
	ssize_t n;

	/* A waiting error is returned once, before the next datagram. */
	for (int i = 0; i < SEND_TRIES; i++) {
		n = recvfrom(fd, data, size, 0, &in->from.any, &from_len);
		if (n >= 0) {
			in->len = (size_t)n;
			return true;
		}
		if (errno == EAGAIN)
			break;
	}
	return receive_error(fd, in);
}

static bool receive_frame(struct srq_sockets *s, struct srq_incoming *in,
			  void *data, size_t size)
{
	ssize_t n = srq_frames_receive(&s->frames, &in->socket, &in->from.four,
				       data, size);

	in->len = n < 0 ? 0 : (size_t)n;
	return n >= 0;
}

void srq_sockets_ready(struct srq_sockets *s, struct srq_ready *ready)
{
	struct epoll_event events[SRQ_SOCKETS_ALL + 1];
	int n = epoll_wait(s->epoll, events, SRQ_SOCKETS_ALL + 1, 0);

	ready->count = n < 0 ? 0 : n;
	ready->at = 0;
	ready->taken = 0;
	for (int i = 0; i < ready->count; i++)
		ready->sockets[i] = events[i].data.u32;
}

bool srq_sockets_receive(struct srq_sockets *s, struct srq_ready *ready,
			 struct srq_incoming *in, void *data, size_t size)
{
	while (ready->at < ready->count) {
		uint32_t id = ready->sockets[ready->at];
		bool more = ready->taken++ < RECEIVE_MOST;

		memset(&in->from, 0, sizeof(in->from));
		in->is_error = false;
		in->socket = id;
		if (more && (id == FRAMES ? receive_frame(s, in, data, size)
					  : receive(s->fds[id / SRQ_SOCKETS]
							  [id % SRQ_SOCKETS],
						    in, data, size)))
			return true;
		ready->at++;
		ready->taken = 0;
	}
	return false;
}
