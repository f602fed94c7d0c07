/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the entry points of the proof share. Only Frama-C reads these files:
 * nothing here is ever run.
 */
#ifndef SRQ_PROOF_H
#define SRQ_PROOF_H

#include "__fc_builtin.h"
#include "core/operators.h"

enum {
	/* In a gate, at most: those of the table, and that of the password */
	OPERATORS = 257,
#ifdef FULL
	TEXT_MAX = 400,
	ASKED = OPERATORS,
	INHERITED = 16,
#else
	TEXT_MAX = 80,
	ASKED = 2,
	INHERITED = 3,
#endif
};

/* FULL: every length from 0 to max. Else only those where something may change. */
static inline bool is_edge(size_t len, size_t max)
{
#ifdef FULL
	return true;
#else
	return len <= 2 || len + 1 >= max;
#endif
}

/*
 * Is this length one of those that the outermost loop of an entry point goes through?
 * FULL has so many that an entry point is proven in slices.
 */
static inline bool is_tried(size_t len, size_t max)
{
#ifdef FULL
	return len % SLICES == SLICE;
#else
	return is_edge(len, max);
#endif
}

/* Any bytes */
static inline void any(void *at, size_t len)
{
	Frama_C_make_unknown((char *)at, len);
}

/*
 * Eva does not look again into a call with the same arguments, if what it reads in C is
 * the same, too. What only a contract reads further down does not count. So a function
 * whose contract says that bytes are set reads one of them.
 */
static inline void reads(const void *at, size_t len)
{
	if (len) {
		uint8_t first = *(const uint8_t *)at;

		(void)first;
	}
}

static inline bool any_bool(void)
{
	return Frama_C_interval(0, 1);
}

static inline uint8_t any8(void)
{
	return (uint8_t)Frama_C_interval(0, 255);
}

static inline uint64_t any64(void)
{
	return Frama_C_unsigned_long_long_interval(0, UINT64_MAX);
}

#endif
