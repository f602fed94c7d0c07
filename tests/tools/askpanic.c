// SPDX-License-Identifier: GPL-2.0
/*
 * `askpanic ADDRESS PORT` asks a host for its status, four times a second for at
 * most a minute, and prints what it says of a panic:
 *
 *   panicked 1, hears 1, reboots in 7, up 95 s, answered after 0.21 s
 *
 * SEND_SYSRQ_PASSWORD has the password.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include "core/message.h"

enum { TRIES = 240, PAUSE_MS = 250 };

static struct srq_keys keys;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool ask(int fd, struct srq_status *status)
{
	uint8_t request[SRQ_SHORT], reply[SRQ_SHORT], nonce[SRQ_AEAD_NONCE_LEN];
	struct pollfd pollfd = { fd, POLLIN, 0 };

	for (int i = 0; i < TRIES; i++) {
		randombytes_buf(nonce, sizeof(nonce));
		srq_write_hello(srq_datagram_body(request), SRQ_SHORT_BODY,
				(uint64_t)i);
		srq_datagram_seal(request, sizeof(request), keys.id,
				  keys.request, nonce);
		send(fd, request, sizeof(request), 0);
		if (poll(&pollfd, 1, PAUSE_MS) > 0 &&
		    recv(fd, reply, sizeof(reply), 0) == sizeof(reply) &&
		    srq_datagram_open(reply, sizeof(reply), keys.reply) &&
		    srq_read_status(srq_datagram_body(reply), SRQ_SHORT_BODY,
				    status))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	const char *password = getenv("SEND_SYSRQ_PASSWORD");
	struct sockaddr_in host = { .sin_family = AF_INET };
	struct srq_status status;
	uint8_t key[SRQ_KEY_LEN];
	double start;
	int fd;

	if (argc != 3 || sodium_init() < 0 || !password ||
	    inet_pton(AF_INET, argv[1], &host.sin_addr) != 1 ||
	    srq_key_from_password(key, password, strlen(password), "", 0) ||
	    srq_keys_derive(&keys, key))
		return 2;
	host.sin_port = htons((uint16_t)atoi(argv[2]));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&host, sizeof(host)))
		return 2;
	start = now();
	if (!ask(fd, &status))
		return 1;
	printf("panicked %d, hears %d, reboots in %u, up %llu s, answered after %.2f s%s\n",
	       status.panicked, status.hears_after_panic, status.reboots_in,
	       (unsigned long long)(status.boot_time / SRQ_SECOND),
	       now() - start, status.restored ? ", restored" : "");
	return 0;
}
