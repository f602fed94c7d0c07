// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
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

void written_flush(void)
{
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
