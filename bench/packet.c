// SPDX-License-Identifier: GPL-2.0
/*
 * `packet PORT SIZE COUNT [KEY]` sends COUNT datagrams of SIZE bytes of junk to
 * 127.0.0.1. With KEY, an operator's key as base64, it sends forged datagrams
 * instead, in which everything is right but the tag. It prints how many
 * nanoseconds one datagram has taken, with the call that sends it.
 */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "core/message.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool forge(uint8_t datagram[SRQ_SHORT], const char *text)
{
	static const uint8_t nonce[SRQ_AEAD_NONCE_LEN];
	uint8_t key[SRQ_KEY_LEN];
	struct srq_keys keys;

	if (!srq_key_from_text(key, text, strlen(text)) ||
	    srq_keys_derive(&keys, key))
		return false;
	srq_write_hello(srq_datagram_body(datagram), SRQ_SHORT_BODY, 1);
	srq_datagram_seal(datagram, SRQ_SHORT, keys.id, keys.request, nonce);
	datagram[SRQ_SHORT - 1] ^= 1;
	return true;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint8_t datagram[SRQ_LONG] = "junk";
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int sink = socket(AF_INET, SOCK_DGRAM, 0);
	size_t size, count;
	double begin;

	if (argc < 4 || fd < 0 || sink < 0 || sodium_init() < 0)
		return 2;
	to.sin_port = htons((uint16_t)atoi(argv[1]));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	size = strtoul(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	if (size > sizeof(datagram) || !count ||
	    (argc > 4 && !forge(datagram, argv[4])))
		return 2;

	bind(sink, (struct sockaddr *)&to, sizeof(to));

	begin = now();
	for (size_t i = 0; i < count; i++)
		sendto(fd, datagram, size, 0, (struct sockaddr *)&to,
		       sizeof(to));
	printf("%.0f\n", (now() - begin) / (double)count);
	return 0;
}
