// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/hosts/trusted.h"
#include "client/output/tell.h"

/*
 * What nobody may do. A secret of root that this user can read was given to him: to his
 * group, or by an ACL, whose permissions stat() shows as those of the group.
 */
static mode_t forbidden_modes(const struct stat *st, bool secret)
{
	if (!secret)
		return S_IWGRP | S_IWOTH;
	return !st->st_uid && geteuid() ? S_IWGRP | S_IXGRP | S_IRWXO
					: S_IRWXG | S_IRWXO;
}

/* The file may be the only key of that user: root is not told to take it away. */
static bool tell_owner(const char *what, const char *file, uid_t owner,
		       const char *name, const char *quote)
{
	if (geteuid())
		tell("%s: '%s' belongs to the user %u, expected a file of your "
		     "own or of root: run chown %u %s%s%s",
		     what, file, (unsigned int)owner, (unsigned int)geteuid(),
		     quote, name, quote);
	else
		tell("%s: '%s' belongs to the user %u, expected a file of root, "
		     "because you are root: run this as that user, or give root "
		     "a file of its own",
		     what, file, (unsigned int)owner);
	return false;
}

bool trusted(int fd, const char *what, const char *file, bool secret)
{
	bool is_stdin = fd == STDIN_FILENO;
	const char *quote = is_stdin ? "" : "'";
	const char *name = is_stdin ? "on that file" : file;
	struct stat st;

	if (fstat(fd, &st))
		return tell_cannot_read(what, file);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return tell_bad(what, file, "a regular file");
	if (S_ISREG(st.st_mode) && st.st_uid && st.st_uid != geteuid())
		return tell_owner(what, file, st.st_uid, name, quote);
	if (!(st.st_mode & forbidden_modes(&st, secret)))
		return true;
	tell("%s: '%s' has mode %04o, so not only its owner can %s it: run "
	     "chmod %s %s%s%s",
	     what, file, (unsigned int)st.st_mode & 07777,
	     secret ? "use" : "write", secret ? "600" : "go-w", quote, name,
	     quote);
	return false;
}

FILE *trusted_open(const char *what, const char *file)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	FILE *stream;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && !S_ISREG(st.st_mode)) {
		tell_bad(what, file, "a regular file");
		close(fd);
		errno = 0;
		return NULL;
	}
	stream = fdopen(fd, "r");
	if (!stream)
		close(fd);
	return stream;
}
