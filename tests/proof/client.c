// SPDX-License-Identifier: GPL-2.0
#include "tests/proof/client.h"

static void any_status(struct srq_status *status)
{
	any(status, sizeof(*status));
	status->may_read_log = any_bool();
	status->panicked = any_bool();
	status->hears_after_panic = any_bool();
	status->restored = any_bool();
	status->node[SRQ_NAME_LEN] = '\0';
	status->release[SRQ_NAME_LEN] = '\0';
}

static void any_ask(struct srq_ask *ask, uint8_t steps, uint8_t addresses)
{
	any(ask, sizeof(*ask));
	ask->way = up_to(SYSRQ_WAY_SAME_EPOCH);
	ask->one_address = any_bool();
	ask->count = steps;
	ask->address_count = addresses;
}

void any_session(struct srq_session *s, struct srq_ask *ask, uint8_t steps,
		 uint8_t known, uint8_t addresses)
{
	any_ask(ask, steps, addresses);
	any(s, sizeof(*s));
	s->phase = up_to(SRQ_PHASE_ENDED);
	s->has_status = any_bool();
	any_status(&s->status);
	s->one_way = any_bool();
	s->sure = any_bool();
	s->restarted = any_bool();
	s->proving = any_bool();
	s->ask = ask;
	s->track.steps = ask->steps;
	s->track.count = known;
	s->track.current = up_to(SRQ_STEPS_MAX);
	s->from = up_to(addresses - 1);
	s->to = up_to(addresses - 1) + 1;
	s->cursor = up_to(addresses - 1);
	s->address = up_to(addresses - 1);
	s->step = up_to(SRQ_STEPS_MAX);
	s->told = up_to(SRQ_STEPS_MAX);
	//@ loop unroll SYSRQ_ADDRESSES_MAX;
	for (int i = 0; i < SYSRQ_ADDRESSES_MAX; i++)
		s->reach[i].local = any_bool();
}

void still_a_session(const struct srq_session *s, const struct srq_ask *ask)
{
	//@ assert phase: s->phase <= SRQ_PHASE_ENDED;
	//@ assert ask: s->ask == ask;
	//@ assert steps: s->track.steps == &ask->steps[0];
	//@ assert count: s->track.count == 0 || s->track.count == ask->count;
	//@ assert current: s->track.current <= SRQ_STEPS_MAX;
	//@ assert from: s->from < ask->address_count;
	//@ assert to: 1 <= s->to <= ask->address_count;
	//@ assert cursor: s->cursor < ask->address_count;
	//@ assert address: s->address < ask->address_count;
	//@ assert step: s->step <= SRQ_STEPS_MAX;
	//@ assert told: s->told <= SRQ_STEPS_MAX;
	//@ assert node_ends: s->status.node[SRQ_NAME_LEN] == 0;
	//@ assert release_ends: s->status.release[SRQ_NAME_LEN] == 0;
}

/*
 * The texts of a reader. Each may stand for any number of texts, in any list. As Eva
 * never knows which of the two it writes to, it forgets nothing of either.
 */
static struct srq_chunk chunks[2];

static struct srq_chunk *any_chunk(void)
{
	return &chunks[any_bool()];
}

/*@ requires chunk == \null || \valid((struct srq_chunk *)chunk); */
void srq_proof_free(void *chunk)
{
	(void)chunk;
}

static void any_chunks(void)
{
	any(chunks, sizeof(chunks));
	//@ loop unroll 2;
	for (int i = 0; i < 2; i++) {
		chunks[i].next = any_chunk();
		chunks[i].len = Frama_C_unsigned_long_interval(
			1, sizeof(chunks[i].text));
	}
}

void any_reader(struct srq_reader *r, struct srq_keys *keys, size_t *held)
{
	any_chunks();
	any(held, sizeof(*held));
	any(keys, sizeof(*keys));
	any(r, sizeof(*r));
	r->keys = keys;
	r->held = held;
	r->given = any_bool() ? any_chunk() : NULL;
	r->end_told = any_bool();
	r->window = up_to(SRQ_PARTS_MAX);
	r->count = up_to(SRQ_PARTS_MAX);
	//@ loop unroll SRQ_PARTS_MAX;
	for (int i = 0; i < SRQ_PARTS_MAX; i++)
		r->parts[i].texts = any_bool() ? any_chunk() : NULL;
}

static void still_a_text(const struct srq_chunk *chunk)
{
	//@ assert text: \valid_read(chunk);
	//@ assert len: 1 <= chunk->len <= sizeof(chunk->text);
	//@ assert next: \valid_read(chunk->next);
}

void still_a_reader(const struct srq_reader *r, const struct srq_keys *keys,
		    const size_t *held)
{
	const struct srq_chunk *last = r->parts[up_to(SRQ_PARTS_MAX - 1)].texts;

	if (last) {
		still_a_text(last);
		still_a_text(last->next);
	}
	if (r->given)
		still_a_text(r->given);
	//@ assert keys: r->keys == keys;
	//@ assert held: r->held == held;
	//@ assert window: r->window <= SRQ_PARTS_MAX;
	//@ assert count: r->count <= SRQ_PARTS_MAX;
}
