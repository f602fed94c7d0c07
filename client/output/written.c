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
static bool would_wait(void)
{
	static bool full;
	struct pollfd out = { STDOUT_FILENO, POLLOUT, 0 };

	if (!full && poll(&out, 1, 0))
		return false;
	full = !isatty(STDOUT_FILENO);
	return true;
}

void written_room(void)
{
	static char room[1 << 20];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, room, _IOFBF, sizeof(room));
}

void written_flush(void)
{
	if (!would_wait())
		flush();
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
