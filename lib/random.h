/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_RANDOM_H
#define SRQ_RANDOM_H

#include <sodium.h>
#include <stdint.h>

static inline uint64_t srq_random64(void)
{
	uint64_t v;

	randombytes_buf(&v, sizeof(v));
	return v;
}

#endif
