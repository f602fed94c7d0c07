/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A host may answer what it likes, as often as it likes. So each call starts from any
 * session or reader that there can be between two calls: any_…() makes it, and
 * still_a_…() asserts that the call leaves one behind. The begin makes one, too. So no
 * number of calls leads out of this.
 */
#ifndef SRQ_PROOF_CLIENT_H
#define SRQ_PROOF_CLIENT_H

#include "lib/reader.h"
#include "lib/session_internal.h"
#include "tests/proof/proof.h"

static inline uint8_t up_to(uint8_t most)
{
	return (uint8_t)Frama_C_interval(0, most);
}

/*
 * Any session of this question, whose command has so many steps, and goes to so many
 * addresses. It knows of so many steps: of none, or of all. Only what
 * still_a_session() asserts is not any.
 */
void any_session(struct srq_session *s, struct srq_ask *ask, uint8_t steps,
		 uint8_t known, uint8_t addresses);
void still_a_session(const struct srq_session *s, const struct srq_ask *ask);

void any_reader(struct srq_reader *r, struct srq_keys *keys, size_t *held);
void still_a_reader(const struct srq_reader *r, const struct srq_keys *keys,
		    const size_t *held);

#endif
