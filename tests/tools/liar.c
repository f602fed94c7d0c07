// SPDX-License-Identifier: GPL-2.0
/*
 * A UDP relay that lies about a host: `liar PORT MODE [TAPE]` listens on a port of
 * 127.0.0.1, which it prints, and stands between one client and the host at
 * 127.0.0.1:PORT. It ends when its standard input does. The modes:
 *
 *	record	pass all on, and append the host's answers to TAPE
 *	replay	pass nothing on: each question is answered with all of TAPE
 *	flip	pass questions on; in place of each answer come copies with one
 *		changed bit each: those of the flags, and one of every byte
 *	hold	pass all on; answers that come later than a second after the
 *		first one are held back for 4.5 s
 *	deaf	pass all on; answers that come later than three seconds after
 *		the first one are lost
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

#include "core/datagram.h"

enum {
	TAPE_MAX = 256,
	HELD_MAX = 1024,
	FIRST_MS = 1000,
	DEAF_MS = 3000,
	HOLD_MS = 4500,
	FLAGS_AT = SRQ_HEADER_LEN + 72, /* of a status: docs/protocol.md */
};

static const char *mode;
static FILE *tape;
static uint8_t recorded[TAPE_MAX][SRQ_SHORT];
static size_t recorded_count;

static struct held {
	int64_t due;
	size_t len;
	uint8_t datagram[SRQ_LONG];
} held[HELD_MAX];
static size_t held_first, held_count;

static int listener, upstream;
static struct sockaddr_in client;
static int64_t first; /* when the host's first answer came, ms; 0: not yet */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static bool is(const char *name)
{
	return !strcmp(mode, name);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void to_client(const uint8_t *datagram, size_t len)
{
	sendto(listener, datagram, len, 0, (struct sockaddr *)&client,
	       sizeof(client));
}

static void flip(uint8_t *datagram, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			if (i != FLAGS_AT + 3 && bit)
				continue;
			datagram[i] ^= (uint8_t)(1 << bit);
			to_client(datagram, len);
			datagram[i] ^= (uint8_t)(1 << bit);
		}
	}
}

static void hold(const uint8_t *datagram, size_t len)
{
	struct held *h = &held[(held_first + held_count) % HELD_MAX];

	if (held_count == HELD_MAX)
		return;
	held_count++;
	h->due = now_ms() + HOLD_MS;
	h->len = len;
	memcpy(h->datagram, datagram, len);
}

static void release(void)
{
	while (held_count && held[held_first].due <= now_ms()) {
		to_client(held[held_first].datagram, held[held_first].len);
		held_first = (held_first + 1) % HELD_MAX;
		held_count--;
	}
}

static void answer(uint8_t *datagram, size_t len)
{
	bool late;

	first = first ? first : now_ms();
	late = now_ms() >= first + (is("deaf") ? DEAF_MS : FIRST_MS);
	if (is("record") && len == SRQ_SHORT &&
	    (fwrite(datagram, len, 1, tape) != 1 || fflush(tape)))
		die("liar: tape");
	if (is("flip"))
		flip(datagram, len);
	else if (is("hold") && late)
		hold(datagram, len);
	else if (!is("deaf") || !late)
		to_client(datagram, len);
}

static void question(const uint8_t *datagram, size_t len)
{
	if (!is("replay"))
		send(upstream, datagram, len, 0);
	for (size_t i = 0; is("replay") && i < recorded_count; i++)
		to_client(recorded[i], SRQ_SHORT);
}

static void open_tape(const char *path)
{
	tape = fopen(path, is("record") ? "ab" : "rb");
	if (!tape)
		die(path);
	if (is("replay"))
		recorded_count = fread(recorded, SRQ_SHORT, TAPE_MAX, tape);
}

static void open_sockets(const char *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	struct sockaddr_in host = { .sin_family = AF_INET };
	socklen_t len = sizeof(here);

	here.sin_addr.s_addr = host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	host.sin_port = htons((uint16_t)atoi(port));
	listener = socket(AF_INET, SOCK_DGRAM, 0);
	upstream = socket(AF_INET, SOCK_DGRAM, 0);
	if (listener < 0 || upstream < 0 ||
	    connect(upstream, (struct sockaddr *)&host, sizeof(host)) ||
	    bind(listener, (struct sockaddr *)&here, sizeof(here)) ||
	    getsockname(listener, (struct sockaddr *)&here, &len))
		die("liar: socket");
	printf("port %u\n", ntohs(here.sin_port));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint8_t buffer[2048];

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: liar PORT MODE [TAPE]\n");
		return 2;
	}
	mode = argv[2];
	if (argc == 4)
		open_tape(argv[3]);
	open_sockets(argv[1]);
	for (;;) {
		struct pollfd fds[] = { { listener, POLLIN, 0 },
					{ upstream, POLLIN, 0 },
					{ STDIN_FILENO, POLLIN, 0 } };
		socklen_t size = sizeof(client);
		ssize_t n;

		poll(fds, 3, 10);
		release();
		if (fds[2].revents)
			return 0;
		if (fds[0].revents) {
			n = recvfrom(listener, buffer, sizeof(buffer), 0,
				     (struct sockaddr *)&client, &size);
			if (n > 0)
				question(buffer, (size_t)n);
		}
		if (fds[1].revents) {
			n = recv(upstream, buffer, sizeof(buffer), 0);
			if (n > 0 && n <= SRQ_LONG)
				answer(buffer, (size_t)n);
		}
	}
}
