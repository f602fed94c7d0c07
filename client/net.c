// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
/* after netinet/in.h, whose types it would define otherwise */
#include <linux/errqueue.h>

#include "net.h"
#include "ns.h"

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* Counts also while this machine sleeps, so that stamps stay true. */
static uint64_t clock_now(void)
{
	return clock_ns(CLOCK_BOOTTIME);
}

/* An address on a link, but on which one? Nothing can be sent to it. */
static bool lacks_zone(const struct addrinfo *info)
{
	const struct sockaddr_in6 *six =
		(const struct sockaddr_in6 *)info->ai_addr;

	return info->ai_family == AF_INET6 && !six->sin6_scope_id &&
	       IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
}

static bool add_address(struct net *net, const struct addrinfo *info)
{
	char host[PLACE_MAX - 10];
	uint8_t i = net->count;

	if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
		return true;
	for (uint8_t j = 0; j < i; j++) {
		if (net->lengths[j] == info->ai_addrlen &&
		    !memcmp(&net->addresses[j], info->ai_addr,
			    info->ai_addrlen))
			return true;
	}
	if (lacks_zone(info) || i == SRQ_ADDRESSES_MAX)
		return i < SRQ_ADDRESSES_MAX;
	memcpy(&net->addresses[i], info->ai_addr, info->ai_addrlen);
	net->lengths[i] = info->ai_addrlen;
	if (getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof(host),
			NULL, 0, NI_NUMERICHOST))
		snprintf(host, sizeof(host), "?");
	/* sin_port and sin6_port stand at the same place. */
	snprintf(net->places[i], PLACE_MAX,
		 info->ai_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
		 ntohs(((const struct sockaddr_in *)info->ai_addr)->sin_port));
	net->count++;
	return true;
}

bool net_resolve(struct net *net, const char *host, uint16_t port, int family)
{
	struct addrinfo hints = { .ai_family = family,
				  .ai_socktype = SOCK_DGRAM,
				  .ai_flags = AI_NUMERICSERV };
	struct addrinfo *list, *info;
	char service[8];
	int err;

	memset(net, 0, sizeof(*net));
	for (size_t i = 0; i < NET_SOCKETS; i++)
		net->sockets[i].fd = -1;

	snprintf(service, sizeof(service), "%u", port);
	err = getaddrinfo(host, service, &hints, &list);
	if (err) {
		fprintf(stderr,
			"send_sysrq: remote host '%s' has no address%s: %s; "
			"nothing was sent\n",
			host,
			family == AF_INET    ? " of IPv4"
			: family == AF_INET6 ? " of IPv6"
					     : "",
			err == EAI_SYSTEM ? strerror(errno)
					  : gai_strerror(err));
		return false;
	}
	for (info = list; info; info = info->ai_next) {
		if (!add_address(net, info))
			break;
	}
	freeaddrinfo(list);
	if (!net->count)
		fprintf(stderr,
			"send_sysrq: remote host '%s' is an address of one "
			"link: give its interface, as in fe80::1%%eth0; "
			"nothing was sent\n",
			host);
	return net->count > 0;
}

void net_destination(const struct net *net, uint8_t address,
		     uint8_t out[SRQ_ADDRESS_LEN])
{
	const struct sockaddr_storage *at = &net->addresses[address];
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)at;
	const struct sockaddr_in *four = (const struct sockaddr_in *)at;

	memset(out, 0, SRQ_ADDRESS_LEN);
	if (at->ss_family == AF_INET6) {
		memcpy(out, &six->sin6_addr, SRQ_ADDRESS_LEN);
	} else {
		out[10] = 0xff;
		out[11] = 0xff;
		memcpy(out + 12, &four->sin_addr, 4);
	}
}

/* A shortage on this machine that may pass: as good as a lost datagram. */
static bool passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOBUFS ||
	       error == ENOMEM || error == EMFILE || error == ENFILE;
}

/* Make room for a socket: the oldest one gives up its answer. */
static bool close_oldest(struct net *net)
{
	for (unsigned int i = 0; i < NET_SOCKETS; i++) {
		struct net_socket *s =
			&net->sockets[(net->next + i) % NET_SOCKETS];

		if (s->fd < 0)
			continue;
		close(s->fd);
		s->fd = -1;
		return true;
	}
	return false;
}

/*
 * Each datagram from a new port, so that receive-side scaling takes it to
 * another queue and another CPU of a host of which one CPU is stuck.
 */
static int send_from_new_port(const struct net *net,
			      const struct srq_outgoing *out)
{
	const struct sockaddr *to =
		(const struct sockaddr *)&net->addresses[out->address];
	int fd = socket(to->sa_family,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, err;

	if (fd < 0)
		return -1;
	/* Without it, the kernel keeps most ICMP errors to itself. */
	if (to->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	/* for ::ffff:a.b.c.d as well */
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	if (!connect(fd, to, net->lengths[out->address]) &&
	    send(fd, out->datagram, SRQ_SHORT, 0) == SRQ_SHORT)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static void send_one(struct net *net, struct srq_session *session,
		     const struct srq_outgoing *out, uint64_t now)
{
	struct net_socket *slot = &net->sockets[net->next];
	int fd = send_from_new_port(net, out);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE) && close_oldest(net))
		fd = send_from_new_port(net, out);
	if (fd < 0) {
		if (passing(errno))
			srq_session_unsent(session, now, out->address, errno);
		else
			srq_session_error(session, now, out->address, errno,
					  true);
		return;
	}
	if (slot->fd >= 0)
		close(slot->fd);
	*slot = (struct net_socket){ fd, out->address, out->copy };
	net->next = (net->next + 1) % NET_SOCKETS;
}

static void receive_errors(const struct net_socket *from,
			   struct srq_session *session)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	char data[1];
	struct iovec iov = { data, sizeof(data) };

	for (;;) {
		struct msghdr msg = { .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = &control,
				      .msg_controllen = sizeof(control) };

		if (recvmsg(from->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
		     c = CMSG_NXTHDR(&msg, c)) {
			struct sock_extended_err error;

			if (c->cmsg_len < CMSG_LEN(sizeof(error)))
				continue;
			memcpy(&error, CMSG_DATA(c), sizeof(error));
			if (error.ee_origin == SO_EE_ORIGIN_ICMP ||
			    error.ee_origin == SO_EE_ORIGIN_ICMP6)
				srq_session_error(session, clock_now(),
						  from->address,
						  (int)error.ee_errno, false);
		}
	}
}

static void receive_all(const struct net_socket *from,
			struct srq_session *session)
{
	uint8_t datagram[SRQ_LONG + 1]; /* longer than any: shows as such */
	ssize_t n;

	while ((n = recv(from->fd, datagram, sizeof(datagram), 0)) >= 0)
		srq_session_receive(session, clock_now(), from->address,
				    from->copy, datagram, (size_t)n);
}

static struct timespec until(uint64_t then, uint64_t now)
{
	uint64_t ns = then > now ? then - now : 0;

	if (ns > 3600 * SECOND)
		ns = 3600 * SECOND; /* for a time_t of 32 bits */
	return (struct timespec){ .tv_sec = (time_t)(ns / SECOND),
				  .tv_nsec = (long)(ns % SECOND) };
}

/* What stops the watching; the rescue goes on. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static volatile sig_atomic_t caught;

static void note(int number)
{
	caught = number;
}

/* From now on they come in while we wait, with the mask usual. */
static void catch_signals(sigset_t *usual)
{
	struct sigaction action = { .sa_handler = note }, old;
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaddset(&ours, signals[i]);
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &ours, usual);
}

/* Nothing was sent that could be told of: the signal takes its course. */
static void die_of(int number, const sigset_t *usual)
{
	signal(number, SIG_DFL);
	raise(number);
	sigprocmask(SIG_SETMASK, usual, NULL);
}

static void wait_and_receive(struct net *net, struct srq_session *session,
			     uint64_t then, const sigset_t *usual)
{
	/* Only those in use: more than the limit on files is an error. */
	const struct net_socket *sockets[NET_SOCKETS];
	struct pollfd fds[NET_SOCKETS];
	struct timespec timeout;
	nfds_t count = 0;

	for (size_t i = 0; i < NET_SOCKETS; i++) {
		if (net->sockets[i].fd < 0)
			continue;
		fds[count] = (struct pollfd){ net->sockets[i].fd, POLLIN, 0 };
		sockets[count++] = &net->sockets[i];
	}
	timeout = until(then, clock_now());
	if (ppoll(fds, count, &timeout, usual) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].revents & POLLERR)
			receive_errors(sockets[i], session);
		if (fds[i].revents)
			receive_all(sockets[i], session);
	}
}

void net_run(struct net *net, struct srq_session *session,
	     const struct srq_ask *ask, struct show *show)
{
	uint64_t now = clock_now();
	sigset_t usual;

	catch_signals(&usual);
	srq_session_begin(session, ask, now, clock_ns(CLOCK_REALTIME));
	for (;;) {
		struct srq_outgoing out;
		enum srq_event event;
		uint64_t redraw, deadline;
		uint8_t step = 0;

		now = clock_now();
		while (srq_session_send(session, now, &out))
			send_one(net, session, &out, now);
		while ((event = srq_session_event(session, &step)) !=
		       SRQ_EVENT_NONE)
			show_event(show, event, step, now);
		if (srq_session_ended(session))
			break;
		redraw = show_running(show, now);
		deadline = srq_session_deadline(session);
		wait_and_receive(net, session,
				 redraw < deadline ? redraw : deadline, &usual);
		if (caught && !srq_session_stop(session))
			die_of(caught, &usual);
	}
	for (size_t i = 0; i < NET_SOCKETS; i++) {
		if (net->sockets[i].fd >= 0)
			close(net->sockets[i].fd);
	}
}
