// SPDX-License-Identifier: GPL-2.0
/*
 * `junk HOST PORT SIZE` sends a datagram of SIZE bytes to HOST:PORT fifty times a
 * second, until it is killed. tests/vm/limit.t runs it in the guest.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int main(int argc, char **argv)
{
	static const struct timespec pause = { .tv_nsec = 20000000 };
	static const char junk[2048];
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *to;
	size_t size;
	int fd;

	if (argc != 4 || getaddrinfo(argv[1], argv[2], &hints, &to))
		return 2;
	size = strtoul(argv[3], NULL, 10);
	fd = socket(to->ai_family, to->ai_socktype, 0);
	if (fd < 0 || size > sizeof(junk))
		return 2;
	for (;;) {
		sendto(fd, junk, size, 0, to->ai_addr, to->ai_addrlen);
		nanosleep(&pause, NULL);
	}
}
