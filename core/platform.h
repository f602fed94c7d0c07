/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ needs from the place where it runs. All else in core/ is the same
 * in the kernel module, in libsysrq, in the iptables extension and in the
 * tests.
 *
 * kernel/crypto.c implements it with the kernel's own ciphers, lib/crypto.c
 * with libsodium.
 */
#ifndef SRQ_PLATFORM_H
#define SRQ_PLATFORM_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/string.h>
#include <linux/stddef.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

/* Times are in nanoseconds. */
#define SRQ_MILLISECOND 1000000ULL
#define SRQ_SECOND      1000000000ULL

enum {
	SRQ_AEAD_KEY_LEN = 32,
	SRQ_AEAD_NONCE_LEN = 24,
	SRQ_AEAD_TAG_LEN = 16,
	SRQ_HASH_LEN = 32,
	SRQ_X25519_LEN = 32,
};

/*
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, the IETF construction of
 * RFC 8439), in place. ad, of ad_len bytes, is the additional data. Any
 * context; nothing is allocated.
 *
 * seal: text has len bytes and room for the tag, which comes behind them.
 * open: text has len bytes and the tag. Returns false if the tag is wrong; then
 * nothing was decrypted. A wrong tag takes the same time whichever of its bytes
 * are wrong.
 */
void srq_aead_seal(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN]);
bool srq_aead_open(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN]);

/*
 * HMAC-SHA256 (RFC 2104) of many messages under one key. Process context.
 *
 * new: returns NULL if there is no memory. May sleep. The caller frees it.
 * digest: returns 0 or a negative error number. May reschedule.
 * free: wipes the key. hmac may be NULL.
 */
struct srq_hmac;
struct srq_hmac *srq_hmac_new(const void *key, size_t len);
int srq_hmac_digest(struct srq_hmac *hmac, const void *data, size_t len,
		    uint8_t out[SRQ_HASH_LEN]);
void srq_hmac_free(struct srq_hmac *hmac);

/*
 * X25519 (RFC 7748): out = the shared point of a private key and the public key
 * of somebody else. Returns false if out is all zero, as it is for a public key
 * of low order. The time does not depend on the private key. Process context.
 */
bool srq_x25519(uint8_t out[SRQ_X25519_LEN],
		const uint8_t private[SRQ_X25519_LEN],
		const uint8_t public[SRQ_X25519_LEN]);

/* Overwrites a secret, in a way that no compiler leaves out. Any context. */
void srq_wipe(void *secret, size_t len);

#endif
