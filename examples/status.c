// SPDX-License-Identifier: GPL-2.0
/* status KEYFILE HOSTKEY ADDRESS PORT: is its kernel alive? */
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sysrq.h>

/* Makes the key that the pair in the file shares with the host. */
static int read_key(struct sysrq_key *key, char *file, char *host)
{
	char line[SYSRQ_PRIVATE_TEXT_LEN + 2] = "";
	FILE *stream = fopen(file, "r");
	struct sysrq_public other;
	struct sysrq_pair pair;
	int err;

	if (!stream)
		return -1;
	if (!fgets(line, sizeof(line), stream))
		line[0] = '\0';
	fclose(stream);
	err = sysrq_pair_from_text(&pair, line, strcspn(line, "\n"));
	explicit_bzero(line, sizeof(line));
	if (!err)
		err = sysrq_public_from_text(&other, host, strlen(host));
	if (!err)
		err = sysrq_key_from_pair(key, &pair, &other);
	sysrq_pair_wipe(&pair);
	return err;
}

static void print(const struct sysrq_status *status)
{
	unsigned long long up = status->boot_time / SYSRQ_SECOND;

	printf("%s, up %llu s, load %u.%02u, s %s\n",
	       status->panicked ? "panicked" : "alive", up,
	       status->load[0] / 100, status->load[0] % 100,
	       status->letters & sysrq_letter_bit('s') ? "permitted"
						       : "refused");
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST,
				  .ai_socktype = SOCK_DGRAM };
	struct sysrq *ctx = sysrq_new();
	struct sysrq_host *host = NULL;
	struct sysrq_event event;
	struct sysrq_key key;
	struct addrinfo *to;
	int alive = 0;

	if (argc != 5 || read_key(&key, argv[1], argv[2]) ||
	    getaddrinfo(argv[3], argv[4], &hints, &to)) {
		fprintf(stderr, "usage: %s KEYFILE HOSTKEY ADDRESS PORT\n",
			argv[0]);
		return 2;
	}
	if (ctx)
		host = sysrq_host_new(ctx, &key);
	sysrq_key_wipe(&key);
	if (!host ||
	    sysrq_host_add_address(host, to->ai_addr, to->ai_addrlen) ||
	    sysrq_host_ask(host)) {
		fputs("status: cannot ask\n", stderr);
		return 2;
	}
	freeaddrinfo(to);

	while (sysrq_busy(ctx)) {
		struct pollfd fd = { sysrq_fd(ctx), POLLIN, 0 };

		poll(&fd, 1, sysrq_timeout(ctx));
		sysrq_process(ctx);
		while (sysrq_next(ctx, &event)) {
			if (event.type != SYSRQ_EVENT_STATUS)
				continue;
			alive = 1;
			print(sysrq_host_status(event.host));
		}
	}
	sysrq_free(ctx);
	if (!alive)
		puts("no answer");
	return !alive;
}
