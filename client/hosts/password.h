/* SPDX-License-Identifier: GPL-2.0 */
/* Where the password comes from; never from the command line. */
#ifndef SRQ_PASSWORD_H
#define SRQ_PASSWORD_H

#include "lib/sysrq.h"

/* A secret: the caller wipes it. */
struct password {
	size_t len;
	char text[SYSRQ_PASSWORD_MAX];
};

/* What the environment said; a secret too. */
struct password_variable {
	bool set;
	size_t len; /* one more than a password may have: it had more */
	char text[SYSRQ_PASSWORD_MAX + 1];
};

/* Take SEND_SYSRQ_PASSWORD out of the environment and wipe it there. */
void password_fetch(struct password_variable *variable);

/*
 * The first line of file, "-" for standard input; where file is NULL the
 * environment's password; where that is not set, asked on /dev/tty without
 * echo. False: the reason has been told on stderr.
 */
bool password_read(struct password *password, const char *file,
		   const struct password_variable *variable, const char *host);

#endif
