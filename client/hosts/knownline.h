/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A line of a known_hosts file: "web7,web7.example.org,192.0.2.7 KEY", the names
 * and addresses of one host, and the host's public key.
 */
#ifndef SRQ_KNOWNLINE_H
#define SRQ_KNOWNLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/sysrq.h"

enum { KNOWN_NAME_MAX = 253 /* bytes, without the NUL */ };

/*
 * Write the form of a name in which two names are compared: small letters, no
 * dot at the end, an address as inet_ntop(3) writes it, and no zone. False: it is
 * not the name or address of one host.
 */
bool known_name(char out[KNOWN_NAME_MAX + 1], const char *name);

struct known_line {
	size_t count; /* of names; 0: the line is blank, or a comment */
	char **names; /* each as known_name() writes it */
	struct sysrq_public key;
};

/*
 * Read a line without its newline; the text is changed. Returns NULL, or what is
 * wrong with the line: a text that is valid until the next call; then line holds
 * nothing to free.
 */
const char *known_line_read(struct known_line *line, char *text);
void known_line_free(struct known_line *line);

/* Has the line this name, which known_name() has written? */
bool known_line_has(const struct known_line *line, const char *name);
/* Add the names of from. False: out of memory. */
bool known_line_merge(struct known_line *to, const struct known_line *from);
/* Do the lines share a name? */
bool known_line_shares(const struct known_line *a, const struct known_line *b);

/*
 * Read a host's public key, len bytes of text. Returns NULL, or what is wrong:
 * a text that is valid for ever.
 */
const char *known_key_read(struct sysrq_public *key, const char *text,
			   size_t len);

/*
 * Check that a host can have this key. This takes as long as making a key, so it
 * is not for thousands of lines: sysrq_key_from_pair() checks the same. Returns
 * the same as known_key_read().
 */
const char *known_key_check(const struct sysrq_public *key);

#endif
