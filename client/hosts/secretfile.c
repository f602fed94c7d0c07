// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/hosts/secretfile.h"
#include "client/output/tell.h"

ssize_t secretfile_line(int fd, char *line, size_t size,
			const sigset_t *signals)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	size_t len = 0;

	while (len < size) {
		char *end;
		ssize_t n;

		if (ppoll(&readable, 1, NULL, signals) < 0)
			return -1;
		n = read(fd, line + len, size - len);
		if (n < 0)
			return -1;
		end = memchr(line + len, '\n', (size_t)n);
		if (end)
			return end - line;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* False: others have access, or it is not a file, as has been told. */
static bool usable(int fd, const char *option, const char *file)
{
	struct stat st;
	bool is_stdin;

	if (fstat(fd, &st))
		return tell_cannot_read(option, file);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		tell("%s: '%s' given, expected a regular file", option, file);
		return false;
	}
	if (!(st.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	is_stdin = fd == STDIN_FILENO;
	tell("%s: '%s' has mode %04o, so not only its owner can use it: run "
	     "chmod 600 %s%s%s",
	     option, file, (unsigned int)st.st_mode & 07777,
	     is_stdin ? "on " : "'", is_stdin ? "that file" : file,
	     is_stdin ? "" : "'");
	return false;
}

static ssize_t read_open(int fd, const char *option, const char *file,
			 char *line, size_t size)
{
	ssize_t n;

	if (!usable(fd, option, file))
		return -1;
	n = secretfile_line(fd, line, size, NULL);
	if (n < 0) {
		tell_cannot_read(option, file);
		return -1;
	}
	if (n == 0 || line[n - 1] != '\r')
		return n;
	tell("%s: the first line of '%s' ends with CR LF, expected LF: remove "
	     "the carriage return (CR)",
	     option, file);
	return -1;
}

ssize_t secretfile_read(const char *option, const char *file, char *line,
			size_t size)
{
	ssize_t n;
	int fd;

	if (!strcmp(file, "-"))
		return read_open(STDIN_FILENO, option, "standard input", line,
				 size);
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		tell_cannot_read(option, file);
		return -1;
	}
	n = read_open(fd, option, file, line, size);
	close(fd);
	return n;
}
