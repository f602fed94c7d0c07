/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the entry points of the proof share. Only Frama-C reads these files:
 * nothing here is ever run.
 */
#ifndef SRQ_PROOF_H
#define SRQ_PROOF_H

#include "__fc_builtin.h"
#include "core/operators.h"

/* Operators in a gate, and bytes of a text, at most */
#ifndef OPERATORS
#define OPERATORS 257
#endif
#ifndef TEXT_MAX
#define TEXT_MAX 80
#endif

/* FULL: every length from 0 to max. Else only those where something may change. */
static inline bool is_edge(size_t len, size_t max)
{
#ifdef FULL
	return true;
#else
	return len <= 2 || len + 1 >= max;
#endif
}

/* A gate and as many operators as there is room for, to the byte */
union gate_space {
	struct srq_gate gate;
	unsigned char space[sizeof(struct srq_gate) +
			    OPERATORS * sizeof(struct srq_operator)];
};

/* Any bytes */
static inline void any(void *at, size_t len)
{
	Frama_C_make_unknown((char *)at, len);
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

/*
 * A gate of 0 to OPERATORS operators, in any state. The only things that are not
 * any: a bool is 0 or 1, and a name ends with a NUL.
 */
void any_gate(union gate_space *at);

#endif
