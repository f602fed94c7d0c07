/* SPDX-License-Identifier: GPL-2.0 */
/* Reads a secret from the first line of a file. */
#ifndef SRQ_SECRETFILE_H
#define SRQ_SECRETFILE_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Read the first line of file; "-" is standard input. trusted() judges the file.
 * A byte-order mark is taken away. option is the option that names the file, for messages.
 *
 * Returns the length of the line in bytes, without its newline and without a
 * NUL, at most size: a line of size bytes may have been cut. Below 0: the
 * reason has been told on stderr. The caller wipes line in both cases.
 */
ssize_t secretfile_read(const char *option, const char *file, char *line,
			size_t size);

/*
 * Read the first line of an open file. It does not check who may have access.
 * signals is the signal mask during the wait; NULL: the present mask. Returns
 * the length as above. Below 0: errno says why; nothing has been told.
 */
ssize_t secretfile_line(int fd, char *line, size_t size,
			const sigset_t *signals);

#endif
