/* SPDX-License-Identifier: GPL-2.0 */
/* Finds programs that come with this one, in packages of their own. */
#ifndef SRQ_LIBEXEC_H
#define SRQ_LIBEXEC_H

#include <limits.h>
#include <stdbool.h>

enum { LIBEXEC_MAX = PATH_MAX + 64 };

/*
 * Write the path of this program, and that of PREFIX/libexec/NAME, which may not
 * exist: "/usr" is the prefix of "/usr/bin/send_sysrq". False: errno says why.
 */
bool libexec_find(char self[PATH_MAX], char path[LIBEXEC_MAX],
		  const char *name);

#endif
