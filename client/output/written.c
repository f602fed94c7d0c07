// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/output/tell.h"
#include "client/output/written.h"

/* A network file system tells of a full disk when a descriptor is closed. */
static bool closes(void)
{
	int fd = dup(STDOUT_FILENO);

	return fd < 0 || !close(fd);
}

static int reason; /* of the first failure, an errno value; 0: not known */

static bool flush(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout) && closes())
		return true;
	reason = reason ? reason : errno;
	return false;
}

/*
 * Would writing wait for a reader? Then what is printed stays in memory, and the other hosts
 * get their letters. A pipe takes no part of it: so once it was full, it gets all the rest at
 * the end.
 */
static bool would_wait(int fd)
{
	static bool full[STDERR_FILENO + 1];
	struct pollfd out = { fd, POLLOUT, 0 };

	if (!full[fd] && poll(&out, 1, 0))
		return false;
	full[fd] = !isatty(fd);
	return true;
}

void written_room(void)
{
	static char room[2][1 << 20];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, room[0], _IOFBF, sizeof(room[0]));
	if (!isatty(STDERR_FILENO))
		setvbuf(stderr, room[1], _IOFBF, sizeof(room[1]));
}

void written_flush(void)
{
	if (!would_wait(STDOUT_FILENO))
		flush();
	if (!would_wait(STDERR_FILENO))
		fflush(stderr);
}

bool written(const char *what)
{
	static bool told;

	if (flush())
		return true;
	if (!told)
		tell("cannot write %s%s%s", what, reason ? ": " : "",
		     reason ? strerror(reason) : "");
	told = true;
	return false;
}
