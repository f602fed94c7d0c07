// SPDX-License-Identifier: GPL-2.0
/*
 * lib/track knows how long each step took and how long the rest can take, also
 * if results come late, together or out of order. The test has a clock of its
 * own, because the times of a busy machine have no limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "lib/track.h"

enum { STEPS = 3 };

static const uint64_t begun = 100 * SRQ_SECOND;
static const struct srq_step steps[STEPS] = {
	{ .letter = 'e', .wait_ms = 5000 },
	{ .letter = 'i', .wait_ms = 2000 },
	{ .letter = 'h', .wait_ms = 1000 },
};
static struct srq_track track;

static int begin(void **state)
{
	(void)state;
	srq_track_begin(&track, steps, STEPS, begun);
	return 0;
}

static void hear(uint64_t after, const uint8_t states[STEPS],
		 const uint32_t times[STEPS])
{
	struct srq_progress progress = { .count = STEPS };

	memcpy(progress.states, states, STEPS);
	memcpy(progress.times, times, STEPS * sizeof(times[0]));
	srq_track_update(&track, &progress, begun + after);
}

enum {
	PENDING = SRQ_STEP_PENDING,
	PRESSED = SRQ_STEP_PRESSED,
	DONE = SRQ_STEP_DONE,
};

#define STATES(...) ((const uint8_t[STEPS]){ __VA_ARGS__ })
#define TIMES(...)  ((const uint32_t[STEPS]){ __VA_ARGS__ })

/* The times are the host's own, however late its results come. */
static void test_from_answer_to_answer(void **state)
{
	(void)state;
	hear(1 * SRQ_SECOND, STATES(PRESSED, PENDING, PENDING), TIMES(0));
	assert_int_equal(track.current, 0);
	assert_int_equal(srq_track_remaining(&track), 8 * SRQ_SECOND);
	hear(7500 * SRQ_MILLISECOND, STATES(DONE, PRESSED, PENDING),
	     TIMES(5001));
	assert_int_equal(srq_track_remaining(&track), 3 * SRQ_SECOND);
	hear(7600 * SRQ_MILLISECOND, STATES(DONE, DONE, PRESSED),
	     TIMES(5001, 2002));
	hear(8300 * SRQ_MILLISECOND, STATES(DONE, DONE, DONE),
	     TIMES(5001, 2002, 1003));
	assert_true(srq_track_ended(&track));
	assert_int_equal(srq_track_remaining(&track), 0);
	assert_int_equal(track.took[0], 5001 * SRQ_MILLISECOND);
	assert_int_equal(track.took[1], 2002 * SRQ_MILLISECOND);
	assert_int_equal(track.took[2], 1003 * SRQ_MILLISECOND);
}

static void test_two_in_one_answer(void **state)
{
	(void)state;
	hear(7100 * SRQ_MILLISECOND, STATES(DONE, DONE, PRESSED),
	     TIMES(5001, 2002));
	assert_int_equal(track.current, 2);
	assert_int_equal(track.took[0], 5001 * SRQ_MILLISECOND);
	assert_int_equal(track.took[1], 2002 * SRQ_MILLISECOND);
}

static void test_an_older_answer(void **state)
{
	(void)state;
	hear(5 * SRQ_SECOND, STATES(DONE, PRESSED, PENDING), TIMES(5001));
	hear(6 * SRQ_SECOND, STATES(PRESSED, PENDING, PENDING), TIMES(0));
	assert_int_equal(track.took[0], 5001 * SRQ_MILLISECOND);
	assert_int_equal(track.fates[0], SYSRQ_FATE_DONE);
	assert_int_equal(track.fates[1], SYSRQ_FATE_RUNNING);
}

/* Here no result tells the time. */
static void test_superseded(void **state)
{
	(void)state;
	hear(5 * SRQ_SECOND, STATES(DONE, PRESSED, PENDING), TIMES(5001));
	srq_track_drop(&track, begun + 5300 * SRQ_MILLISECOND);
	assert_true(srq_track_ended(&track));
	assert_int_equal(track.took[1], 300 * SRQ_MILLISECOND);
	assert_int_equal(track.fates[1], SYSRQ_FATE_DONE);
	assert_int_equal(track.fates[2], SYSRQ_FATE_DROPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_from_answer_to_answer, begin),
		cmocka_unit_test_setup(test_two_in_one_answer, begin),
		cmocka_unit_test_setup(test_an_older_answer, begin),
		cmocka_unit_test_setup(test_superseded, begin),
	};

	return cmocka_run_group_tests_name("track", tests, NULL, NULL);
}
