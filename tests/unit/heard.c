// SPDX-License-Identifier: GPL-2.0
/*
 * As soon as the client has heard that all letters before b have ended, it says so, once,
 * and is quiet then; not if one of them has printed what is to be read. Until then it says how much it has heard. The time is virtual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "lib/session.h"

#define MS SRQ_MILLISECOND
#define S  SRQ_SECOND

static const uint64_t year_2026 = 1767225600 * SRQ_SECOND;

static struct srq_ask ask;
static struct srq_session session;
static uint64_t now;
static uint64_t host_time;

static void begin(enum sysrq_way way)
{
	now = 100 * S;
	host_time = 1000 * S;
	ask = (struct srq_ask){
		.way = way,
		.timeout = 5 * S,
		.one_way_for = 60 * S,
		.count = 3,
		.steps = { { 's', SRQ_UNTIL_COMPLETE, 10000 },
			   { 'u', SRQ_UNTIL_COMPLETE, 10000 },
			   { .letter = 'b' } },
		.address_count = 1,
	};
	srq_session_begin(&session, &ask, now, year_2026);
}

/* Waits until the session sends a datagram, and opens its command. */
static struct srq_command sent(void)
{
	struct srq_command command;
	struct srq_outgoing out;
	uint8_t datagram[SRQ_SHORT];

	while (!srq_session_send(&session, now, &out)) {
		assert_false(srq_session_ended(&session));
		now = srq_session_deadline(&session);
	}
	memcpy(datagram, out.datagram, sizeof(datagram));
	assert_true(srq_datagram_open(datagram, sizeof(datagram),
				      ask.keys.request));
	if (!srq_read_command(srq_datagram_body(datagram), SRQ_SHORT_BODY,
			      &command))
		command.count = 0; /* a hello */
	return command;
}

static void answer_hello(void)
{
	const struct srq_status status = { .epoch = 7, .boot_time = host_time };
	uint8_t body[SRQ_SHORT_BODY];

	assert_int_equal(sent().count, 0);
	srq_write_status(body, sizeof(body), session.id, &status);
	srq_session_receive(&session, now, 0, SRQ_COPY_UNKNOWN, body);
}

/* The host tells that so many steps have ended. */
static void answer(uint8_t finished)
{
	struct srq_result result = {
		.epoch = 7,
		.sequence = 1,
		.real_time = year_2026,
		.boot_time = ++host_time,
		.progress = { .count = 3, .finished = finished },
	};
	uint8_t body[SRQ_SHORT_BODY];

	for (uint8_t i = 0; i < finished; i++)
		result.progress.states[i] = SRQ_STEP_COMPLETE;
	srq_write_result(body, sizeof(body), session.id, SRQ_RUNNING, &result);
	srq_session_receive(&session, now, 0, SRQ_COPY_UNKNOWN, body);
}

static void test_says_it_at_once(void **state)
{
	struct srq_command first, last;
	uint64_t heard;

	(void)state;
	begin(SYSRQ_WAY_ANY);
	answer_hello();
	first = sent();
	assert_int_equal(first.heard, 0);
	answer(0);
	assert_int_equal(sent().heard, 0);
	answer(1); /* u goes on */
	assert_int_equal(sent().heard, 0);
	now += 10 * MS;
	heard = now;
	answer(2);
	last = sent();
	assert_true(now == heard);
	assert_int_equal(last.heard, 2);
	/* It is the same command. */
	assert_true(last.epoch == first.epoch && last.order == first.order);
	assert_true(last.deadline == first.deadline);
}

/* A host that takes it for a question waits for 250 ms of silence. */
static void test_is_quiet_then(void **state)
{
	uint64_t said;

	(void)state;
	for (int answered = 0; answered < 2; answered++) {
		begin(SYSRQ_WAY_ANY);
		answer_hello();
		sent();
		answer(2);
		said = now;
		assert_int_equal(sent().heard, 2);
		assert_true(now == said);
		now += 10 * MS;
		if (answered)
			answer(2);
		sent();
		assert_true(now >= said + 400 * MS);
	}
}

/* What it said may be lost. So it says the same with what it asks later. */
static void test_says_it_again(void **state)
{
	(void)state;
	begin(SYSRQ_WAY_ANY);
	answer_hello();
	sent();
	answer(2);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sent().heard, 2);
}

/* What t has printed is read first: b would take it away. */
static void test_not_after_text(void **state)
{
	uint64_t heard;

	(void)state;
	begin(SYSRQ_WAY_ANY);
	ask.steps[0] = (struct srq_step){ .letter = 't' };
	answer_hello();
	sent();
	answer(2);
	heard = now;
	sent();
	assert_true(now >= heard + 250 * MS);
}

/* A one-way command has one form, which no host waits for. */
static void test_not_one_way(void **state)
{
	(void)state;
	begin(SYSRQ_WAY_ONE_WAY);
	assert_int_equal(sent().heard, 0);
	answer(2);
	for (int i = 0; i < 3; i++) {
		uint64_t before = now;

		assert_int_equal(sent().heard, 0);
		assert_true(now > before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_it_at_once),
		cmocka_unit_test(test_is_quiet_then),
		cmocka_unit_test(test_says_it_again),
		cmocka_unit_test(test_not_after_text),
		cmocka_unit_test(test_not_one_way),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
