/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the keys of many hosts. It reads each key file once, asks for the
 * password once, and makes the key of each realm once.
 */
#ifndef SRQ_KEYRING_H
#define SRQ_KEYRING_H

#include "client/output/exit.h"
#include "client/hosts/password.h"
#include "lib/sysrq.h"

struct keyring_entry;

/* The caller sets the first two members, and the rest to 0. */
struct keyring {
	const char *password_file; /* --password-file; NULL: not given */
	const struct password_variable *variable;
	bool has_password;
	struct password password;
	struct keyring_entry *files;  /* the keys in the key files */
	struct keyring_entry *realms; /* the keys made from the password */
};

/*
 * Get the key of a host. key_file is a file, or "-" for standard input; if
 * realm is not NULL, it has a master key. key_file NULL: the password makes the
 * key for realm; realm NULL is the empty realm. The prompt for a password names
 * who: a host, or "3 hosts". The caller wipes key. EXIT_USAGE: the reason has
 * been told on stderr. EXIT_MACHINE: out of memory; the caller tells it.
 */
enum exit_status keyring_get(struct keyring *ring, const char *key_file,
			     const char *realm, const char *who,
			     struct sysrq_key *key);

/* Wipe and free all keys and the password. Not ring itself. */
void keyring_clear(struct keyring *ring);

#endif
