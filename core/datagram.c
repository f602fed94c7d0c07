// SPDX-License-Identifier: GPL-2.0
#include "core/datagram.h"
#include "core/bytes.h"

enum { ID_AT = 4, NONCE_AT = SRQ_PREFIX_LEN };

/* "SRQ" and the version. As one number: whether junk has it costs little. */
#define MAGIC 0x53525102

const uint8_t *srq_datagram_key_id(const uint8_t *datagram)
{
	return srq_get32(datagram) == MAGIC ? datagram + ID_AT : NULL;
}

void srq_datagram_seal(uint8_t *datagram, size_t len,
		       const uint8_t id[SRQ_KEY_ID_LEN],
		       const uint8_t key[SRQ_AEAD_KEY_LEN],
		       const uint8_t nonce[SRQ_AEAD_NONCE_LEN])
{
	srq_put32(datagram, MAGIC);
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
