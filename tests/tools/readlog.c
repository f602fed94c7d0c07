// SPDX-License-Identifier: GPL-2.0
/*
 * `readlog ADDRESS PORT [FIRST]` prints the kernel log of a host, from record
 * FIRST on, as the module gives it. READLOG_KEY has the key that operator and
 * host share, as base64; without it SEND_SYSRQ_PASSWORD has the password. Where the host refuses, the exit
 * status is 3, and the code of the refusal is on standard error.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "core/message.h"

static struct srq_keys keys;
static uint64_t epoch; /* the key's; 0: not known yet */
static int fd;

/* Asks until an answer comes, ten times a second for ten seconds. */
static bool ask(uint64_t first, uint8_t *reply, struct srq_header *header,
		struct srq_logdata *logdata)
{
	struct srq_log log = { .epoch = epoch, .first = first };
	uint8_t request[SRQ_LONG], nonce[SRQ_AEAD_NONCE_LEN];
	struct pollfd pollfd = { fd, POLLIN, 0 };
	uint64_t id;

	randombytes_buf(&id, sizeof(id));
	for (int i = 0; i < 100; i++) {
		srq_write_log(srq_datagram_body(request), SRQ_LONG_BODY, id,
			      &log);
		randombytes_buf(nonce, sizeof(nonce));
		srq_datagram_seal(request, sizeof(request), keys.id,
				  keys.request, nonce);
		send(fd, request, sizeof(request), 0);
		while (poll(&pollfd, 1, 100) > 0) {
			uint8_t *body = srq_datagram_body(reply);

			if (recv(fd, reply, SRQ_LONG, 0) == SRQ_LONG &&
			    srq_datagram_open(reply, SRQ_LONG, keys.reply) &&
			    srq_read_header(body, SRQ_LONG_BODY, header) &&
			    header->id == id &&
			    srq_read_logdata(body, SRQ_LONG_BODY, logdata))
				return true;
		}
	}
	return false;
}

static bool make_key(uint8_t key[SRQ_KEY_LEN])
{
	const char *password = getenv("SEND_SYSRQ_PASSWORD");
	const char *text = getenv("READLOG_KEY");

	if (text)
		return srq_key_from_text(key, text, strlen(text));
	return password && srq_key_from_password(key, password,
						 strlen(password), "", 0) == 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in host = { .sin_family = AF_INET };
	uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 0) : 0;
	uint8_t key[SRQ_KEY_LEN], reply[SRQ_LONG];
	struct srq_logdata logdata;
	struct srq_header header;

	if (argc < 3 || sodium_init() < 0 ||
	    inet_pton(AF_INET, argv[1], &host.sin_addr) != 1 ||
	    !make_key(key) || srq_keys_derive(&keys, key))
		return 2;
	host.sin_port = htons((uint16_t)atoi(argv[2]));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&host, sizeof(host)))
		return 2;

	for (;;) {
		if (!ask(first, reply, &header, &logdata))
			return 1;
		if (header.code == SRQ_WRONG_EPOCH && epoch != logdata.epoch) {
			epoch = logdata.epoch;
			continue;
		}
		if (header.code != SRQ_OK && header.code != SRQ_TEXT_CUT) {
			fprintf(stderr, "refused: %u\n", header.code);
			return 3;
		}
		if (header.code == SRQ_TEXT_CUT)
			fprintf(stderr, "cut: record %llu\n",
				(unsigned long long)logdata.first);
		fwrite(logdata.text, 1, logdata.text_len, stdout);
		if (logdata.next == first || logdata.next >= logdata.log_next)
			return 0;
		first = logdata.next;
	}
}
