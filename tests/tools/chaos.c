// SPDX-License-Identifier: GPL-2.0
/*
 * A relay that does to datagrams what it likes: `chaos HOST PORT SEED` listens on
 * a port of 127.0.0.1, which it prints. It passes datagrams on to HOST:PORT, and
 * answers back to the client. It loses some of them, sends some several times,
 * delays them so that they overtake each other, and gives some answers to another
 * port of the client.
 *
 * `chaos HOST PORT SEED LOSS DELAY` is a bad network that does not lie: it loses LOSS
 * percent each way, and delays each of the others by DELAY ms.
 *
 * For the line "replay" on its standard input it sends all that clients have
 * sent once more, in another order, and forgets it. It prints "done" when nothing
 * is under way any more. It ends with its standard input.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CLIENTS = 128,
	QUEUE = 8192,
	TAPE = 4096,
	SIZE = 1300,
};

/* In percent, and in ms */
static struct network {
	unsigned int loss;
	unsigned int copies; /* sent several times */
	unsigned int swap;   /* answers that go to another port */
	unsigned int delay;  /* all of them */
	unsigned int slow;   /* take up to slow_ms more, others up to fast_ms */
	unsigned int slow_ms;
	unsigned int fast_ms;
} network = {
	.loss = 35,
	.copies = 20,
	.swap = 15,
	.slow = 20,
	.slow_ms = 1500,
	.fast_ms = 60,
};

static struct client {
	struct sockaddr_in address;
	int upstream; /* -1: unused */
} clients[CLIENTS];
static unsigned int newest;

static struct datagram {
	uint64_t due; /* ms */
	unsigned int client;
	bool up; /* to the host */
	size_t len;
	char bytes[SIZE];
} queue[QUEUE], tape[TAPE];
static unsigned int queued, taped;

static struct sockaddr_in host;
static int downstream;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool chance(unsigned int percent)
{
	return (unsigned int)random() % 100 < percent;
}

static int udp_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0) {
		perror("chaos: socket");
		exit(1);
	}
	return fd;
}

static unsigned int client_of(const struct sockaddr_in *from)
{
	struct client *c;

	for (unsigned int i = 0; i < CLIENTS; i++) {
		if (clients[i].upstream >= 0 &&
		    clients[i].address.sin_port == from->sin_port)
			return i;
	}
	c = &clients[newest % CLIENTS];
	if (c->upstream >= 0)
		close(c->upstream);
	c->address = *from;
	c->upstream = udp_socket();
	if (connect(c->upstream, (const struct sockaddr *)&host,
		    sizeof(host))) {
		perror("chaos: connect");
		exit(1);
	}
	return newest++ % CLIENTS;
}

static void enqueue(const struct datagram *d)
{
	if (queued == QUEUE)
		return;
	queue[queued] = *d;
	queue[queued].due =
		now() + network.delay +
		(uint64_t)random() % (chance(network.slow) ? network.slow_ms
							   : network.fast_ms);
	if (!d->up && chance(network.swap))
		queue[queued].client = (unsigned int)random() %
				       (newest < CLIENTS ? newest : CLIENTS);
	queued++;
}

/* Passes a datagram on, as often as it likes. */
static void take(const struct datagram *d)
{
	unsigned int copies = chance(network.loss) ? 0
			      : chance(network.copies)
				      ? 2 + (unsigned int)random() % 3
				      : 1;

	while (copies--)
		enqueue(d);
}

static void send_due(void)
{
	for (unsigned int i = 0; i < queued; i++) {
		struct datagram *d = &queue[i];
		struct client *c = &clients[d->client];

		if (d->due > now())
			continue;
		if (d->up)
			send(c->upstream, d->bytes, d->len, 0);
		else
			sendto(downstream, d->bytes, d->len, 0,
			       (struct sockaddr *)&c->address,
			       sizeof(c->address));
		*d = queue[--queued];
		i--;
	}
}

static void receive(void)
{
	struct datagram d = { .up = true };
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(downstream, d.bytes, SIZE, 0,
			     (struct sockaddr *)&from, &from_len)) >= 0) {
		d.len = (size_t)n;
		d.client = client_of(&from);
		if (taped < TAPE)
			tape[taped++] = d;
		take(&d);
	}
	d.up = false;
	for (unsigned int i = 0; i < CLIENTS; i++) {
		while (clients[i].upstream >= 0 &&
		       (n = recv(clients[i].upstream, d.bytes, SIZE, 0)) >= 0) {
			d.len = (size_t)n;
			d.client = i;
			take(&d);
		}
	}
}

static void replay(void)
{
	for (unsigned int i = 0; i < taped; i++)
		enqueue(&tape[i]);
	taped = 0;
}

static void listen_to(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	socklen_t len = sizeof(here);

	if ((argc != 4 && argc != 6) ||
	    inet_pton(AF_INET, argv[1], &host.sin_addr) != 1) {
		fprintf(stderr, "usage: chaos HOST PORT SEED [LOSS DELAY]\n");
		exit(2);
	}
	if (argc == 6)
		network = (struct network){
			.loss = (unsigned int)atoi(argv[4]),
			.delay = (unsigned int)atoi(argv[5]),
			.fast_ms = 1,
		};
	host.sin_family = AF_INET;
	host.sin_port = htons((uint16_t)atoi(argv[2]));
	srandom((unsigned int)atoi(argv[3]));
	for (unsigned int i = 0; i < CLIENTS; i++)
		clients[i].upstream = -1;
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	downstream = udp_socket();
	if (bind(downstream, (struct sockaddr *)&here, len) ||
	    getsockname(downstream, (struct sockaddr *)&here, &len)) {
		perror("chaos: bind");
		exit(1);
	}
	printf("%u\n", ntohs(here.sin_port));
}

int main(int argc, char **argv)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	bool replaying = false;
	char line[32];

	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	listen_to(argc, argv);
	for (;;) {
		if (poll(&in, 1, 2) > 0) {
			if (!fgets(line, sizeof(line), stdin))
				return 0;
			replay();
			replaying = true;
		}
		receive();
		send_due();
		if (replaying && !queued) {
			replaying = false;
			printf("done\n");
		}
	}
}
