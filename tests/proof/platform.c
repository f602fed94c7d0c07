// SPDX-License-Identifier: GPL-2.0
/* core/platform.h and libsodium, as their comments promise and no better. */
#include <sodium.h>
#include "tests/proof/proof.h"

/*@ requires \valid(text + (0 .. len + SRQ_AEAD_TAG_LEN - 1));
    requires \valid_read(ad + (0 .. ad_len - 1));
    requires \valid_read(nonce + (0 .. SRQ_AEAD_NONCE_LEN - 1));
    requires \valid_read(key + (0 .. SRQ_AEAD_KEY_LEN - 1));
    requires \initialized(text + (0 .. len + SRQ_AEAD_TAG_LEN - 1));
    requires \initialized(ad + (0 .. ad_len - 1));
    requires \initialized(nonce + (0 .. SRQ_AEAD_NONCE_LEN - 1));
    requires \initialized(key + (0 .. SRQ_AEAD_KEY_LEN - 1)); */
bool srq_aead_open(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	reads(text, len + SRQ_AEAD_TAG_LEN);
	reads(ad, ad_len);
	reads(nonce, SRQ_AEAD_NONCE_LEN);
	reads(key, SRQ_AEAD_KEY_LEN);
	any(text, len);
	return any_bool();
}

/*@ requires \valid(text + (0 .. len + SRQ_AEAD_TAG_LEN - 1));
    requires \valid_read(ad + (0 .. ad_len - 1));
    requires \valid_read(nonce + (0 .. SRQ_AEAD_NONCE_LEN - 1));
    requires \valid_read(key + (0 .. SRQ_AEAD_KEY_LEN - 1));
    requires \initialized(text + (0 .. len - 1));
    requires \initialized(ad + (0 .. ad_len - 1));
    requires \initialized(nonce + (0 .. SRQ_AEAD_NONCE_LEN - 1));
    requires \initialized(key + (0 .. SRQ_AEAD_KEY_LEN - 1)); */
void srq_aead_seal(uint8_t *text, size_t len, const uint8_t *ad, size_t ad_len,
		   const uint8_t nonce[SRQ_AEAD_NONCE_LEN],
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	reads(text, len);
	reads(ad, ad_len);
	reads(nonce, SRQ_AEAD_NONCE_LEN);
	reads(key, SRQ_AEAD_KEY_LEN);
	any(text, len + SRQ_AEAD_TAG_LEN);
}

struct srq_hmac {
	int live;
};

static struct srq_hmac the_hmac;

/*@ requires \valid_read((char *)key + (0 .. len - 1));
    requires \initialized((char *)key + (0 .. len - 1)); */
struct srq_hmac *srq_hmac_new(const void *key, size_t len)
{
	reads(key, len);
	if (any_bool())
		return NULL;
	the_hmac.live = 1;
	return &the_hmac;
}

/*@ requires \valid(hmac) && hmac->live == 1;
    requires \valid_read((char *)data + (0 .. len - 1));
    requires \initialized((char *)data + (0 .. len - 1));
    requires \valid(out + (0 .. SRQ_HASH_LEN - 1)); */
int srq_hmac_digest(struct srq_hmac *hmac, const void *data, size_t len,
		    uint8_t out[SRQ_HASH_LEN])
{
	reads(hmac, sizeof(*hmac));
	reads(data, len);
	if (any_bool())
		return Frama_C_interval(-4095, -1);
	any(out, SRQ_HASH_LEN);
	return 0;
}

/*@ requires hmac == \null || \valid(hmac) && hmac->live == 1; */
void srq_hmac_free(struct srq_hmac *hmac)
{
	if (hmac)
		hmac->live = 0;
}

/*@ requires \valid(out + (0 .. SRQ_X25519_LEN - 1));
    requires \valid_read(private + (0 .. SRQ_X25519_LEN - 1));
    requires \valid_read(public + (0 .. SRQ_X25519_LEN - 1));
    requires \initialized(private + (0 .. SRQ_X25519_LEN - 1));
    requires \initialized(public + (0 .. SRQ_X25519_LEN - 1)); */
bool srq_x25519(uint8_t out[SRQ_X25519_LEN],
		const uint8_t private[SRQ_X25519_LEN],
		const uint8_t public[SRQ_X25519_LEN])
{
	reads(private, SRQ_X25519_LEN);
	reads(public, SRQ_X25519_LEN);
	any(out, SRQ_X25519_LEN);
	return any_bool();
}

/*@ requires \valid((char *)secret + (0 .. len - 1)); */
void srq_wipe(void *secret, size_t len)
{
	memset(secret, 0, len);
}

/*@ requires \valid((char *)buf + (0 .. size - 1)); */
void randombytes_buf(void *buf, size_t size)
{
	any(buf, size);
}
