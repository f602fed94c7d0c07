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

static void hear(uint64_t after, uint8_t e, uint8_t i, uint8_t h)
{
	const uint8_t states[STEPS] = { e, i, h };

	srq_track_update(&track, states, begun + after);
}

static void test_from_answer_to_answer(void **state)
{
	(void)state;
	hear(1 * SRQ_SECOND, SRQ_STEP_PRESSED, SRQ_STEP_PENDING,
	     SRQ_STEP_PENDING);
	assert_int_equal(track.current, 0);
	assert_int_equal(srq_track_remaining(&track), 8 * SRQ_SECOND);
	/* This result is late, so the next step seems to be short. */
	hear(5500 * SRQ_MILLISECOND, SRQ_STEP_DONE, SRQ_STEP_PRESSED,
	     SRQ_STEP_PENDING);
	assert_int_equal(srq_track_remaining(&track), 3 * SRQ_SECOND);
	hear(7200 * SRQ_MILLISECOND, SRQ_STEP_DONE, SRQ_STEP_DONE,
	     SRQ_STEP_PRESSED);
	hear(8300 * SRQ_MILLISECOND, SRQ_STEP_DONE, SRQ_STEP_DONE,
	     SRQ_STEP_DONE);
	assert_true(srq_track_ended(&track));
	assert_int_equal(srq_track_remaining(&track), 0);
	assert_int_equal(track.took[0], 5500 * SRQ_MILLISECOND);
	assert_int_equal(track.took[1], 1700 * SRQ_MILLISECOND);
	assert_int_equal(track.took[2], 1100 * SRQ_MILLISECOND);
}

static void test_two_in_one_answer(void **state)
{
	(void)state;
	hear(7100 * SRQ_MILLISECOND, SRQ_STEP_DONE, SRQ_STEP_DONE,
	     SRQ_STEP_PRESSED);
	assert_int_equal(track.current, 2);
	assert_int_equal(track.took[0], 7100 * SRQ_MILLISECOND);
	assert_int_equal(track.took[1], 0);
}

static void test_an_older_answer(void **state)
{
	(void)state;
	hear(5 * SRQ_SECOND, SRQ_STEP_DONE, SRQ_STEP_PRESSED, SRQ_STEP_PENDING);
	hear(6 * SRQ_SECOND, SRQ_STEP_PRESSED, SRQ_STEP_PENDING,
	     SRQ_STEP_PENDING);
	assert_int_equal(track.took[0], 5 * SRQ_SECOND);
	assert_int_equal(track.fates[0], SYSRQ_FATE_DONE);
	assert_int_equal(track.fates[1], SYSRQ_FATE_RUNNING);
}

static void test_superseded(void **state)
{
	(void)state;
	hear(5 * SRQ_SECOND, SRQ_STEP_DONE, SRQ_STEP_PRESSED, SRQ_STEP_PENDING);
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
