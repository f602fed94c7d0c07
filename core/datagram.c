// SPDX-License-Identifier: GPL-2.0
#include "core/datagram.h"

enum { ID_AT = 4, NONCE_AT = 12 };

static const uint8_t magic[ID_AT] = { 'S', 'R', 'Q', 2 };

const uint8_t *srq_datagram_key_id(const uint8_t *datagram)
{
	if (memcmp(datagram, magic, sizeof(magic)))
		return NULL;
	return datagram + ID_AT;
}

void srq_datagram_seal(uint8_t *datagram, size_t len,
		       const uint8_t id[SRQ_KEY_ID_LEN],
		       const uint8_t key[SRQ_AEAD_KEY_LEN],
		       const uint8_t nonce[SRQ_AEAD_NONCE_LEN])
{
	memcpy(datagram, magic, sizeof(magic));
	memcpy(datagram + ID_AT, id, SRQ_KEY_ID_LEN);
	memcpy(datagram + NONCE_AT, nonce, SRQ_AEAD_NONCE_LEN);
	srq_aead_seal(srq_datagram_body(datagram), srq_body_length(len),
		      datagram, NONCE_AT, datagram + NONCE_AT, key);
}

bool srq_datagram_open(uint8_t *datagram, size_t len,
		       const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	return srq_aead_open(srq_datagram_body(datagram), srq_body_length(len),
			     datagram, NONCE_AT, datagram + NONCE_AT, key);
}
