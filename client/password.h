/* SPDX-License-Identifier: GPL-2.0 */
/* Where the password comes from; never from the command line. */
#ifndef SRQ_PASSWORD_H
#define SRQ_PASSWORD_H

#include "key.h"

/* A secret: the caller wipes it. */
struct password {
	size_t len;
	char text[SRQ_PASSWORD_MAX];
};

/*
 * The first line of file; where file is NULL the environment's
 * SEND_SYSRQ_PASSWORD, which is wiped there; where that is not set, asked on
 * /dev/tty without echo. False: the reason has been told on stderr.
 */
bool password_read(struct password *password, const char *file,
		   const char *host);

#endif
