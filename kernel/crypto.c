// SPDX-License-Identifier: GPL-2.0
/* Implements core/platform.h with the kernel's lib/crypto and shash. */
#include "kernel/host.h"
#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <crypto/hash.h>
#include <linux/init.h>
#include <linux/sched.h>
#include <linux/slab.h>

void srq_aead_seal(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	xchacha20poly1305_encrypt(text, text, len, ad, ad_len, nonce, key);
}

bool srq_aead_open(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	return xchacha20poly1305_decrypt(text, text, len + SRQ_AEAD_TAG_LEN, ad,
					 ad_len, nonce, key);
}

struct srq_hmac {
	struct crypto_shash *shash;
};

struct srq_hmac *srq_hmac_new(const void *key, size_t len)
{
	struct srq_hmac *hmac = kzalloc(sizeof(*hmac), GFP_KERNEL);

	if (!hmac)
		return NULL;
	hmac->shash = crypto_alloc_shash("hmac(sha256)", 0, 0);
	if (IS_ERR(hmac->shash)) {
		kfree(hmac);
		return NULL;
	}
	if (crypto_shash_setkey(hmac->shash, key, len)) {
		srq_hmac_free(hmac);
		return NULL;
	}
	return hmac;
}

int srq_hmac_digest(struct srq_hmac *hmac, const void *data, size_t len,
		    uint8_t out[SRQ_HASH_LEN])
{
	/* A password needs some 10^5 calls: seconds, on a slow CPU. */
	cond_resched();
	return crypto_shash_tfm_digest(hmac->shash, data, len, out);
}

void srq_hmac_free(struct srq_hmac *hmac)
{
	if (!hmac)
		return;
	crypto_free_shash(hmac->shash); /* wipes */
	kfree(hmac);
}

bool srq_x25519(uint8_t out[SRQ_X25519_LEN],
		const uint8_t private[SRQ_X25519_LEN],
		const uint8_t public[SRQ_X25519_LEN])
{
	return curve25519(out, private, public);
}

void srq_wipe(void *secret, size_t len)
{
	memzero_explicit(secret, len);
}

int __init srq_crypto_check(void)
{
	/* As long as a real key: with fips=1 the kernel refuses a shorter
	 * one. */
	static const u8 key[SRQ_KEY_LEN];
	struct srq_hmac *hmac = srq_hmac_new(key, sizeof(key));

	srq_hmac_free(hmac);
	return hmac ? 0 : -ENOENT;
}
