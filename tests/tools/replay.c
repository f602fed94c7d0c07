// SPDX-License-Identifier: GPL-2.0
/*
 * `replay HOST PORT TAPE` sends every datagram that tests/tools/relay.c has
 * recorded to HOST:PORT, from a port of its own: once in their order, then twice
 * more in any order. A host that has the key of $SEND_SYSRQ_PASSWORD answers each
 * of them. replay prints how many the host has answered, and which answers came:
 * "status" for a hello, and the codes of the results, in ascending order.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/message.h"

enum {
	TAPE_MAX = 1024,
	TIMES = 3,
	WINDOW = 16, /* so many may be unanswered, so that no queue overflows */
	QUIET_MS = 3000,
};

static uint8_t tape[TAPE_MAX][SRQ_SHORT];
static size_t order[TAPE_MAX * TIMES];
static size_t total;

static struct srq_keys keys;
static bool status;
static bool codes[UINT8_MAX + 1];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void load(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t count;

	if (!file)
		die(path);
	count = fread(tape, SRQ_SHORT, TAPE_MAX, file);
	if (!count || fgetc(file) != EOF) {
		fprintf(stderr, "replay: %s: 1 to %d datagrams expected\n",
			path, TAPE_MAX);
		exit(1);
	}
	total = count * TIMES;
	for (size_t i = 0; i < total; i++)
		order[i] = i % count;
	for (size_t i = total - 1; i > count; i--) {
		size_t j = count + (size_t)random() % (i - count + 1);
		size_t swap = order[i];

		order[i] = order[j];
		order[j] = swap;
	}
}

/* False: this is not an answer of the host. */
static bool note(uint8_t *datagram, ssize_t len)
{
	struct srq_header header;

	if (len != SRQ_SHORT ||
	    !srq_datagram_open(datagram, SRQ_SHORT, keys.reply) ||
	    !srq_read_header(srq_datagram_body(datagram), SRQ_SHORT_BODY,
			     &header))
		return false;
	if (header.type == SRQ_STATUS)
		status = true;
	else
		codes[header.code] = true;
	return true;
}

/* Returns how many were answered. */
static size_t replay(const struct sockaddr_in *host)
{
	struct pollfd fd = { socket(AF_INET, SOCK_DGRAM, 0), POLLIN, 0 };
	size_t sent = 0, answered = 0, window = WINDOW;
	uint8_t datagram[SRQ_LONG];

	if (fd.fd < 0)
		die("replay: socket");
	while (answered < total) {
		for (; sent < total && sent - answered < window; sent++) {
			if (sendto(fd.fd, tape[order[sent]], SRQ_SHORT, 0,
				   (const struct sockaddr *)host,
				   sizeof(*host)) < 0)
				die("replay: sendto");
		}
		if (poll(&fd, 1, QUIET_MS) > 0) {
			answered += note(datagram, recv(fd.fd, datagram,
							sizeof(datagram), 0));
		} else if (sent < total) {
			window = total; /* the host does not answer */
		} else {
			break;
		}
	}
	return answered;
}

int main(int argc, char **argv)
{
	struct sockaddr_in host = { .sin_family = AF_INET };
	const char *password = getenv("SEND_SYSRQ_PASSWORD");
	uint8_t key[SRQ_KEY_LEN];
	size_t answered;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &host.sin_addr) != 1 ||
	    !password) {
		fprintf(stderr,
			"usage: SEND_SYSRQ_PASSWORD=… replay HOST PORT TAPE\n");
		return 2;
	}
	host.sin_port = htons((uint16_t)atoi(argv[2]));
	load(argv[3]);
	if (srq_key_from_password(key, password, strlen(password), "", 0) ||
	    srq_keys_derive(&keys, key)) {
		fprintf(stderr, "replay: no memory\n");
		return 1;
	}

	answered = replay(&host);
	printf("%zu of %zu answered:", answered, total);
	if (status)
		printf(" status");
	for (int code = 0; code <= UINT8_MAX; code++) {
		if (codes[code])
			printf(" %d", code);
	}
	printf("\n");
	return 0;
}
