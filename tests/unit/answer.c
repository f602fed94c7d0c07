// SPDX-License-Identifier: GPL-2.0
/*
 * What a session concludes from answers that only a malicious host sends. The
 * time is virtual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>
#include "client/output/sentence.h"
#include "lib/session.h"

#define MS SRQ_MILLISECOND
#define S  SRQ_SECOND

static const uint64_t year_2026 = 1767225600 * SRQ_SECOND;

static struct srq_ask ask;
static struct srq_session session;
static uint64_t now;
static unsigned int commands; /* different ones */
static uint64_t last_command;

static struct srq_result result;
static uint8_t code;

static int begin(void **state)
{
	(void)state;
	now = 100 * S;
	commands = 0;
	last_command = 0;
	ask = (struct srq_ask){
		.timeout = 5 * S,
		.one_way_for = 60 * S,
		.count = 1,
		.steps = { { .letter = 'h', .wait_ms = 100 } },
		.address_count = 1,
	};
	result = (struct srq_result){
		.epoch = 7,
		.sequence = 1,
		.real_time = year_2026,
		.boot_time = 1000 * S,
		.progress = { .count = 1 },
	};
	srq_session_begin(&session, &ask, now, year_2026);
	return 0;
}

static void answer(uint32_t copy)
{
	struct srq_status status = { .epoch = 7, .boot_time = 1000 * S };
	uint8_t body[SRQ_SHORT_BODY];

	if (session.phase == SRQ_PHASE_HELLO) {
		srq_write_status(body, sizeof(body), session.id, &status);
	} else {
		commands += session.id != last_command;
		last_command = session.id;
		srq_write_result(body, sizeof(body), session.id, code, &result);
	}
	srq_session_receive(&session, now, 0, copy, body);
}

/* Answers each datagram at once, until the end. */
static void run(void)
{
	struct srq_outgoing out;

	for (int i = 0; i < 10000 && !srq_session_ended(&session); i++) {
		if (srq_session_send(&session, now, &out))
			answer(out.copy);
		else if (!srq_session_ended(&session))
			now = srq_session_deadline(&session);
	}
	assert_true(srq_session_ended(&session));
}

/* Only these codes prove that the command was used up. */
static void test_final_codes(void **state)
{
	static const uint8_t final[] = { 23, 32, 33, 34, 35, 48 };

	for (unsigned int n = 16; n < 256; n++) {
		begin(state);
		code = (uint8_t)n;
		result.sequence = 0;
		run();
		if (memchr(final, code, sizeof(final))) {
			assert_int_equal(session.end, SYSRQ_END_REFUSED);
			assert_true(session.sure);
		} else {
			assert_int_equal(session.end, SYSRQ_END_MAYBE);
			assert_false(session.sure);
		}
		assert_int_equal(session.code, code);
	}
}

/* A time past the deadline proves something only with code 22. */
static void test_void_codes(void **state)
{
	for (unsigned int n = 16; n < 256; n++) {
		if (n == SRQ_DEADLINE)
			continue;
		begin(state);
		code = (uint8_t)n;
		result.sequence = 0;
		result.boot_time = 2000 * S;
		run();
		assert_int_equal(commands, 1);
	}
}

/* A host that makes each command void gets a few ones, with pauses. */
static void test_made_anew(void **state)
{
	uint64_t began = now;

	(void)state;
	code = SRQ_OLD_SEQUENCE;
	run();
	assert_int_equal(session.end, SYSRQ_END_REFUSED);
	assert_true(session.sure);
	assert_int_equal(commands, 9);
	assert_in_range(now - began, 3 * S, 4 * S);
}

static void say(char *text, size_t size, enum sysrq_end end, int refusal,
		const enum sysrq_fate *fates, unsigned int count)
{
	struct sysrq_outcome o = {
		.end = end,
		.refusal = (enum sysrq_refusal)refusal,
		.count = count,
		.heard = sysrq_now(),
	};
	const struct about about = { .name = "web1", .outcome = &o };
	FILE *out = fmemopen(text, size, "w");

	for (unsigned int i = 0; i < count; i++) {
		o.steps[i].step.letter = i + 1 < count ? 's' : 'b';
		o.steps[i].fate = fates[i];
	}
	o.step = count ? count - 1 : 0;
	assert_non_null(out);
	sentence_end(out, &about);
	fclose(out);
}

static void test_sentences(void **state)
{
	const enum sysrq_fate sent[] = { SYSRQ_FATE_SENT, SYSRQ_FATE_SENT };
	const enum sysrq_fate one[] = { SYSRQ_FATE_DONE, SYSRQ_FATE_SENT };
	const enum sysrq_fate pressed[] = { SYSRQ_FATE_ACCEPTED };
	char text[400];

	(void)state;
	say(text, sizeof(text), SYSRQ_END_MAYBE, 99, sent, 1);
	assert_string_equal(
		text, "web1 refused the command with code 99, which proves "
		      "nothing: it is not known whether web1 carries out this "
		      "command, which expires 30 s after it was made");
	say(text, sizeof(text), SYSRQ_END_ALIVE, 0, sent, 1);
	assert_string_equal(text, "web1 still answers, and does not say that b "
				  "(reboot) was pressed");
	say(text, sizeof(text), SYSRQ_END_ALIVE, 0, pressed, 1);
	assert_string_equal(text,
			    "b (reboot) was pressed, but web1 still answers");
	say(text, sizeof(text), SYSRQ_END_STOPPED, 0, sent, 2);
	assert_non_null(strstr(text, "presses the remaining letters"));
	say(text, sizeof(text), SYSRQ_END_STOPPED, 0, one, 2);
	assert_string_equal(text,
			    "interrupted: web1 has accepted the command, but "
			    "the end of b (reboot) was not seen");
	say(text, sizeof(text), SYSRQ_END_LOST, 0, sent, 1);
	assert_null(strstr(text, "remaining"));
	assert_non_null(strstr(text, "the end of b (reboot) was not seen"));
}

/* The host accepts b, and never presses it. */
static void test_never_pressed(void **state)
{
	for (uint8_t pressed = 0; pressed < 2; pressed++) {
		begin(state);
		ask.steps[0].letter = 'b';
		result.progress.states[0] = pressed;
		code = SRQ_RUNNING;
		run();
		assert_int_equal(session.end, SYSRQ_END_ALIVE);
		assert_int_equal(session.track.fates[0],
				 pressed ? SYSRQ_FATE_ACCEPTED
					 : SYSRQ_FATE_SENT);
	}
}

/* A clock may be as wrong as 64 bits permit, and is on the right side. */
static void test_clock(void **state)
{
	(void)state;
	code = SRQ_CLOCK_OFF;
	result.real_time = UINT64_MAX;
	run();
	assert_true(session.clock_ahead > 0);
	begin(state);
	result.real_time = 0;
	run();
	assert_true(session.clock_ahead < -365 * (int64_t)(86400 * S));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_final_codes, begin),
		cmocka_unit_test_setup(test_void_codes, begin),
		cmocka_unit_test_setup(test_made_anew, begin),
		cmocka_unit_test_setup(test_sentences, begin),
		cmocka_unit_test_setup(test_never_pressed, begin),
		cmocka_unit_test_setup(test_clock, begin),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
