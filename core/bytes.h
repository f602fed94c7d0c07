/* SPDX-License-Identifier: GPL-2.0 */
/* Integers in network byte order, at any alignment. Any context. */
#ifndef SRQ_BYTES_H
#define SRQ_BYTES_H

#include "core/platform.h"

static inline uint16_t srq_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t srq_get32(const uint8_t *p)
{
	return (uint32_t)srq_get16(p) << 16 | srq_get16(p + 2);
}

static inline uint64_t srq_get64(const uint8_t *p)
{
	return (uint64_t)srq_get32(p) << 32 | srq_get32(p + 4);
}

static inline void srq_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void srq_put32(uint8_t *p, uint32_t v)
{
	srq_put16(p, (uint16_t)(v >> 16));
	srq_put16(p + 2, (uint16_t)v);
}

static inline void srq_put64(uint8_t *p, uint64_t v)
{
	srq_put32(p, (uint32_t)(v >> 32));
	srq_put32(p + 4, (uint32_t)v);
}

#endif
