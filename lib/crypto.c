// SPDX-License-Identifier: GPL-2.0
/* Implements core/platform.h with libsodium. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "core/platform.h"

static_assert(SRQ_AEAD_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	      "key of the AEAD");
static_assert(SRQ_AEAD_NONCE_LEN ==
		      crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	      "nonce of the AEAD");
static_assert(SRQ_AEAD_TAG_LEN == crypto_aead_xchacha20poly1305_ietf_ABYTES,
	      "tag of the AEAD");
static_assert(SRQ_HASH_LEN == crypto_auth_hmacsha256_BYTES, "hash");
static_assert(SRQ_X25519_LEN == crypto_scalarmult_curve25519_BYTES, "X25519");

void srq_aead_seal(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, len, ad,
						   ad_len, NULL, nonce, key);
}

bool srq_aead_open(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
		       text, NULL, text, len, text + len, ad, ad_len, nonce,
		       key) == 0;
}

/*
 * The state in which the two blocks of the key are hashed. Each digest starts
 * from a copy, so a round of PBKDF2 costs two compressions and not four.
 */
struct srq_hmac {
	crypto_auth_hmacsha256_state keyed;
};

struct srq_hmac *srq_hmac_new(const void *key, size_t len)
{
	struct srq_hmac *hmac = malloc(sizeof(*hmac));

	if (hmac)
		crypto_auth_hmacsha256_init(&hmac->keyed, key, len);
	return hmac;
}

int srq_hmac_digest(struct srq_hmac *hmac, const void *data, size_t len,
		    uint8_t out[SRQ_HASH_LEN])
{
	crypto_auth_hmacsha256_state state = hmac->keyed;

	crypto_auth_hmacsha256_update(&state, data, len);
	crypto_auth_hmacsha256_final(&state, out); /* wipes the state */
	return 0;
}

void srq_hmac_free(struct srq_hmac *hmac)
{
	if (hmac)
		sodium_memzero(hmac, sizeof(*hmac));
	free(hmac);
}

bool srq_x25519(uint8_t out[SRQ_X25519_LEN],
		const uint8_t private[SRQ_X25519_LEN],
		const uint8_t public[SRQ_X25519_LEN])
{
	return crypto_scalarmult_curve25519(out, private, public) == 0;
}

void srq_wipe(void *secret, size_t len)
{
	sodium_memzero(secret, len);
}
