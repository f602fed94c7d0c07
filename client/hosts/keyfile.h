/* SPDX-License-Identifier: GPL-2.0 */
/* Keys as a line of text: what genkey prints, and --key-file reads. */
#ifndef SRQ_KEYFILE_H
#define SRQ_KEYFILE_H

#include "client/output/exit.h"
#include "lib/sysrq.h"

/*
 * The key in the first line of file, "-" for standard input. False: the reason
 * has been told on stderr, and key, which the caller wipes, is undefined.
 */
bool keyfile_read(struct sysrq_key *key, const char *file);

/*
 * Print the key on stdout, which is closed then. EXIT_MACHINE: not all of it
 * could be written, as has been told on stderr.
 */
enum exit_status keyfile_print(const struct sysrq_key *key);

#endif
