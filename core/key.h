/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a password or a master key to the key K that operator and host share,
 * and from K to what a datagram needs. docs/protocol.md, "Keys".
 */
#ifndef SRQ_KEY_H
#define SRQ_KEY_H

#include "core/platform.h"

enum {
	SRQ_KEY_LEN = 32,
	SRQ_KEY_ID_LEN = 8,
	SRQ_KEY_TEXT_LEN = 44, /* without a NUL */
	SRQ_PASSWORD_MAX = 255,
	SRQ_REALM_MAX = 255,
	SRQ_PASSWORD_ROUNDS = 262144,
};

/* The three sub-keys of K. request and reply are secrets: wipe them. */
struct srq_keys {
	uint8_t id[SRQ_KEY_ID_LEN];
	uint8_t request[SRQ_AEAD_KEY_LEN];
	uint8_t reply[SRQ_AEAD_KEY_LEN];
};

/*
 * All of these run in process context (see srq_hmac_new), take lengths in
 * bytes without a NUL, and return 0 or a negative error number, on which the
 * output is wiped. realm_len is at most SRQ_REALM_MAX.
 */

/* PBKDF2-HMAC-SHA256 (RFC 8018, 5.2), its first block of 32 bytes. */
int srq_pbkdf2(uint8_t out[SRQ_HASH_LEN], const void *password,
	       size_t password_len, const void *salt, size_t salt_len,
	       uint32_t rounds);

/* Takes a good part of a second: SRQ_PASSWORD_ROUNDS rounds of PBKDF2. */
int srq_key_from_password(uint8_t key[SRQ_KEY_LEN], const char *password,
			  size_t password_len, const char *realm,
			  size_t realm_len);

int srq_key_from_master(uint8_t key[SRQ_KEY_LEN],
			const uint8_t master[SRQ_KEY_LEN], const char *realm,
			size_t realm_len);

int srq_keys_derive(struct srq_keys *keys, const uint8_t key[SRQ_KEY_LEN]);

/*
 * The text form of a key: standard base64 (RFC 4648, 4) with its padding.
 * Constant time in the key's bits, as a key is a secret. Any context.
 */
void srq_key_to_text(char text[SRQ_KEY_TEXT_LEN + 1],
		     const uint8_t key[SRQ_KEY_LEN]);
bool srq_key_from_text(uint8_t key[SRQ_KEY_LEN], const char *text, size_t len);

#endif
