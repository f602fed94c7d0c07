// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/hosts/secretfile.h"
#include "client/hosts/trusted.h"
#include "client/output/tell.h"
#include "client/output/text.h"

/* Take a byte-order mark off len bytes of line. Returns their new number. */
static size_t take_mark(char *line, size_t len)
{
	size_t mark = text_mark(line, len);

	memmove(line, line + mark, len - mark);
	return len - mark;
}

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
		len = take_mark(line, len + (size_t)n);
		end = memchr(line, '\n', len);
		if (end)
			return end - line;
		if (n == 0)
			break;
	}
	return (ssize_t)len;
}

static ssize_t read_open(int fd, const char *option, const char *file,
			 char *line, size_t size)
{
	ssize_t n;

	if (!trusted(fd, option, file, true))
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
