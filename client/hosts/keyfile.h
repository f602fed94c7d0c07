/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operator's key pair, which is in a file that only its owner may read. The
 * first line of the file is the private key, as genkey writes it.
 */
#ifndef SRQ_KEYFILE_H
#define SRQ_KEYFILE_H

#include "client/output/exit.h"
#include "lib/sysrq.h"

/*
 * Return the path of the key file: file, or if that is NULL the user's own one,
 * ~/.config/send_sysrq/key. The caller frees it. NULL: the reason has been told
 * on stderr.
 */
char *keyfile_path(const char *file);

/* Is there a file at path? */
bool keyfile_exists(const char *path);

/*
 * Read the pair from path; "-" is standard input. The caller wipes pair in any
 * case. False: it is undefined; the reason has been told on stderr.
 */
bool keyfile_read(struct sysrq_pair *pair, const char *path);

/*
 * Make a random pair, and write it to path, which must not exist yet. Makes the
 * folder too. given: path is that of --key-file. The caller wipes pair.
 * EXIT_USAGE, EXIT_MACHINE: there is no new file, and the reason has been told
 * on stderr.
 */
enum exit_status keyfile_create(struct sysrq_pair *pair, const char *path,
				bool given);

/* Print a public key on stdout. EXIT_MACHINE: it could not be written, as has
 * been told on stderr. */
enum exit_status keyfile_print(const struct sysrq_public *key);

#endif
