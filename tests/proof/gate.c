// SPDX-License-Identifier: GPL-2.0
/* The way of a datagram, and the table of operators that judges it */
#include "tests/proof/proof.h"

/* A gate ends where this ends, so no byte is behind its last operator. */
struct space {
	uint64_t words[(sizeof(struct srq_gate) +
			OPERATORS * sizeof(struct srq_operator)) /
		       sizeof(uint64_t)];
};

static struct space space, other_space;
static struct srq_situation now;
static struct srq_verdict verdict;
static uint8_t nonce[SRQ_AEAD_NONCE_LEN];

/* The module looks at the first bytes before it knows that there are more. */
static void look_at_prefix(void)
{
	uint8_t prefix[SRQ_PREFIX_LEN];
	const uint8_t *id;

	any(prefix, sizeof(prefix));
	id = srq_datagram_key_id(prefix);
	if (id) {
		//@ assert id: \initialized(&id[0 .. SRQ_KEY_ID_LEN - 1]);
	}
}

/*
 * Returns a gate of so many operators, in any state. Only this is not any: a
 * bool is 0 or 1, and a name ends with a NUL.
 */
static struct srq_gate *any_gate(struct space *at, unsigned int count)
{
	size_t before = (OPERATORS - count) * sizeof(struct srq_operator);
	struct srq_gate *gate = (struct srq_gate *)((char *)at + before);

	any(at, sizeof(*at));
	gate->count = count;
	//@ loop unroll OPERATORS;
	for (unsigned int i = 0; i < count; i++) {
		struct srq_operator *who = &gate->operators[i];

		who->name[SRQ_OPERATOR_NAME_MAX] = '\0';
		who->may_read_log = any_bool();
		who->session.accepted.settled = any_bool();
		who->one_way.accepted.settled = any_bool();
	}
	return gate;
}

static void any_now(void)
{
	any(&now, sizeof(now));
	now.run.any = any_bool();
	now.run.overdue = any_bool();
	now.run.full = any_bool();
	now.run.owner[SRQ_OPERATOR_NAME_MAX] = '\0';
}

static void judge(struct srq_gate *gate, uint8_t *datagram, size_t len)
{
	const uint8_t *id;
	struct srq_operator *who;

	any(datagram, len);
	id = srq_datagram_key_id(datagram);
	if (!id)
		return;
	who = srq_gate_find(gate, id);
	if (!who || !srq_datagram_open(datagram, len, who->keys.request))
		return;
	srq_gate_judge(gate, who, srq_datagram_body(datagram),
		       srq_body_length(len), &now, &verdict);
	srq_gate_sequence(who);
	srq_gate_letters(who, &now);
	if (verdict.action == SRQ_ACT_RUN)
		srq_gate_settle(gate, verdict.run, verdict.code,
				&verdict.progress);
	/* The reply goes out in the same bytes. */
	any(nonce, sizeof(nonce));
	srq_datagram_seal(datagram, len, who->keys.id, who->keys.reply, nonce);
}

static uint8_t short_datagram[SRQ_SHORT];
static uint8_t long_datagram[SRQ_LONG];

static void settle(struct srq_gate *gate)
{
	struct srq_progress progress;

	any(&progress, sizeof(progress));
	srq_gate_settle(gate, any64(), any8(), &progress);
}

/* They end where this ends. To Eva, that is no place for none. */
static uint64_t epochs[OPERATORS];

static void permit(struct srq_gate *gate)
{
	uint8_t id[SRQ_KEY_ID_LEN];

	any(id, sizeof(id));
	srq_gate_still_permits(gate, id, (char)any8());
	any(epochs, sizeof(epochs));
	srq_gate_renew(gate,
		       gate->count ? epochs + OPERATORS - gate->count : epochs,
		       any64());
}

/* The whole way of a datagram, and what else asks the gate */
static void ask_gate(unsigned int count)
{
	judge(any_gate(&space, count), short_datagram, SRQ_SHORT);
	judge(any_gate(&space, count), long_datagram, SRQ_LONG);
	settle(any_gate(&space, count));
	permit(any_gate(&space, count));
}

void main_gate(void)
{
	look_at_prefix();
	any_now();
	//@ loop unroll OPERATORS + 1;
	for (unsigned int count = 0; count <= ASKED; count++) {
		if (is_tried(count, ASKED))
			ask_gate(count);
	}
}

void main_large_gate(void)
{
	any_now();
	ask_gate(OPERATORS);
}

/* Each size of the new table with each size of the old one */
void main_inherit(void)
{
	//@ loop unroll INHERITED + 1;
	for (unsigned int to = 0; to <= INHERITED; to++) {
		//@ loop unroll INHERITED + 1;
		for (unsigned int from = 0; from <= INHERITED; from++) {
			if (is_tried(to, INHERITED) && is_edge(from, INHERITED))
				srq_gate_inherit(any_gate(&space, to),
						 any_gate(&other_space, from));
		}
	}
}
