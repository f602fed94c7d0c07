/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of send_sysrq. */
#ifndef SRQ_OPTIONS_H
#define SRQ_OPTIONS_H

#include "exit.h"
#include "session.h"

struct options {
	const char *host;	   /* this and what follows: of argv */
	const char *password_file; /* NULL: environment or terminal */
	const char *key_file;	   /* NULL: a password makes the key */
	const char *realm;	   /* NULL: none given */
	uint16_t port;
	int family;	  /* AF_UNSPEC, AF_INET or AF_INET6 */
	uint64_t timeout; /* ns */
	enum srq_way way;
	bool has_host_address;
	uint8_t host_address[SRQ_ADDRESS_LEN];
	uint8_t count;
	struct srq_step steps[SRQ_STEPS_MAX];
};

/*
 * True: o is whole and valid. False: *status is what to exit with, and what
 * there is to say has been said: a fault on stderr; --help, --version on
 * stdout.
 */
bool options_parse(struct options *o, int argc, char **argv,
		   enum srq_exit *status);

#endif
