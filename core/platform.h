/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ wants from where it runs. Everything else in core/ is the same
 * in the kernel module, in send_sysrq and in the tests.
 *
 * Implemented by kernel/crypto.c (the kernel's lib/crypto and shash) and by
 * lib/crypto.c (libsodium).
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
};

/*
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, the IETF construction of
 * RFC 8439), in place. Any context; no allocation, no failure but a bad tag.
 *
 * seal: text holds len bytes and room for the tag that is put behind them.
 * open: text holds len bytes and the tag; false, and text undefined, if the
 *       tag is wrong. Takes the same time whether it is or not, and whichever
 *       of its bytes are.
 */
void srq_aead_seal(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN]);
bool srq_aead_open(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN]);

/*
 * HMAC-SHA256 (RFC 2104) under one key, for many messages. Process context:
 * new may sleep and returns NULL without memory; digest may reschedule and
 * returns 0 or a negative error number; free wipes, and accepts NULL.
 */
struct srq_hmac;
struct srq_hmac *srq_hmac_new(const void *key, size_t len);
int srq_hmac_digest(struct srq_hmac *hmac, const void *data, size_t len,
		    uint8_t out[SRQ_HASH_LEN]);
void srq_hmac_free(struct srq_hmac *hmac);

/* Overwrite a secret in a way that no compiler leaves out. Any context. */
void srq_wipe(void *secret, size_t len);

#endif
