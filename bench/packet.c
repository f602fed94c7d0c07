// SPDX-License-Identifier: GPL-2.0
/*
 * `packet PORT KIND COUNT [KEY]` sends COUNT datagrams of a kind to 127.0.0.1, from
 * port 9000, and prints how many nanoseconds one takes, with the call that sends it: the
 * median of many batches, of which some have a tick of the clock. The kinds:
 *
 *   a number  so many bytes of junk
 *   unknown   junk that begins as a datagram of ours, with a key id that nobody has
 *   digest    a request for xt_SYSRQ, in which all is right but the digest
 *   lines     those of standard input, one on each line, all of one size
 *
 * and with KEY, an operator's key as base64:
 *
 *   forged    a datagram in which all is right but the tag
 *   hello
 *   log       for the newest records
 *   command   each is a new one, and presses 4
 *
 * The host answers the last two only with the epoch that it tells in a status. Where
 * nobody answers, they have any epoch.
 */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "core/message.h"

enum {
	FROM = 9000,
	COMMANDS_MAX = 1000,
	NEWEST = 12, /* records of the log */
	BATCH = 10,
	BATCHES_MAX = 10000,
};

static struct srq_keys keys;
static struct sockaddr_in to = { .sin_family = AF_INET };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Returns a socket that is bound to this port; 0: to any. */
static int bound(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at))) {
		perror("packet: bind");
		exit(2);
	}
	return fd;
}

static void seal(uint8_t *datagram, size_t len)
{
	static const uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	srq_datagram_seal(datagram, len, keys.id, keys.request, nonce);
}

static void hello(uint8_t datagram[SRQ_SHORT])
{
	srq_write_hello(srq_datagram_body(datagram), SRQ_SHORT_BODY, 1);
	seal(datagram, SRQ_SHORT);
}

/* Fills in the status of the host. If nobody answers, the epoch is 1. */
static void ask(struct srq_status *status)
{
	static const struct timeval wait = { .tv_sec = 1 };
	uint8_t datagram[SRQ_SHORT];
	int fd = bound(0);

	*status = (struct srq_status){ .epoch = 1 };
	hello(datagram);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	sendto(fd, datagram, SRQ_SHORT, 0, (struct sockaddr *)&to, sizeof(to));
	if (recv(fd, datagram, SRQ_SHORT, 0) == SRQ_SHORT &&
	    srq_datagram_open(datagram, SRQ_SHORT, keys.reply))
		srq_read_status(srq_datagram_body(datagram), SRQ_SHORT_BODY,
				status);
}

static size_t ask_log(uint8_t datagram[SRQ_LONG])
{
	struct srq_status status;
	struct srq_log log;

	ask(&status);
	log.epoch = status.epoch;
	log.first = status.log_next > NEWEST ? status.log_next - NEWEST : 0;
	srq_write_log(srq_datagram_body(datagram), SRQ_LONG_BODY, 1, &log);
	seal(datagram, SRQ_LONG);
	return SRQ_LONG;
}

/* Each line is a datagram with its newline. Returns their size; 0: they are none. */
static size_t lines(uint8_t (*datagrams)[SRQ_LONG], size_t count)
{
	char line[SRQ_LONG];
	size_t size = 0;

	setvbuf(stdin, NULL, _IONBF, 0); /* the next process reads on */
	for (size_t i = 0; i < count; i++) {
		if (!fgets(line, sizeof(line), stdin) ||
		    (i && strlen(line) != size))
			return 0;
		size = strlen(line);
		memcpy(datagrams[i], line, size);
	}
	return size;
}

static size_t commands(uint8_t (*datagrams)[SRQ_LONG], size_t count)
{
	struct srq_command command = { .count = 1, .steps[0].letter = '4' };
	struct srq_status status;

	ask(&status);
	command.epoch = status.epoch;
	command.deadline = status.boot_time + 500 * SRQ_SECOND;
	for (size_t i = 0; i < count; i++) {
		command.order = status.sequence + 1 + i;
		srq_write_command(srq_datagram_body(datagrams[i]),
				  SRQ_SHORT_BODY, i, &command);
		seal(datagrams[i], SRQ_SHORT);
	}
	return SRQ_SHORT;
}

/* Fills in one datagram, or count of them if each is another. Returns their size;
 * 0: there is no such kind. */
static size_t make(const char *kind, uint8_t (*datagrams)[SRQ_LONG],
		   size_t count)
{
	uint8_t *first = datagrams[0];

	if (!strcmp(kind, "command"))
		return commands(datagrams, count);
	if (!strcmp(kind, "lines"))
		return lines(datagrams, count);
	if (!strcmp(kind, "log"))
		return ask_log(first);
	if (!strcmp(kind, "digest"))
		return (size_t)sprintf((char *)first, "s,9999999999,salt,%040d",
				       0);
	if (!strcmp(kind, "hello") || !strcmp(kind, "forged") ||
	    !strcmp(kind, "unknown")) {
		hello(first);
		first[SRQ_SHORT - 1] ^= kind[0] == 'f';
		first[SRQ_PREFIX_LEN - 1] ^= kind[0] == 'u';
		return SRQ_SHORT;
	}
	memcpy(first, "junk", 4);
	return strtoul(kind, NULL, 10);
}

/* Is each datagram of this kind another? */
static bool all_differ(const char *kind)
{
	return !strcmp(kind, "command") || !strcmp(kind, "lines");
}

static bool read_key(const char *text)
{
	uint8_t key[SRQ_KEY_LEN];

	return srq_key_from_text(key, text, strlen(text)) &&
	       !srq_keys_derive(&keys, key);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Sends the datagrams, batch by batch. Returns the median of the batches' times, each
 * for one datagram. */
static double measure(uint8_t (*datagrams)[SRQ_LONG], size_t size,
		      size_t different, size_t batches)
{
	static double times[BATCHES_MAX];
	int fd = bound(FROM);

	for (size_t i = 0; i < batches; i++) {
		double begin = now();

		for (size_t j = i * BATCH; j < (i + 1) * BATCH; j++)
			sendto(fd, datagrams[j % different], size, 0,
			       (struct sockaddr *)&to, sizeof(to));
		times[i] = (now() - begin) / BATCH;
	}
	qsort(times, batches, sizeof(times[0]), by_size);
	return times[batches / 2];
}

int main(int argc, char **argv)
{
	static uint8_t datagrams[COMMANDS_MAX][SRQ_LONG];
	size_t size, count, different;

	if (argc < 4 || sodium_init() < 0 || (argc > 4 && !read_key(argv[4])))
		return 2;
	to.sin_port = htons((uint16_t)atoi(argv[1]));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	count = strtoul(argv[3], NULL, 10);
	different = all_differ(argv[2]) ? count : 1;
	if (count < BATCH || count / BATCH > BATCHES_MAX ||
	    different > COMMANDS_MAX)
		return 2;
	size = make(argv[2], datagrams, count);
	if (!size || size > SRQ_LONG)
		return 2;
	bound((uint16_t)atoi(argv[1])); /* takes what the module does not */
	printf("%.0f\n", measure(datagrams, size, different, count / BATCH));
	return 0;
}
