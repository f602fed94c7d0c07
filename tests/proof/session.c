// SPDX-License-Identifier: GPL-2.0
/* A client's question to a host, and what it knows of the steps of its command */
#include "tests/proof/client.h"

static struct srq_ask ask;
static struct srq_session s;
static uint8_t body[SRQ_SHORT_BODY];

/* Calls next() with each session that there can be, of one address or of many. */
static void each_session(void (*next)(void))
{
	//@ loop unroll SRQ_STEPS_MAX + 1;
	for (uint8_t steps = 0; steps <= SRQ_STEPS_MAX; steps++) {
		if (!is_tried(steps, SRQ_STEPS_MAX))
			continue;
		any_session(&s, &ask, steps, 0, SYSRQ_ADDRESSES_MAX);
		next();
		still_a_session(&s, &ask);
		any_session(&s, &ask, steps, steps, SYSRQ_ADDRESSES_MAX);
		next();
		still_a_session(&s, &ask);
		any_session(&s, &ask, steps, steps, 1);
		next();
		still_a_session(&s, &ask);
	}
}

static uint8_t any_address(void)
{
	return up_to(ask.address_count - 1);
}

static void begin(void)
{
	srq_session_begin(&s, &ask, any64(), any64());
}

static void take_answer(void)
{
	any(body, sizeof(body));
	srq_session_receive(&s, any64(), any_address(), (uint32_t)any64(),
			    body);
}

static void send_next(void)
{
	struct srq_outgoing out;

	if (srq_session_send(&s, any64(), &out)) {
		//@ assert datagram: out.datagram == &s.datagram[0];
		//@ assert to: out.address < ask.address_count;
	}
}

static void tell_error(void)
{
	int error = Frama_C_interval(INT32_MIN, INT32_MAX);

	if (any_bool())
		srq_session_error(&s, any64(), any_address(), error,
				  any_bool());
	else
		srq_session_unsent(&s, any64(), any_address(), error);
}

static void take_event(void)
{
	uint8_t step;

	srq_session_deadline(&s);
	srq_session_late(&s, any64());
	if (srq_session_event(&s, &step) == SYSRQ_EVENT_STEP) {
		//@ assert step: step < SRQ_STEPS_MAX;
	}
	srq_session_stop(&s);
}

void main_session(void)
{
	each_session(begin);
	each_session(take_answer);
	each_session(send_next);
	each_session(tell_error);
	each_session(take_event);
}

/* Results with any progress, for each step that the command may have come to */
static void any_progress(uint8_t count, uint8_t current)
{
	struct srq_progress progress;
	uint8_t step;

	any_session(&s, &ask, count, count, 1);
	s.track.current = current;
	srq_track_survived(&s.track, &step);
	srq_track_withdrawn(&s.track, &step);
	srq_track_remaining(&s.track);
	any(&progress, sizeof(progress));
	srq_track_update(&s.track, &progress, any64());
	if (any_bool())
		srq_track_drop(&s.track, any64());
	else
		srq_track_crashed(&s.track, any64());
	still_a_session(&s, &ask);
}

void main_track(void)
{
	//@ loop unroll SRQ_STEPS_MAX + 1;
	for (uint8_t count = 0; count <= SRQ_STEPS_MAX; count++) {
		//@ loop unroll SRQ_STEPS_MAX + 1;
		for (uint8_t current = 0; current <= count; current++) {
			if (is_edge(count, SRQ_STEPS_MAX) &&
			    is_edge(current, count))
				any_progress(count, current);
		}
	}
}
