/* SPDX-License-Identifier: GPL-2.0 */
/* The envelope of every datagram. docs/protocol.md, "Envelope". */
#ifndef SRQ_DATAGRAM_H
#define SRQ_DATAGRAM_H

#include "core/key.h"

enum {
	SRQ_SHORT = 320, /* hello, status, command, result: UDP payload */
	SRQ_LONG = 1232, /* log, logdata */
	SRQ_HEADER_LEN = 36,
	SRQ_SHORT_BODY = SRQ_SHORT - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN,
	SRQ_LONG_BODY = SRQ_LONG - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN,
};

/* Is a UDP payload of this many bytes one of ours? */
static inline bool srq_datagram_length_ok(size_t len)
{
	return len == SRQ_SHORT || len == SRQ_LONG;
}

static inline size_t srq_body_length(size_t len)
{
	return len - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN;
}

/*
 * The key id within a header of at least SRQ_HEADER_LEN bytes, or NULL where
 * magic or version are not ours. Points into the datagram.
 */
const uint8_t *srq_datagram_key_id(const uint8_t *datagram);

static inline uint8_t *srq_datagram_body(uint8_t *datagram)
{
	return datagram + SRQ_HEADER_LEN;
}

/*
 * Seal or open a datagram of len bytes (srq_datagram_length_ok) in place; its
 * body stands at srq_datagram_body(). key is the request key for what goes to
 * the host and the reply key for what comes from it. The nonce is random and
 * new for every seal. Any context.
 *
 * open: false, and the body undefined, where the datagram is not authentic.
 */
void srq_datagram_seal(uint8_t *datagram, size_t len,
		       const uint8_t id[SRQ_KEY_ID_LEN],
		       const uint8_t key[SRQ_AEAD_KEY_LEN],
		       const uint8_t nonce[SRQ_AEAD_NONCE_LEN]);
bool srq_datagram_open(uint8_t *datagram, size_t len,
		       const uint8_t key[SRQ_AEAD_KEY_LEN]);

#endif
