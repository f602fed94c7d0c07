/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks who could have changed a file: the files that the client reads decide
 * which hosts get commands, and with which keys.
 */
#ifndef SRQ_TRUSTED_H
#define SRQ_TRUSTED_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Check the open file fd: it belongs to the user or to root, and nobody else
 * may write it. secret: nobody else may read it, either, but that root may have given
 * a file of its own to a group or, as systemd gives credentials, to a user. Who made a pipe
 * does not matter. Messages name the file by what and file; for STDIN_FILENO file is a
 * description. False: the reason has been told on stderr.
 */
bool trusted(int fd, const char *what, const char *file, bool secret);

/*
 * Open a regular file to read it. Of a pipe it waits for no writer: it is
 * refused. NULL: errno says why it cannot be opened; if it is 0, the reason has
 * been told on stderr. what: as for trusted().
 */
FILE *trusted_open(const char *what, const char *file);

#endif
