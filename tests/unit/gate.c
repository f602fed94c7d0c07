// SPDX-License-Identifier: GPL-2.0
/*
 * core/gate does what each line of docs/protocol.md, "How the host judges",
 * says. tests/unit/model.c proves the same with random requests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/gate.h"

enum { EPOCH = 77, TOLERANCE = 3600 };

static const uint64_t year_2026 = 1767225600 * SRQ_SECOND;

static struct srq_gate *gate;
static struct srq_operator *who;
static struct srq_situation now;
static struct srq_command command;
static struct srq_verdict verdict;

static struct srq_gate *new_gate(unsigned int count)
{
	struct srq_gate *g;

	g = calloc(1, sizeof(*g) + count * sizeof(g->operators[0]));
	assert_non_null(g);
	g->epoch = EPOCH;
	g->count = count;
	for (unsigned int i = 0; i < count; i++) {
		g->operators[i].keys.id[0] = (uint8_t)(i + 1);
		g->operators[i].permitted = SRQ_ALL_LETTERS;
		g->operators[i].since = 100 * SRQ_SECOND;
	}
	return g;
}

static int setup(void **state)
{
	(void)state;
	gate = new_gate(2);
	who = &gate->operators[0];
	now = (struct srq_situation){
		.boot_time = 500 * SRQ_SECOND,
		.real_time = year_2026,
		.tolerance = TOLERANCE,
		.address = { [10] = 0xff, 0xff, 192, 0, 2, 7 },
		.known = SRQ_ALL_LETTERS,
		.mask_letters = SRQ_ALL_LETTERS,
		.rule_letters = SRQ_ALL_LETTERS,
	};
	command = (struct srq_command){
		.epoch = EPOCH,
		.order = 1,
		.count = 2,
		.steps = { { 's', SRQ_UNTIL_COMPLETE, 10000 }, { 'b', 0, 0 } },
		.deadline = 530 * SRQ_SECOND,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(gate);
	return 0;
}

/* Time passes, by both clocks of the host. */
static void pass(uint64_t ns)
{
	now.boot_time += ns;
	now.real_time += ns;
}

static void make_one_way(uint64_t stamp)
{
	command.epoch = 0;
	command.deadline = 0;
	command.order = stamp;
	memcpy(command.address, now.address, sizeof(command.address));
}

static void judge_as(struct srq_operator *as, uint64_t id)
{
	uint8_t body[SRQ_SHORT_BODY];

	srq_write_command(body, sizeof(body), id, &command);
	srq_gate_judge(gate, as, body, sizeof(body), &now, &verdict);
	assert_int_equal(verdict.id, id);
}

static void expect_run(uint64_t id)
{
	judge_as(who, id);
	assert_int_equal(verdict.action, SRQ_ACT_RUN);
	assert_memory_equal(&verdict.command, &command, sizeof(command));
}

static void expect_code(uint64_t id, enum srq_code code)
{
	judge_as(who, id);
	assert_int_equal(verdict.action, SRQ_ACT_REFUSE);
	assert_int_equal(verdict.reply_type, SRQ_RESULT);
	assert_int_equal(verdict.code, code);
}

/* The command is refused, and leaves no trace. */
static void expect_refusal(uint64_t id, enum srq_code code)
{
	struct srq_operator before = *who;

	expect_code(id, code);
	assert_memory_equal(who, &before, sizeof(before));
}

/* The command is refused and used up. The accepted ones stay as they are. */
static void expect_used_up(uint64_t id, enum srq_code code)
{
	struct srq_accepted session = who->session.accepted;
	struct srq_accepted one_way = who->one_way.accepted;

	expect_code(id, code);
	assert_memory_equal(&who->session.accepted, &session, sizeof(session));
	assert_memory_equal(&who->one_way.accepted, &one_way, sizeof(one_way));
}

static void test_find(void **state)
{
	uint8_t id[SRQ_KEY_ID_LEN] = { 2 };

	(void)state;
	assert_ptr_equal(srq_gate_find(gate, id), &gate->operators[1]);
	id[7] = 1;
	assert_null(srq_gate_find(gate, id));
}

static void test_session(void **state)
{
	(void)state;
	expect_run(10);
	assert_int_equal(srq_gate_sequence(who), 1);
	assert_string_equal(who->last_letters, "sb");
	assert_int_equal(who->last_used, now.boot_time);
	assert_int_equal(verdict.run, 1);

	/* The same command again is a repeat. With another id it is not. */
	judge_as(who, 10);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	assert_int_equal(verdict.run, 1);
	expect_refusal(11, SRQ_OLD_SEQUENCE);

	command.order = 5;
	expect_run(12);
	assert_int_equal(verdict.run, 2);
	command.order = 4;
	expect_refusal(13, SRQ_OLD_SEQUENCE);
	command.order = 1;
	expect_refusal(10, SRQ_OLD_SEQUENCE);
}

static void test_sequences_are_per_operator(void **state)
{
	(void)state;
	command.order = 9;
	expect_run(10);
	command.order = 1;
	judge_as(&gate->operators[1], 11);
	assert_int_equal(verdict.action, SRQ_ACT_RUN);
}

static void test_epoch(void **state)
{
	(void)state;
	command.epoch = EPOCH + 1;
	expect_refusal(10, SRQ_WRONG_EPOCH);
	/* The same command again is no repeat after a change of the epoch. */
	command.epoch = EPOCH;
	expect_run(10);
	gate->epoch++;
	expect_refusal(10, SRQ_WRONG_EPOCH);
}

static void test_deadline(void **state)
{
	(void)state;
	command.deadline = now.boot_time - 1;
	expect_refusal(10, SRQ_DEADLINE);
	command.deadline = now.boot_time + 600 * SRQ_SECOND + 1;
	expect_refusal(10, SRQ_DEADLINE);
	command.deadline = ~0ULL;
	expect_refusal(10, SRQ_DEADLINE);
	command.deadline = now.boot_time + 600 * SRQ_SECOND;
	expect_run(10);
	command.order = 2;
	command.deadline = now.boot_time;
	expect_run(11);
	/* An accepted command may be repeated after its deadline. */
	now.boot_time += 60 * SRQ_SECOND;
	judge_as(who, 11);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
}

static void test_one_way(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	expect_run(10);
	judge_as(who, 10);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	expect_refusal(11, SRQ_OLD_STAMP);
	command.order--;
	expect_refusal(12, SRQ_OLD_STAMP);
	command.order += 2;
	expect_run(13);
	/* Each way has a memory of its own. */
	assert_int_equal(srq_gate_sequence(who), 0);
}

static void test_one_way_off(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	now.tolerance = 0;
	expect_used_up(10, SRQ_ONE_WAY_OFF);
	expect_refusal(11, SRQ_ONE_WAY_OFF);
	/* A command that was refused then is not accepted later. */
	now.tolerance = TOLERANCE;
	expect_refusal(10, SRQ_ONE_WAY_OFF);
	expect_refusal(11, SRQ_OLD_STAMP);
	command.order++;
	expect_run(12);
	/* A command of a bad stamp or address is not used up. */
	now.tolerance = 0;
	command.order += 3600 * SRQ_SECOND;
	expect_refusal(13, SRQ_ONE_WAY_OFF);
	command.order = now.real_time - 3600 * SRQ_SECOND;
	expect_refusal(13, SRQ_ONE_WAY_OFF);
	command.order = now.real_time + SRQ_SECOND;
	command.address[0]++;
	expect_refusal(13, SRQ_ONE_WAY_OFF);
	command.address[0]--;
	now.tolerance = TOLERANCE;
	expect_run(13);
}

static void test_one_way_address(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	command.address[15]++;
	expect_refusal(10, SRQ_WRONG_ADDRESS);
	memset(command.address, 0, sizeof(command.address));
	expect_refusal(10, SRQ_WRONG_ADDRESS);
}

static void test_one_way_tolerance(void **state)
{
	(void)state;
	now.boot_time = 100000 * SRQ_SECOND; /* long after the key was set */
	make_one_way(now.real_time - TOLERANCE * SRQ_SECOND - 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + TOLERANCE * SRQ_SECOND + 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(0);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(~0ULL);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time - TOLERANCE * SRQ_SECOND);
	expect_run(11);
	make_one_way(now.real_time + TOLERANCE * SRQ_SECOND);
	expect_run(12);
	now.tolerance = ~0U;
	make_one_way(~0ULL);
	expect_refusal(13, SRQ_CLOCK_OFF);
}

/*
 * The clock is slow after a reboot. So a command that was captured before the
 * reboot seems to come from the future.
 */
static void test_one_way_ahead_of_the_key(void **state)
{
	(void)state;
	make_one_way(now.real_time + 400 * SRQ_SECOND);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + 400 * SRQ_SECOND - 1);
	expect_run(10);
	/* The key was set at this moment, or even after it: the clocks of two
	 * CPUs may differ. */
	who->since = now.boot_time;
	make_one_way(now.real_time);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(now.real_time + 500 * SRQ_SECOND);
	expect_refusal(11, SRQ_CLOCK_OFF);
	who->since++;
	expect_refusal(11, SRQ_CLOCK_OFF);
}

/* A captured datagram is refused after the module is loaded again. */
static void test_one_way_since_load(void **state)
{
	(void)state;
	make_one_way(now.real_time - 400 * SRQ_SECOND);
	expect_refusal(10, SRQ_OLD_STAMP);
	make_one_way(now.real_time - 400 * SRQ_SECOND + 1);
	expect_run(10);
}

static void test_one_way_clock_set_after_load(void **state)
{
	(void)state;
	/* The clock was an hour slow at load, and is right now. */
	make_one_way(now.real_time - 1800 * SRQ_SECOND);
	expect_refusal(10, SRQ_OLD_STAMP);
	/* The real time may be less than the time since boot. */
	now.real_time = 300 * SRQ_SECOND;
	make_one_way(1);
	expect_run(11);
}

static void test_steps(void **state)
{
	(void)state;
	now.rule_letters = srq_letter_bit('s');
	expect_used_up(10, SRQ_NOT_RULE);
	assert_int_equal(verdict.progress.finished, 1);
	assert_int_equal(verdict.progress.count, 2);
	now.mask_letters = srq_letter_bit('s');
	command.order++;
	expect_used_up(11, SRQ_NOT_MASK);
	who->permitted = srq_letter_bit('s');
	command.order++;
	expect_used_up(12, SRQ_NOT_OPERATOR);
	now.known = srq_letter_bit('s');
	command.order++;
	expect_used_up(13, SRQ_NO_SUCH_LETTER);
	assert_int_equal(verdict.progress.finished, 1);
	command.order++;
	command.steps[0].letter = '!';
	expect_used_up(14, SRQ_NO_SUCH_LETTER);
	assert_int_equal(verdict.progress.finished, 0);
	command.order++;
	command.steps[0].letter = (char)0xf3;
	expect_used_up(15, SRQ_NO_SUCH_LETTER);

	/* The bytes behind the last step do not matter. */
	command.order++;
	command.count = 1;
	command.steps[0].letter = 's';
	memset(&command.steps[1], 0, sizeof(command.steps[1]));
	expect_run(16);
}

/* Permissions become wider, and a recording of a command is sent again. */
static void test_refused_is_used_up(void **state)
{
	(void)state;
	command.order = 3;
	expect_run(10);
	command.order = 4;
	now.mask_letters = srq_letter_bit('s');
	expect_used_up(11, SRQ_NOT_MASK);
	assert_int_equal(srq_gate_sequence(who), 4);
	now.mask_letters = SRQ_ALL_LETTERS;
	expect_refusal(11, SRQ_NOT_MASK);
	assert_int_equal(verdict.progress.finished, 1);
	/* The answer has the count of that command, whatever this one has. */
	command.count = 1;
	expect_refusal(11, SRQ_NOT_MASK);
	assert_int_equal(verdict.progress.count, 2);
	command.count = 2;
	expect_refusal(12, SRQ_OLD_SEQUENCE);
	/* The command before it may still be repeated. */
	command.order = 3;
	judge_as(who, 10);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	command.order = 5;
	expect_run(13);

	make_one_way(now.real_time);
	now.rule_letters = srq_letter_bit('b');
	expect_used_up(20, SRQ_NOT_RULE);
	now.rule_letters = SRQ_ALL_LETTERS;
	expect_refusal(20, SRQ_NOT_RULE);
	assert_int_equal(verdict.progress.finished, 0);
	expect_refusal(21, SRQ_OLD_STAMP);
	command.order++;
	expect_run(22);
}

static void test_malformed(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];

	(void)state;
	srq_write_command(body, sizeof(body), 10, &command);
	body[48] = 17;
	srq_gate_judge(gate, who, body, sizeof(body), &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_REFUSE);
	assert_int_equal(verdict.code, SRQ_MALFORMED);
}

static void test_settle(void **state)
{
	struct srq_progress progress = {
		.count = 2,
		.finished = 1,
		.states = { SRQ_STEP_COMPLETE, SRQ_STEP_DROPPED },
	};

	(void)state;
	expect_run(10);
	judge_as(who, 10);
	assert_false(verdict.settled);

	judge_as(&gate->operators[1], 11);
	assert_int_equal(verdict.run, 2);
	srq_gate_settle(gate, 1, SRQ_SUPERSEDED, &progress);

	judge_as(who, 10);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	assert_true(verdict.settled);
	assert_int_equal(verdict.code, SRQ_SUPERSEDED);
	assert_memory_equal(&verdict.progress, &progress, sizeof(progress));
	judge_as(&gate->operators[1], 11);
	assert_false(verdict.settled);
}

static void test_hello_and_log(void **state)
{
	struct srq_log log = { .epoch = 0, .first = 42 };
	uint8_t body[SRQ_LONG_BODY];

	(void)state;
	srq_write_hello(body, SRQ_SHORT_BODY, 10);
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_STATUS);

	srq_write_log(body, SRQ_LONG_BODY, 11, &log);
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_REFUSE);
	assert_int_equal(verdict.code, SRQ_NOT_LOG);
	assert_int_equal(verdict.reply_type, SRQ_LOGDATA);

	who->may_read_log = true;
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_LOG);
	assert_int_equal(verdict.log_first, 42);

	log.epoch = EPOCH + 1;
	srq_write_log(body, SRQ_LONG_BODY, 11, &log);
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_REFUSE);
	assert_int_equal(verdict.code, SRQ_WRONG_EPOCH);
}

/* A reply is never longer than its request: a short log request gets none. */
static void test_no_amplification(void **state)
{
	struct srq_log log = { 0 };
	uint8_t body[SRQ_LONG_BODY];

	(void)state;
	who->may_read_log = true;
	srq_write_log(body, SRQ_SHORT_BODY, 10, &log);
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	srq_write_hello(body, SRQ_LONG_BODY, 10);
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	body[0] = 99;
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
}

static void test_inherit(void **state)
{
	struct srq_gate *next = new_gate(2), *old = gate;
	uint64_t stamp = now.real_time;

	(void)state;
	next->epoch = EPOCH + 1;
	next->operators[0].since = now.boot_time + 10 * SRQ_SECOND;
	next->operators[1].since = now.boot_time + 10 * SRQ_SECOND;
	next->operators[1].keys.id[0] = 9; /* a new key */
	expect_run(10);
	make_one_way(stamp);
	expect_run(11);

	srq_gate_inherit(next, gate);
	gate = next;
	who = &gate->operators[0];
	pass(20 * SRQ_SECOND);
	/* The known key: an accepted command stays accepted. */
	judge_as(who, 11);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	expect_refusal(12, SRQ_OLD_STAMP);
	assert_int_equal(who->last_used, now.boot_time - 20 * SRQ_SECOND);
	assert_string_equal(who->last_letters, "sb");
	make_one_way(stamp + 1);
	expect_run(13);
	assert_int_equal(verdict.run, 3); /* numbers go on */
	/* The new key accepts no stamp from before it was set. */
	who = &gate->operators[1];
	make_one_way(stamp + 5 * SRQ_SECOND);
	expect_refusal(14, SRQ_OLD_STAMP);
	make_one_way(stamp + 15 * SRQ_SECOND);
	expect_run(15);
	free(old);
}

/* The new table has `count` operators. The last one has the key id `last`. */
static void change_table(unsigned int count, uint8_t last)
{
	struct srq_gate *next = new_gate(count);

	for (unsigned int i = 0; i < count; i++)
		next->operators[i].since = now.boot_time;
	next->operators[count - 1].keys.id[0] = last;
	srq_gate_inherit(next, gate);
	free(gate);
	gate = next;
	who = &gate->operators[count - 1];
}

/* A key that is taken away and comes back accepts no earlier stamp. */
static void test_key_comes_back(void **state)
{
	(void)state;
	/* The sender's clock is ahead, by less than the age of the key. */
	make_one_way(now.real_time + 50 * SRQ_SECOND);
	who = &gate->operators[1];
	expect_run(10);
	change_table(1, 1);
	change_table(2, 2);
	pass(100 * SRQ_SECOND);
	expect_refusal(10, SRQ_OLD_STAMP);
	command.order++;
	expect_run(11);
	/* A key that was never here accepts any stamp. */
	change_table(1, 1);
	change_table(2, 3);
	pass(100 * SRQ_SECOND);
	command.order = now.real_time - 1;
	expect_run(12);
}

/* The gate has no place for each of so many keys, but remembers all. */
static void test_many_keys_come_back(void **state)
{
	(void)state;
	for (uint8_t key = 2; key < 2 + SRQ_GONE_MAX + 1; key++) {
		change_table(2, key);
		pass(SRQ_SECOND);
		make_one_way(now.real_time + SRQ_SECOND - 1 - key);
		expect_run(key);
		change_table(1, 1);
	}
	for (uint8_t key = 2; key < 2 + SRQ_GONE_MAX + 1; key++) {
		change_table(2, key);
		now.boot_time += 200 * SRQ_SECOND;
		now.real_time += SRQ_SECOND;
		make_one_way(year_2026 + (key - 1) * SRQ_SECOND + SRQ_SECOND -
			     1 - key);
		expect_refusal(key, SRQ_OLD_STAMP);
		change_table(1, 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find),
		TEST(test_session),
		TEST(test_sequences_are_per_operator),
		TEST(test_epoch),
		TEST(test_deadline),
		TEST(test_one_way),
		TEST(test_one_way_off),
		TEST(test_one_way_address),
		TEST(test_one_way_tolerance),
		TEST(test_one_way_ahead_of_the_key),
		TEST(test_one_way_since_load),
		TEST(test_one_way_clock_set_after_load),
		TEST(test_steps),
		TEST(test_refused_is_used_up),
		TEST(test_malformed),
		TEST(test_settle),
		TEST(test_hello_and_log),
		TEST(test_no_amplification),
		TEST(test_inherit),
		TEST(test_key_comes_back),
		TEST(test_many_keys_come_back),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
