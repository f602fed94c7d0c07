/* SPDX-License-Identifier: GPL-2.0 */
/* The envelope of every datagram: docs/protocol.md, "Envelope". Any context. */
#ifndef SRQ_DATAGRAM_H
#define SRQ_DATAGRAM_H

#include "core/key.h"

enum {
	/* Bytes of UDP payload */
	SRQ_SHORT = 320, /* hello, status, command, result */
	SRQ_LONG = 1232, /* log, logdata */
	SRQ_HEADER_LEN = 36,
	SRQ_PREFIX_LEN = 12, /* of that: the magic, the version, the key id */
	SRQ_SHORT_BODY = SRQ_SHORT - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN,
	SRQ_LONG_BODY = SRQ_LONG - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN,
};

/* Can a UDP payload of len bytes be one of our datagrams? */
static inline bool srq_datagram_length_ok(size_t len)
{
	return len == SRQ_SHORT || len == SRQ_LONG;
}

/* Returns the length of the body of a datagram of len bytes. */
static inline size_t srq_body_length(size_t len)
{
	return len - SRQ_HEADER_LEN - SRQ_AEAD_TAG_LEN;
}

/*
 * Returns the key id, which is within the datagram; NULL: the magic or the
 * version is not ours. The datagram has at least SRQ_PREFIX_LEN bytes.
 */
const uint8_t *srq_datagram_key_id(const uint8_t *datagram);

/* Returns the body, which is within the datagram. */
static inline uint8_t *srq_datagram_body(uint8_t *datagram)
{
	return datagram + SRQ_HEADER_LEN;
}

/*
 * These two seal and open a datagram in place. Its body is at
 * srq_datagram_body(), and its len bytes pass srq_datagram_length_ok(). key is
 * the request key for a datagram to the host, and the reply key for one from
 * it.
 *
 * seal: the nonce is random, and new for every datagram.
 * open: returns false if the datagram is not authentic; then its body means
 * nothing.
 */
void srq_datagram_seal(uint8_t *datagram, size_t len,
		       const uint8_t id[SRQ_KEY_ID_LEN],
		       const uint8_t key[SRQ_AEAD_KEY_LEN],
		       const uint8_t nonce[SRQ_AEAD_NONCE_LEN]);
bool srq_datagram_open(uint8_t *datagram, size_t len,
		       const uint8_t key[SRQ_AEAD_KEY_LEN]);

#endif
