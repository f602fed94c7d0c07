/* SPDX-License-Identifier: GPL-2.0 */
/*
 * --ethernet 52:54:00:12:34:56%eth0: the network card of a host that has lost its
 * IPv4 address.
 */
#ifndef SRQ_ETHERNET_H
#define SRQ_ETHERNET_H

#include <stdbool.h>

#include "client/hosts/known.h"
#include "client/hosts/names.h"
#include "client/output/exit.h"
#include "lib/sysrq.h"

struct ethernet {
	const char *text; /* the value of the option; NULL: not given */
	unsigned char hardware[6];
	const char *interface; /* in text */
};

/* Read the value of the option. False: it is wrong, as has been told. */
bool ethernet_read(struct ethernet *ethernet, const char *text);

/* The host that has the card */
struct ethernet_host {
	const char *name;
	const char
		*known_as; /* its key is known for this name; NULL: for name */
	struct hosts *addresses; /* of the configuration */
	const struct sysrq_public *key;
	const struct known *known;
};

/*
 * Send all IPv4 datagrams to the card. One address takes the place of the host's
 * addresses: an IPv4 address that the host is known by, or else one that no host
 * has. Returns EXIT_ALL_DONE; otherwise the reason has been told.
 */
enum exit_status ethernet_begin(const struct ethernet *ethernet,
				struct sysrq *ctx,
				const struct ethernet_host *host);

#endif
