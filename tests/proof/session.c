// SPDX-License-Identifier: GPL-2.0
/*
 * What a client knows of the steps of its command, and how its question begins.
 * What an answer changes in a session is not shown: Eva loses sight of how the
 * phase and the steps belong together.
 */
#include "lib/session_internal.h"
#include "tests/proof/proof.h"

static struct srq_ask ask;
static struct srq_session s;

static void any_ask(enum sysrq_way way, uint8_t count, uint8_t addresses)
{
	any(&ask, sizeof(ask));
	ask.way = way;
	ask.one_address = any_bool();
	ask.count = count;
	ask.address_count = addresses;
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

static void any_progress(uint8_t count, uint8_t current)
{
	struct srq_progress progress;
	uint8_t step;

	any_ask(SYSRQ_WAY_ANY, count, 1);
	any(&s.track, sizeof(s.track));
	s.track.steps = ask.steps;
	s.track.count = count;
	s.track.current = current;
	srq_track_survived(&s.track, &step);
	srq_track_withdrawn(&s.track, &step);
	srq_track_remaining(&s.track);
	any(&progress, sizeof(progress));
	srq_track_update(&s.track, &progress, any64());
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
