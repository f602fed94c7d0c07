/* SPDX-License-Identifier: GPL-2.0 */
/* Gets the password: from a file, the environment or the terminal. */
#ifndef SRQ_PASSWORD_H
#define SRQ_PASSWORD_H

#include "lib/sysrq.h"

/* A secret, which the caller wipes. */
struct password {
	size_t len; /* bytes of text, which has no NUL */
	char text[SYSRQ_PASSWORD_MAX];
};

/* SEND_SYSRQ_PASSWORD of the environment: a secret, which the caller wipes. */
struct password_variable {
	bool set;
	size_t len; /* above SYSRQ_PASSWORD_MAX: too long, and text is cut */
	char text[SYSRQ_PASSWORD_MAX + 1];
};

/* Take SEND_SYSRQ_PASSWORD out of the environment, and wipe it there. */
void password_fetch(struct password_variable *variable);

/*
 * Read the password: the first line of file, "-" for standard input. file NULL:
 * the password of the environment; if that is not set, ask on /dev/tty with the
 * echo off. The prompt names host. The caller wipes password in any case.
 * False: the reason has been told on stderr.
 */
bool password_read(struct password *password, const char *file,
		   const struct password_variable *variable, const char *host);

#endif
