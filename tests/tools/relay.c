// SPDX-License-Identifier: GPL-2.0
/*
 * A UDP relay that loses datagrams: `relay HOST PORT PERCENT SEED [TAPE COPIES]`
 * listens on a port of 127.0.0.1, which it prints. It passes datagrams on to
 * HOST:PORT, and answers back to the client, and loses PERCENT of them each way.
 * Towards the host every client has a port of its own. The relay ends when its
 * standard input does.
 *
 * The relay appends what clients send to the file TAPE, for tests/tools/replay.c,
 * and passes it on COPIES times. With 0 COPIES it passes on only what comes before
 * the host's first answer: then a hello gets through, and the command after it is
 * held back.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 256 };

static struct client {
	struct sockaddr_in address;
	int upstream;
} clients[CLIENTS];
static unsigned int newest;

static unsigned int percent;
static FILE *tape;
static unsigned int copies = 1;
static int answered;

static int lost(void)
{
	return (unsigned int)random() % 100 < percent;
}

static int udp_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0) {
		perror("relay: socket");
		exit(1);
	}
	return fd;
}

/* The oldest client makes room for a new one. */
static struct client *client_of(const struct sockaddr_in *from,
				const struct sockaddr_in *to)
{
	struct client *c;

	for (unsigned int i = 0; i < CLIENTS; i++) {
		if (clients[i].upstream >= 0 &&
		    clients[i].address.sin_port == from->sin_port)
			return &clients[i];
	}
	c = &clients[newest++ % CLIENTS];
	if (c->upstream >= 0)
		close(c->upstream);
	c->address = *from;
	c->upstream = udp_socket();
	if (connect(c->upstream, (const struct sockaddr *)to, sizeof(*to))) {
		perror("relay: connect");
		exit(1);
	}
	return c;
}

static void pass_on(const struct client *c, const void *data, size_t len)
{
	unsigned int times = copies ? copies : !answered;

	if (tape && (fwrite(data, len, 1, tape) != 1 || fflush(tape))) {
		perror("relay: tape");
		exit(1);
	}
	while (times--) {
		if (!lost())
			send(c->upstream, data, len, 0);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	struct sockaddr_in host = { .sin_family = AF_INET };
	struct pollfd fds[CLIENTS + 2];
	socklen_t len = sizeof(here);
	int listener = udp_socket();
	char buffer[2048];

	if ((argc != 5 && argc != 7) ||
	    inet_pton(AF_INET, argv[1], &host.sin_addr) != 1) {
		fprintf(stderr,
			"usage: relay HOST PORT PERCENT SEED [TAPE COPIES]\n");
		return 2;
	}
	host.sin_port = htons((uint16_t)atoi(argv[2]));
	percent = (unsigned int)atoi(argv[3]);
	srandom((unsigned int)atoi(argv[4]));
	if (argc == 7) {
		tape = fopen(argv[5], "ab");
		if (!tape) {
			perror(argv[5]);
			return 1;
		}
		copies = (unsigned int)atoi(argv[6]);
	}
	for (unsigned int i = 0; i < CLIENTS; i++)
		clients[i].upstream = -1;

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&here, sizeof(here)) ||
	    getsockname(listener, (struct sockaddr *)&here, &len)) {
		perror("relay: bind");
		return 1;
	}
	printf("%u\n", ntohs(here.sin_port));
	fflush(stdout);

	for (;;) {
		for (unsigned int i = 0; i < CLIENTS; i++)
			fds[i] = (struct pollfd){ clients[i].upstream, POLLIN,
						  0 };
		fds[CLIENTS] = (struct pollfd){ listener, POLLIN, 0 };
		fds[CLIENTS + 1] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
		if (poll(fds, CLIENTS + 2, -1) < 0)
			return 1;
		if (fds[CLIENTS + 1].revents)
			return 0;
		for (unsigned int i = 0; i < CLIENTS; i++) {
			ssize_t n;

			if (!fds[i].revents)
				continue;
			n = recv(fds[i].fd, buffer, sizeof(buffer), 0);
			answered |= n > 0;
			if (n > 0 && !lost())
				sendto(listener, buffer, (size_t)n, 0,
				       (struct sockaddr *)&clients[i].address,
				       sizeof(clients[i].address));
		}
		if (fds[CLIENTS].revents) {
			struct sockaddr_in from;
			ssize_t n;

			len = sizeof(from);
			n = recvfrom(listener, buffer, sizeof(buffer), 0,
				     (struct sockaddr *)&from, &len);
			if (n > 0)
				pass_on(client_of(&from, &host), buffer,
					(size_t)n);
		}
	}
}
