/* SPDX-License-Identifier: GPL-2.0 */
/* Makes the list of hosts from texts such as web[01-40],db1, and from files. */
#ifndef SRQ_HOSTS_H
#define SRQ_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "client/hosts/index.h"

enum { HOSTS_NAME_MAX = 253 /* bytes, without the NUL */ };

/*
 * Begins as {0}. Each name is there once, in the order of adding, and in the form
 * in which names are compared: small letters, an address as inet_ntop(3) writes
 * it, and an IPv4 address as IPv6 as that IPv4 address.
 */
struct hosts {
	size_t count;
	size_t size; /* of the array */
	char **names;
	struct index index; /* of the names */
};

/*
 * hosts_add() and hosts_read(): false: the reason has been told on stderr, and
 * hosts is as before.
 */

/*
 * Add the hosts of a list such as web[01-40],db1,@group. where is the option or
 * argument that has this value, for the message.
 */
bool hosts_add(struct hosts *hosts, const char *where, const char *list);

/*
 * Add the hosts of a file: a list on each line. "-" is standard input. Nobody
 * but the user and root may be able to write the file.
 */
bool hosts_read(struct hosts *hosts, const char *file);

/*
 * As hosts_add(), but without groups, and it tells nothing. NULL: the hosts are
 * added. Otherwise: what was expected, a text that is valid until the next call of a function here.
 */
const char *hosts_try(struct hosts *hosts, const char *list);

/*
 * Check an element of a list, in which others are characters of names, too: how
 * many hosts it means, and how long names get. NULL: it is good. Otherwise: what
 * was expected.
 */
const char *hosts_check(const char *element, const char *others);

/* Is this name there, which is in the form of names in struct hosts? */
bool hosts_has(const struct hosts *hosts, const char *name);

/* Remove the hosts that are in out. */
void hosts_leave_out(struct hosts *hosts, const struct hosts *out);

/* Free the names, and empty hosts. Not hosts itself. */
void hosts_free(struct hosts *hosts);

#endif
