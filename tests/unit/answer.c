// SPDX-License-Identifier: GPL-2.0
/*
 * What a session concludes from answers that only a malicious host sends. The
 * time is virtual.
 */
#include <errno.h>
#include <netinet/in.h>
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
static bool boots; /* the host gets another epoch after the first one */
static uint64_t last_command;

static struct srq_result result;
static uint8_t code;

static struct srq_status status;
static unsigned int proofs; /* statuses that were asked for in the run */
static unsigned int panics; /* the one of them that tells of a panic; 0: none */
static uint64_t proof_epoch; /* the one they have */
static uint64_t silence;     /* in the run, after the first answer */
static uint8_t run_code;     /* of all answers in the run, but the first one */
static bool recorded;        /* they are copies of the first one */

static int begin(void **state)
{
	(void)state;
	now = 100 * S;
	commands = 0;
	boots = false;
	last_command = 0;
	proofs = 0;
	panics = 0;
	proof_epoch = 7;
	silence = 0;
	run_code = 0;
	recorded = false;
	status = (struct srq_status){ .epoch = 7, .boot_time = 1000 * S };
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
	uint8_t body[SRQ_SHORT_BODY];

	if (session.phase == SRQ_PHASE_RUN &&
	    now < session.track.began + silence)
		return;
	if (session.proving) {
		status.epoch = proof_epoch;
		status.boot_time = ++result.boot_time;
		status.panicked = status.panicked || ++proofs == panics;
		srq_write_status(body, sizeof(body), session.id, &status);
	} else if (session.phase == SRQ_PHASE_HELLO) {
		srq_write_status(body, sizeof(body), session.id, &status);
	} else {
		if (session.phase == SRQ_PHASE_RUN && run_code)
			code = run_code;
		if (session.phase != SRQ_PHASE_RUN || !recorded)
			result.boot_time++;
		commands += session.id != last_command;
		last_command = session.id;
		srq_write_result(body, sizeof(body), session.id, code, &result);
		if (boots) {
			status.epoch++;
			status.boot_time = 1 * S;
		}
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

static void assert_other_epoch(bool restarted)
{
	assert_int_equal(session.end, SYSRQ_END_REFUSED);
	assert_int_equal(session.code, SRQ_WRONG_EPOCH);
	assert_true(session.sure);
	assert_int_equal(session.restarted, restarted);
}

/* A host that has booted in between gets no second command. */
static void test_anew_other_epoch(void **state)
{
	(void)state;
	code = SRQ_OLD_SEQUENCE;
	boots = true;
	run();
	assert_other_epoch(true);
	assert_int_equal(commands, 1);
}

/* A command that is for one epoch is not sent in another one. */
static void test_same_epoch(void **state)
{
	for (int restarted = 0; restarted < 2; restarted++) {
		for (uint64_t epoch = 6; epoch < 8; epoch++) {
			begin(state);
			ask.epoch = epoch;
			ask.boot_time = restarted ? 1001 * S : 999 * S;
			srq_session_begin(&session, &ask, now, year_2026);
			code = SRQ_NOT_MASK;
			run();
			assert_int_equal(commands, epoch == status.epoch);
			if (epoch != status.epoch)
				assert_other_epoch(restarted);
		}
	}
}

/* Before the first answer no epoch is known. */
static void test_no_epoch(void **state)
{
	const struct sockaddr_in at = { .sin_family = AF_INET };
	const struct sysrq_step step = { .letter = 'b' };
	const struct sysrq_key key = { .bytes = { 1 } };
	struct sysrq *ctx = sysrq_new();
	struct sysrq_host *host = sysrq_host_new(ctx, &key);

	(void)state;
	sysrq_host_add_address(host, (const struct sockaddr *)&at, sizeof(at));
	assert_int_equal(sysrq_host_press(host, &step, 1, SYSRQ_WAY_SAME_EPOCH),
			 -EDESTADDRREQ);
	assert_false(sysrq_busy(ctx));
	sysrq_free(ctx);
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

/* What says nothing of the run does not keep the client waiting. */
static void test_useless_answers(void **state)
{
	static const uint8_t codes[] = { SRQ_DEADLINE, SRQ_BUSY };

	for (size_t i = 0; i < sizeof(codes); i++) {
		begin(state);
		code = SRQ_RUNNING;
		run_code = codes[i];
		run();
		assert_int_equal(session.end, SYSRQ_END_LOST);
	}
}

/* Somebody who repeats an answer does not make the host look alive. */
static void test_recorded(void **state)
{
	for (int i = 0; i < 2; i++) {
		begin(state);
		ask.steps[0].letter = i ? 'b' : 'h';
		code = SRQ_RUNNING;
		recorded = true;
		run();
		assert_int_equal(session.end,
				 i ? SYSRQ_END_CARRIED_OUT : SYSRQ_END_LOST);
	}
}

/* c was pressed, or its handler has returned. */
static const uint8_t crash_states[] = { SRQ_STEP_PRESSED, SRQ_STEP_DONE };

static void begin_crash(void **state, uint8_t step_state)
{
	begin(state);
	ask.steps[0] = (struct srq_step){ .letter = 'c' };
	result.progress.states[0] = step_state;
	code = SRQ_RUNNING;
}

/* After c the host answers: a status that tells of the panic proves the letter. */
static void test_crash_is_proven(void **state)
{
	for (size_t i = 0; i < sizeof(crash_states); i++) {
		uint64_t began;

		begin_crash(state, crash_states[i]);
		began = now;
		panics = 3;
		run();
		assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
		assert_int_equal(session.track.fates[0], SYSRQ_FATE_COMPLETE);
		assert_int_equal(session.track.took[0], now - began);
		assert_int_equal(proofs, 3);
	}
}

/* A panic may take seconds: a host that is to listen after it is waited for. */
static void test_crash_takes_long(void **state)
{
	for (int hears = 0; hears < 2; hears++) {
		uint64_t began;

		begin_crash(state, SRQ_STEP_PRESSED);
		began = now;
		status.hears_after_panic = hears;
		silence = 3 * S;
		panics = 1;
		run();
		assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
		assert_int_equal(session.track.fates[0],
				 hears ? SYSRQ_FATE_COMPLETE
				       : SYSRQ_FATE_ACCEPTED);
		assert_in_range(now - began, hears ? 3 * S : 1 * S,
				hears ? 4 * S : 2 * S);
	}
	/* It does not listen. */
	begin_crash(state, SRQ_STEP_PRESSED);
	status.hears_after_panic = true;
	silence = 60 * S;
	run();
	assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
	assert_int_equal(session.track.fates[0], SYSRQ_FATE_ACCEPTED);
	assert_in_range(now, 105 * S, 106 * S);
}

/* A host that listens after its panic goes on with the letters behind c. */
static void test_crash_then_more(void **state)
{
	for (int hears = 0; hears < 2; hears++) {
		for (int proven = 0; proven < 2; proven++) {
			begin_crash(state, SRQ_STEP_PRESSED);
			ask.count = result.progress.count = 2;
			ask.steps[1] = (struct srq_step){ .letter = 'b' };
			status.hears_after_panic = hears;
			panics = proven;
			silence = proven ? 0 : 60 * S;
			run();
			assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
			assert_int_equal(session.track.fates[1],
					 hears || proven
						 ? SYSRQ_FATE_SENT
						 : SYSRQ_FATE_NOT_REACHED);
		}
	}
}

/* A status without a panic proves that the host is alive. */
static void test_crash_did_nothing(void **state)
{
	for (size_t i = 0; i < sizeof(crash_states); i++) {
		begin_crash(state, crash_states[i]);
		run();
		assert_int_equal(session.end, SYSRQ_END_ALIVE);
		assert_int_equal(session.step, 0);
		assert_true(proofs > 5);
	}
}

/* A panic before the command is not the work of c. */
static void test_crash_before(void **state)
{
	begin_crash(state, SRQ_STEP_PRESSED);
	status.panicked = true;
	run();
	assert_int_equal(session.end, SYSRQ_END_ALIVE);
}

/* The status of another epoch is that of another run, or of another boot. */
static void test_crash_other_epoch(void **state)
{
	begin_crash(state, SRQ_STEP_PRESSED);
	proof_epoch = 8;
	panics = 1;
	run();
	assert_int_equal(session.end, SYSRQ_END_RESTARTED);
	assert_int_equal(session.track.fates[0], SYSRQ_FATE_SENT);
}

/* One-way, too, c is proven where replies come back. */
static void test_crash_one_way(void **state)
{
	begin_crash(state, SRQ_STEP_PRESSED);
	ask.way = SYSRQ_WAY_ONE_WAY;
	srq_session_begin(&session, &ask, now, year_2026);
	panics = 2;
	run();
	assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
	assert_int_equal(session.track.fates[0], SYSRQ_FATE_COMPLETE);
}

/* Answers until the command is accepted. */
static void run_until_accepted(void)
{
	struct srq_outgoing out;

	code = SRQ_RUNNING;
	for (int i = 0; i < 100 && session.phase != SRQ_PHASE_RUN; i++) {
		if (srq_session_send(&session, now, &out))
			answer(out.copy);
		else
			now = srq_session_deadline(&session);
	}
	assert_int_equal(session.phase, SRQ_PHASE_RUN);
}

/* In a run the client waits for a silent host until the waits are over, but at most 60 s,
 * and then for the timeout. */
static void test_silent_in_run(void **state)
{
	static const uint32_t waits_s[] = { 10, 60, 600 };

	for (size_t i = 0; i < sizeof(waits_s) / sizeof(waits_s[0]); i++) {
		uint64_t most = (waits_s[i] < 60 ? waits_s[i] : 60) * S;

		begin(state);
		ask.steps[0].wait_ms = waits_s[i] * 1000;
		run_until_accepted();
		silence = 3600 * S;
		run();
		assert_int_equal(session.end, SYSRQ_END_LOST);
		assert_int_equal(now - session.heard, most + 5 * S);
	}
}

/* After b another epoch and an older time prove a boot, but not of a restored machine. */
static void test_restored_before_b(void **state)
{
	for (int restored = 0; restored < 2; restored++) {
		begin(state);
		ask.steps[0] = (struct srq_step){ .letter = 'b' };
		run_until_accepted();
		run_code = SRQ_WRONG_EPOCH;
		result.epoch = 8;
		result.boot_time = 1 * S;
		result.restored = restored;
		run();
		assert_int_equal(session.end, restored ? SYSRQ_END_RESTARTED
						       : SYSRQ_END_CARRIED_OUT);
		assert_int_equal(session.restarted, !restored);
	}
	/* In place of the proof of c, too. */
	begin_crash(state, SRQ_STEP_PRESSED);
	proof_epoch = 8;
	status.restored = true;
	session.boot_time = UINT64_MAX;
	run();
	assert_int_equal(session.end, SYSRQ_END_RESTARTED);
	assert_false(session.restarted);
}

/* A machine that was restored ends its run, and no letter says why. */
static void test_restored_in_run(void **state)
{
	static const uint8_t first[] = { SRQ_STEP_PRESSED, SRQ_STEP_TIMED_OUT,
					 SRQ_STEP_DROPPED };

	for (size_t i = 0; i < sizeof(first); i++) {
		begin(state);
		ask.way = SYSRQ_WAY_ONE_WAY;
		ask.count = result.progress.count = 2;
		ask.steps[0] =
			(struct srq_step){ 's', SRQ_UNTIL_COMPLETE, 10000 };
		ask.steps[1] = (struct srq_step){ .letter = 'b' };
		srq_session_begin(&session, &ask, now, year_2026);
		run_until_accepted();
		run_code = SRQ_WITHDRAWN;
		result.progress.states[0] = first[i];
		result.progress.states[1] = SRQ_STEP_DROPPED;
		run();
		assert_int_equal(session.end, SYSRQ_END_RESTARTED);
	}
}

/* A letter behind c was no longer permitted: that does not hide the panic. */
static void test_withdrawn_behind_c(void **state)
{
	begin_crash(state, SRQ_STEP_DONE);
	ask.count = result.progress.count = 2;
	ask.steps[1] = (struct srq_step){ .letter = 'b' };
	result.progress.states[1] = SRQ_STEP_WITHDRAWN;
	run_code = SRQ_WITHDRAWN;
	panics = 1;
	run();
	assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
	assert_int_equal(session.track.fates[0], SYSRQ_FATE_COMPLETE);
}

/* What can do nothing after a panic is never told as pressed. */
static void test_pointless(void **state)
{
	struct sysrq_outcome o = { .end = SYSRQ_END_CARRIED_OUT, .count = 3 };
	const struct about about = { .name = "web1", .outcome = &o };
	char text[400] = "";
	FILE *out;

	begin(state);
	ask.count = result.progress.count = 3;
	ask.steps[0] = (struct srq_step){ 's', SRQ_UNTIL_COMPLETE, 10000 };
	ask.steps[1] = (struct srq_step){ .letter = 'w', .wait_ms = 1000 };
	ask.steps[2] = (struct srq_step){ .letter = 'o' };
	memcpy(result.progress.states, (uint8_t[]){ 7, 2, 7 }, 3);
	code = SRQ_OK;
	run();
	assert_int_equal(session.end, SYSRQ_END_CARRIED_OUT);
	for (size_t i = 0; i < 3; i++) {
		o.steps[i].step.letter = ask.steps[i].letter;
		o.steps[i].fate = session.track.fates[i];
	}
	assert_int_equal(o.steps[0].fate, SYSRQ_FATE_POINTLESS);
	assert_int_equal(o.steps[1].fate, SYSRQ_FATE_DONE);
	assert_string_equal(sentence_fate(o.steps[0].fate), "not pressed");
	assert_int_equal(sentence_exit(&o), EXIT_NOT_ALL_COMPLETE);
	out = fmemopen(text, sizeof(text), "w");
	sentence_short(out, &o);
	fputc('\n', out);
	sentence_end(out, &about);
	fclose(out);
	assert_string_equal(text, "panicked, s,o not pressed\n"
				  "the kernel of web1 has panicked, so letters "
				  "that can do nothing there were not pressed: "
				  "s,o");
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
		cmocka_unit_test_setup(test_anew_other_epoch, begin),
		cmocka_unit_test(test_same_epoch),
		cmocka_unit_test(test_no_epoch),
		cmocka_unit_test_setup(test_sentences, begin),
		cmocka_unit_test_setup(test_never_pressed, begin),
		cmocka_unit_test_setup(test_clock, begin),
		cmocka_unit_test_setup(test_crash_is_proven, begin),
		cmocka_unit_test(test_crash_then_more),
		cmocka_unit_test_setup(test_crash_takes_long, begin),
		cmocka_unit_test_setup(test_crash_did_nothing, begin),
		cmocka_unit_test_setup(test_crash_before, begin),
		cmocka_unit_test_setup(test_useless_answers, begin),
		cmocka_unit_test_setup(test_silent_in_run, begin),
		cmocka_unit_test_setup(test_recorded, begin),
		cmocka_unit_test_setup(test_crash_other_epoch, begin),
		cmocka_unit_test_setup(test_crash_one_way, begin),
		cmocka_unit_test(test_restored_before_b),
		cmocka_unit_test(test_restored_in_run),
		cmocka_unit_test(test_withdrawn_behind_c),
		cmocka_unit_test_setup(test_pointless, begin),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
