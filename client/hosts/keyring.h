/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the keys that this operator shares with many hosts. It reads each key
 * file once, asks for the password once, and makes the key of each realm once.
 */
#ifndef SRQ_KEYRING_H
#define SRQ_KEYRING_H

#include "client/output/exit.h"
#include "client/hosts/config.h"
#include "client/hosts/index.h"
#include "client/hosts/known.h"
#include "client/hosts/names.h"
#include "client/hosts/password.h"
#include "client/hosts/shared.h"
#include "lib/sysrq.h"

/* The caller sets the members up to names_only, and the rest to 0. */
struct keyring {
	const char *password_file; /* --password-file; NULL: not given */
	bool ask;                  /* --password was given */
	const struct password_variable *variable;
	const char *known_as; /* --known-as; NULL: not given */
	const struct sysrq_public
		*host;                 /* counts before known hosts, or NULL */
	const struct sysrq_pair *pair; /* counts before key files, or NULL */
	bool pair_only;                /* as in struct target_options */
	const char *no_password; /* why it takes none, to be told; or NULL */
	bool names_only; /* make no key: the pair and the password are not read */
	struct known *known;
	bool has_password;
	struct password password;
	struct index files;  /* the pairs in the key files, by their path */
	struct index realms; /* the keys made from the password */
};

/* What is asked for a key: a host, and its settings. */
struct keyring_host {
	const char *name; /* in the form of names in struct hosts */
	const struct settings *settings;
};

/*
 * Get the key of a host: from --password-file or --password; from the
 * operator's pair, if the host is known; from SEND_SYSRQ_PASSWORD; or, if the
 * operator has no pair, from the password that the user is asked for. The prompt
 * names who: a host, or "3 hosts". A password makes shared->key, and the rest of
 * shared is 0. Otherwise shared_make() makes it of pair and host, which are valid
 * until keyring_clear(). EXIT_USAGE: the reason has been told on stderr.
 * EXIT_MACHINE: out of memory; the caller tells it. EXIT_UNREACHABLE: the host is
 * not known, and only with its public key it could be asked; the caller tells it.
 */
enum exit_status keyring_get(struct keyring *ring,
			     const struct keyring_host *host, const char *who,
			     struct shared *shared);

/* Wipe and free all keys and the password. Not ring itself. */
void keyring_clear(struct keyring *ring);

#endif
