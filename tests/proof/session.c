// SPDX-License-Identifier: GPL-2.0
/*
 * What a client does with the answers of a host, or with none: one call on a
 * session in any state that there may be. any_session() says which ones. That a
 * call leaves the session in such a state again is not shown here.
 */
#include "lib/session_internal.h"
#include "tests/proof/proof.h"

static struct srq_ask ask;
static struct srq_session s;
static uint8_t body[SRQ_SHORT_BODY];

static void any_ask(enum sysrq_way way, uint8_t count, uint8_t addresses)
{
	any(&ask, sizeof(ask));
	ask.way = way;
	ask.one_address = any_bool();
	ask.count = count;
	ask.address_count = addresses;
}

static void any_bools(void)
{
	s.has_status = any_bool();
	s.status.may_read_log = any_bool();
	s.status.panicked = any_bool();
	s.status.hears_after_panic = any_bool();
	s.one_way = any_bool();
	s.sure = any_bool();
	s.restarted = any_bool();
	s.proving = any_bool();
	//@ loop unroll SYSRQ_ADDRESSES_MAX;
	for (int i = 0; i < SYSRQ_ADDRESSES_MAX; i++)
		s.reach[i].local = any_bool();
}

/* Only the steps of a run that has not ended are looked at without a check. */
static bool possible(enum srq_phase phase, uint8_t count, uint8_t current)
{
	if (phase == SRQ_PHASE_HELLO || phase == SRQ_PHASE_ENDED)
		return true;
	return current < count;
}

static void any_session(enum srq_phase phase, uint8_t current)
{
	any(&s, sizeof(s));
	any_bools();
	s.ask = &ask;
	s.phase = phase;
	s.proving = phase == SRQ_PHASE_RUN && any_bool();
	s.track.steps = ask.steps;
	s.track.count = ask.count;
	s.track.current = current;
	s.told = (uint8_t)Frama_C_interval(0, SRQ_STEPS_MAX);
	s.to = ask.address_count;
	s.from = (uint8_t)Frama_C_interval(0, ask.address_count - 1);
	s.cursor = (uint8_t)Frama_C_interval(0, ask.address_count - 1);
}

/* Before the first command there is no track. */
static void forget_track(void)
{
	memset(&s.track, 0, sizeof(s.track));
	s.told = 0;
}

static void receive(uint8_t address)
{
	any(body, sizeof(body));
	srq_session_receive(&s, any64(), address,
			    Frama_C_unsigned_int_interval(0, UINT32_MAX), body);
}

enum { CALLS = 8 };

static void call(int which, uint8_t address)
{
	int error = Frama_C_interval(1, 4095);
	struct srq_outgoing out;
	uint8_t step;

	switch (which) {
	case 0:
		receive(address);
		break;
	case 1:
		srq_session_send(&s, any64(), &out);
		break;
	case 2:
		srq_session_error(&s, any64(), address, error, any_bool());
		break;
	case 3:
		srq_session_unsent(&s, any64(), address, error);
		break;
	case 4:
		srq_session_deadline(&s);
		break;
	case 5:
		srq_session_event(&s, &step);
		break;
	case 6:
		srq_session_stop(&s);
		break;
	default:
		srq_session_late(&s, any64());
		break;
	}
}

static void one_call(int which, enum srq_phase phase, uint8_t count,
		     uint8_t current)
{
	uint8_t address = (uint8_t)Frama_C_interval(0, SYSRQ_ADDRESSES_MAX - 1);

	any_ask((enum sysrq_way)Frama_C_interval(0, 3), count,
		SYSRQ_ADDRESSES_MAX);
	any_session(phase, current);
	call(which, address);
	if (phase != SRQ_PHASE_HELLO)
		return;
	any_session(phase, current);
	forget_track();
	call(which, address);
}

/* No step, one, and as many as may be */
static const uint8_t counts[] = { 0, 1, SRQ_STEPS_MAX };

static void any_call(int which)
{
	//@ loop unroll SRQ_PHASE_ENDED + 1;
	for (int phase = 0; phase <= SRQ_PHASE_ENDED; phase++) {
		//@ loop unroll 3;
		for (int i = 0; i < 3; i++) {
			uint8_t count = counts[i];

			if (possible(phase, count, 0))
				one_call(which, phase, count, 0);
			if (count > 1)
				one_call(which, phase, count, count - 1);
			if (count && possible(phase, count, count))
				one_call(which, phase, count, count);
		}
	}
}

void main_answer(void)
{
	any_call(0);
}

void main_session(void)
{
	//@ loop unroll CALLS;
	for (int which = 1; which < CALLS; which++)
		any_call(which);
}

/* What a client knows of the steps, when a host says anything of them */
static void any_progress(uint8_t count, uint8_t current)
{
	struct srq_progress progress;
	uint8_t step;

	any_ask(SYSRQ_WAY_ANY, count, 1);
	any_session(SRQ_PHASE_RUN, current);
	srq_track_survived(&s.track, &step);
	srq_track_withdrawn(&s.track, &step);
	srq_track_remaining(&s.track);
	any(&progress, sizeof(progress));
	srq_track_update(&s.track, &progress, any64());
	//@ assert current: current <= s.track.current <= count;
	if (any_bool())
		srq_track_drop(&s.track, any64());
	else if (srq_track_step(&s.track))
		srq_track_crashed(&s.track, any64());
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

void main_session_begin(void)
{
	//@ loop unroll SRQ_STEPS_MAX + 1;
	for (uint8_t count = 0; count <= SRQ_STEPS_MAX; count++) {
		//@ loop unroll 4;
		for (int way = 0; way < 4; way++) {
			/* A question that may go one-way is a command. */
			if (!count && way == SYSRQ_WAY_ONE_WAY)
				continue;
			any_ask(way, count, SYSRQ_ADDRESSES_MAX);
			srq_session_begin(&s, &ask, any64(), any64());
		}
	}
}
