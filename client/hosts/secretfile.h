/* SPDX-License-Identifier: GPL-2.0 */
/* Files that hold a secret in their first line. */
#ifndef SRQ_SECRETFILE_H
#define SRQ_SECRETFILE_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Read the first line of a file, "-" for standard input, that nobody but its
 * owner may have access to. option is what it was given for. Returns the
 * line's length in bytes without its newline, at most size: a line as long as
 * that may have been cut. Below 0: the reason has been told on stderr. In
 * both cases the caller wipes the line.
 */
ssize_t secretfile_read(const char *option, const char *file, char *line,
			size_t size);

/*
 * The same of a file that is open, unasked whose it is; below 0: see errno.
 * signals: the mask to wait with, NULL for the present one.
 */
ssize_t secretfile_line(int fd, char *line, size_t size,
			const sigset_t *signals);

#endif
