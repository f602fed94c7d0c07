/* SPDX-License-Identifier: GPL-2.0 */
/* Replaces %h and %% in the values of a configuration. */
#ifndef SRQ_ESCAPES_H
#define SRQ_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>

/* True: each % in text begins %h or %%. */
bool escapes_good(const char *text);

/*
 * True: text begins with an IPv6 address and a %, so no %h is in it: its zone
 * follows, as in fe80::1%eth0.
 */
bool escapes_zone(const char *text);

/*
 * Put text, with host for %h, after the first len bytes of folder. The caller
 * frees the result. NULL: out of memory; nothing has been told.
 */
char *escapes_expand(const char *folder, size_t len, const char *text,
		     const char *host);

#endif
