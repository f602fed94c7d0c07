// SPDX-License-Identifier: GPL-2.0
/* The way of a datagram, and the table of operators that judges it */
#include "tests/proof/proof.h"

static union gate_space gate, other;
static struct srq_situation now;
static struct srq_verdict verdict;
static uint8_t nonce[SRQ_AEAD_NONCE_LEN];

void any_gate(union gate_space *at)
{
	any(at, sizeof(*at));
	at->gate.count = Frama_C_unsigned_int_interval(0, OPERATORS);
	//@ loop unroll OPERATORS;
	for (int i = 0; i < OPERATORS; i++) {
		struct srq_operator *who = &at->gate.operators[i];

		who->name[SRQ_OPERATOR_NAME_MAX] = '\0';
		who->may_read_log = any_bool();
		who->session.accepted.settled = any_bool();
		who->one_way.accepted.settled = any_bool();
	}
}

static void any_now(void)
{
	any(&now, sizeof(now));
	now.run.any = any_bool();
	now.run.overdue = any_bool();
	now.run.full = any_bool();
	now.run.owner[SRQ_OPERATOR_NAME_MAX] = '\0';
}

static void judge(uint8_t *datagram, size_t len)
{
	const uint8_t *id;
	struct srq_operator *who;

	any(datagram, len);
	id = srq_datagram_key_id(datagram);
	if (!id)
		return;
	who = srq_gate_find(&gate.gate, id);
	if (!who || !srq_datagram_open(datagram, len, who->keys.request))
		return;
	srq_gate_judge(&gate.gate, who, srq_datagram_body(datagram),
		       srq_body_length(len), &now, &verdict);
	srq_gate_sequence(who);
	srq_gate_letters(who, &now);
	if (verdict.action == SRQ_ACT_RUN)
		srq_gate_settle(&gate.gate, verdict.run, verdict.code,
				&verdict.progress);
	/* The reply goes out in the same bytes. */
	any(nonce, sizeof(nonce));
	srq_datagram_seal(datagram, len, who->keys.id, who->keys.reply, nonce);
}

static uint8_t short_datagram[SRQ_SHORT];
static uint8_t long_datagram[SRQ_LONG];

void main_judge(void)
{
	any_gate(&gate);
	any_now();
	if (any_bool())
		judge(short_datagram, sizeof(short_datagram));
	else
		judge(long_datagram, sizeof(long_datagram));
}

void main_settle(void)
{
	struct srq_progress progress;

	any_gate(&gate);
	any(&progress, sizeof(progress));
	srq_gate_settle(&gate.gate, any64(), any8(), &progress);
}

static uint64_t epochs[OPERATORS];

void main_permits(void)
{
	uint8_t id[SRQ_KEY_ID_LEN];

	any_gate(&gate);
	any(id, sizeof(id));
	srq_gate_still_permits(&gate.gate, id, (char)any8());
	any(epochs, sizeof(epochs));
	srq_gate_renew(&gate.gate, epochs, any64());
}

void main_inherit(void)
{
	any_gate(&gate);
	any_gate(&other);
	srq_gate_inherit(&gate.gate, &other.gate);
}
