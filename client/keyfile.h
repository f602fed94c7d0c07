/* SPDX-License-Identifier: GPL-2.0 */
/* Keys as a line of text: what genkey prints, and --key-file reads. */
#ifndef SRQ_KEYFILE_H
#define SRQ_KEYFILE_H

#include "exit.h"
#include "key.h"

/*
 * The key in the first line of file, "-" for standard input, as it is; with a
 * realm, of at most SRQ_REALM_MAX bytes, the key that is derived for it, the
 * file's being a master key. EXIT_USAGE: the reason has been told on stderr.
 * EXIT_MACHINE: no memory; the caller tells so. key, which the caller wipes,
 * is undefined on both.
 */
enum srq_exit keyfile_read(uint8_t key[SRQ_KEY_LEN], const char *file,
			   const char *realm);

/*
 * Print the key on stdout, which is closed then. EXIT_MACHINE: not all of it
 * could be written, as has been told on stderr.
 */
enum srq_exit keyfile_print(const uint8_t key[SRQ_KEY_LEN]);

#endif
