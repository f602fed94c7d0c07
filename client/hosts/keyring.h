/* SPDX-License-Identifier: GPL-2.0 */
/* The keys of many hosts: each file is read once, each password asked for once. */
#ifndef SRQ_KEYRING_H
#define SRQ_KEYRING_H

#include "client/output/exit.h"
#include "client/hosts/password.h"
#include "lib/sysrq.h"

struct keyring_entry;

struct keyring {
	const char *password_file; /* the caller's, or NULL */
	const struct password_variable *variable;
	bool has_password;
	struct password password;
	struct keyring_entry *files;  /* keys as they stand in their files */
	struct keyring_entry *realms; /* keys of the password */
};

/*
 * The key of a host: that of key_file, or derived from it where realm is not
 * NULL; with a key_file of NULL the password's for the realm. who: whom a
 * prompt is to name. EXIT_USAGE: the reason has been told on stderr.
 * EXIT_MACHINE: no memory, told by the caller.
 */
enum exit_status keyring_get(struct keyring *ring, const char *key_file,
			     const char *realm, const char *who,
			     struct sysrq_key *key);

/* Wipes and frees all that ring holds. */
void keyring_clear(struct keyring *ring);

#endif
