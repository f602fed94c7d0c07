/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes the key K, which an operator and a host share, from their key pairs or
 * from a password, and makes from K the keys that a datagram needs. See
 * docs/protocol.md, "Keys".
 */
#ifndef SRQ_KEY_H
#define SRQ_KEY_H

#include "core/platform.h"

enum {
	SRQ_KEY_LEN = 32,
	SRQ_KEY_ID_LEN = 8,
	SRQ_KEY_TEXT_LEN = 44,     /* without the NUL */
	SRQ_PRIVATE_TEXT_LEN = 58, /* without the NUL */
	SRQ_PASSWORD_MAX = 255,
	SRQ_REALM_MAX = 255,
	SRQ_PASSWORD_ROUNDS = 262144,
};

/* The word before the base64 of a private key, in its text */
#define SRQ_PRIVATE_PREFIX "sysrq-private:"

enum { SRQ_KEY_REFUSED = 1 };

/* The two sides that share a K */
enum srq_side { SRQ_OPERATOR, SRQ_HOST };

/* A key pair (X25519). private is a secret: wipe the structure. */
struct srq_pair {
	uint8_t private[SRQ_KEY_LEN];
	uint8_t public[SRQ_KEY_LEN];
};

/* The three keys that are made from K. request and reply are secrets: wipe the
 * structure. */
struct srq_keys {
	uint8_t id[SRQ_KEY_ID_LEN];
	uint8_t request[SRQ_AEAD_KEY_LEN];
	uint8_t reply[SRQ_AEAD_KEY_LEN];
};

/*
 * The functions up to srq_keys_derive() run in process context, as
 * srq_hmac_new() may sleep. Lengths are in bytes, without a NUL. Those that return
 * an int return 0 or an error. On an error the output holds no key. The errors:
 *
 *   -1     srq_hmac_new() has failed, or the salt or the realm is too long
 *   SRQ_KEY_REFUSED  srq_public_key_ok() refuses the other side's key
 *   other  the error of srq_hmac_digest()
 */

/* Fills in pair->public from pair->private, any 32 random bytes. */
void srq_pair_complete(struct srq_pair *pair);

/*
 * Computes K of own pair and of the other side's public key. side says which of
 * the two sides own is. SRQ_KEY_REFUSED: srq_public_key_ok() refuses the key.
 */
int srq_key_from_pair(uint8_t key[SRQ_KEY_LEN], const struct srq_pair *own,
		      enum srq_side side, const uint8_t other[SRQ_KEY_LEN]);

/*
 * Is this the public key of somebody else? Refused are keys that are not
 * canonical (the top bit is set, or the number is not below 2^255 - 19), keys
 * of low order, and own's. own may be NULL, if there is no own pair yet.
 */
bool srq_public_key_ok(const struct srq_pair *own,
		       const uint8_t other[SRQ_KEY_LEN]);

/*
 * Computes the first block of PBKDF2-HMAC-SHA256 (RFC 8018, 5.2), with one
 * round at least. The salt may be as long as that of srq_key_from_password().
 */
int srq_pbkdf2(uint8_t out[SRQ_HASH_LEN], const void *password,
	       size_t password_len, const void *salt, size_t salt_len,
	       uint32_t rounds);

/*
 * Takes a large part of a second: SRQ_PASSWORD_ROUNDS rounds of PBKDF2. The
 * realm has SRQ_REALM_MAX bytes at most.
 */
int srq_key_from_password(uint8_t key[SRQ_KEY_LEN], const char *password,
			  size_t password_len, const char *realm,
			  size_t realm_len);

int srq_keys_derive(struct srq_keys *keys, const uint8_t key[SRQ_KEY_LEN]);

/*
 * The text form of a key is standard base64 (RFC 4648, 4) with its padding. The
 * time of both functions does not depend on the bits of the key, a secret. Any
 * context.
 *
 * to_text: writes SRQ_KEY_TEXT_LEN characters and a NUL.
 * from_text: text has len bytes and needs no NUL. Returns false if it is not
 * the text of a key; then the output holds no key.
 */
void srq_key_to_text(char text[SRQ_KEY_TEXT_LEN + 1],
		     const uint8_t key[SRQ_KEY_LEN]);
bool srq_key_from_text(uint8_t key[SRQ_KEY_LEN], const char *text, size_t len);

/*
 * The text form of a private key is SRQ_PRIVATE_PREFIX and the base64. So nobody
 * takes a private key for a public one. Else as the two above.
 */
void srq_private_to_text(char text[SRQ_PRIVATE_TEXT_LEN + 1],
			 const uint8_t private[SRQ_KEY_LEN]);
bool srq_private_from_text(uint8_t private[SRQ_KEY_LEN], const char *text,
			   size_t len);

#endif
