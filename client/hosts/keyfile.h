/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and prints a key as a line of text: base64, as genkey prints it. */
#ifndef SRQ_KEYFILE_H
#define SRQ_KEYFILE_H

#include "client/output/exit.h"
#include "lib/sysrq.h"

/*
 * Read the key in the first line of file; "-" is standard input. The caller
 * wipes key in any case. False: it is undefined; the reason has been told on
 * stderr.
 */
bool keyfile_read(struct sysrq_key *key, const char *file);

/*
 * Print the key on stdout, and close stdout. EXIT_MACHINE: the key could not be
 * written completely, as has been told on stderr.
 */
enum exit_status keyfile_print(const struct sysrq_key *key);

#endif
