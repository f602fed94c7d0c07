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

enum { EPOCH = 77, OTHER_EPOCH = 78, TOLERANCE = 3600 };

static const uint64_t year_2026 = 1767225600 * SRQ_SECOND;

static struct srq_gate *gate;
static struct srq_operator *who, *other;
static struct srq_situation now;
static struct srq_command command;
static struct srq_verdict verdict;

static struct srq_gate *new_gate(unsigned int count)
{
	struct srq_gate *g;

	g = calloc(1, sizeof(*g) + count * sizeof(g->operators[0]));
	assert_non_null(g);
	g->count = count;
	for (unsigned int i = 0; i < count; i++) {
		g->operators[i].keys.id[0] = (uint8_t)(i + 1);
		strcpy(g->operators[i].name, i ? "bob" : "alice");
		g->operators[i].epoch = i ? OTHER_EPOCH : EPOCH;
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
	other = &gate->operators[1];
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

/* The command is one of a session with the key of this operator. */
static void make_session(const struct srq_operator *of, uint64_t sequence)
{
	command.epoch = of->epoch;
	command.order = sequence;
	command.deadline = now.boot_time + 30 * SRQ_SECOND;
	memset(command.address, 0, sizeof(command.address));
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
	assert_int_equal(verdict.code, SRQ_OK);
	assert_int_equal(verdict.progress.finished, 0);
	assert_memory_equal(&verdict.command, &command, sizeof(command));
}

/* The command is the accepted one again, which is that run, and does nothing. */
static void expect_repeat(uint64_t id, uint64_t run)
{
	struct srq_operator before = *who;

	judge_as(who, id);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	assert_int_equal(verdict.run, run);
	assert_memory_equal(who, &before, sizeof(before));
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
	struct srq_past *past = command.epoch ? &who->session : &who->one_way;

	expect_code(id, code);
	assert_int_equal(past->refused.order, command.order);
	assert_int_equal(who->last_used, now.boot_time);
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
	expect_repeat(10, 1);
	expect_refusal(11, SRQ_OLD_SEQUENCE);

	command.order = 5;
	expect_run(12);
	assert_int_equal(verdict.run, 2);
	expect_repeat(12, 2);
	command.order = 4;
	expect_refusal(13, SRQ_OLD_SEQUENCE);
	command.order = 0;
	expect_refusal(13, SRQ_OLD_SEQUENCE);
	/* Only the last accepted command can be repeated. */
	command.order = 1;
	expect_refusal(10, SRQ_OLD_SEQUENCE);
	/* Another sequence of the same id is another command. */
	command.order = 6;
	expect_run(12);
	assert_int_equal(verdict.run, 3);
}

/* A key that has accepted nothing has nothing that could be repeated. */
static void test_nothing_to_repeat(void **state)
{
	(void)state;
	command.order = 0;
	expect_refusal(0, SRQ_OLD_SEQUENCE);
	make_one_way(0);
	now.real_time = 300 * SRQ_SECOND;
	expect_refusal(0, SRQ_OLD_STAMP);
}

static void test_sequences_are_per_key(void **state)
{
	(void)state;
	command.order = 9;
	expect_run(10);
	make_session(other, 1);
	judge_as(other, 10);
	assert_int_equal(verdict.action, SRQ_ACT_RUN);
	assert_int_equal(srq_gate_sequence(who), 9);
	assert_int_equal(srq_gate_sequence(other), 1);
}

/* Each key has an epoch of its own. */
static void test_epoch(void **state)
{
	(void)state;
	command.epoch = OTHER_EPOCH;
	expect_refusal(10, SRQ_WRONG_EPOCH);
	judge_as(other, 10);
	assert_int_equal(verdict.action, SRQ_ACT_RUN);
	command.epoch = EPOCH + ((uint64_t)1 << 32);
	expect_refusal(10, SRQ_WRONG_EPOCH);
	/* The same command again is no repeat after a change of the epoch. */
	command.epoch = EPOCH;
	expect_run(10);
	who->epoch = 79;
	expect_refusal(10, SRQ_WRONG_EPOCH);
	/* The epoch is judged before the sequence and the deadline. */
	command.order = 0;
	command.deadline = 0;
	expect_refusal(10, SRQ_WRONG_EPOCH);
}

/* A sequence far above the last one would use up all that are between. */
static void test_sequence_step(void **state)
{
	const uint64_t step = 1ULL << 32;

	(void)state;
	command.order = step;
	expect_refusal(10, SRQ_OLD_SEQUENCE);
	command.order = UINT64_MAX;
	expect_refusal(10, SRQ_OLD_SEQUENCE);
	command.order = step - 1;
	expect_run(10);
	command.order = 2 * step - 1;
	expect_refusal(11, SRQ_OLD_SEQUENCE);
	command.order = 2 * step - 2;
	now.known = 0;
	expect_used_up(11, SRQ_NO_SUCH_LETTER);
	now.known = SRQ_ALL_LETTERS;
	/* The highest is that of a refused command, too. */
	command.order = 3 * step - 2;
	expect_refusal(12, SRQ_OLD_SEQUENCE);
	command.order = 3 * step - 3;
	expect_run(12);
	/* No sum of it overflows. */
	who->session.accepted.order = UINT64_MAX - 1;
	command.order = UINT64_MAX;
	expect_run(13);
	expect_repeat(13, verdict.run);
	command.order = 1;
	expect_refusal(14, SRQ_OLD_SEQUENCE);
}

static void test_deadline(void **state)
{
	(void)state;
	command.deadline = now.boot_time - 1;
	expect_refusal(10, SRQ_DEADLINE);
	command.deadline = 0;
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
	pass(60 * SRQ_SECOND);
	expect_repeat(11, 2);
	/* So may a refused one, and the answer stays the same. */
	command.order = 3;
	command.deadline = now.boot_time;
	now.rule_letters = 0;
	expect_used_up(12, SRQ_NOT_RULE);
	pass(60 * SRQ_SECOND);
	expect_refusal(12, SRQ_NOT_RULE);
}

/* A client may conclude from 17 that the sequence is used up. */
static void test_sequence_is_judged_before_the_deadline(void **state)
{
	(void)state;
	command.order = 7;
	expect_run(10);
	command.deadline = now.boot_time - 1;
	expect_refusal(11, SRQ_OLD_SEQUENCE);
	command.deadline = ~0ULL;
	expect_refusal(11, SRQ_OLD_SEQUENCE);
	command.order = 8 + (1ULL << 32);
	expect_refusal(11, SRQ_OLD_SEQUENCE);
	/* And from 22, that it is not. */
	command.order = 8;
	expect_refusal(11, SRQ_DEADLINE);
	command.deadline = now.boot_time;
	expect_run(12);
}

static void test_one_way(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	expect_run(10);
	expect_repeat(10, 1);
	expect_refusal(11, SRQ_OLD_STAMP);
	command.order--;
	expect_refusal(12, SRQ_OLD_STAMP);
	command.order += 2;
	expect_run(13);
	/* Each way has a memory of its own. */
	assert_int_equal(srq_gate_sequence(who), 0);
	make_session(who, 1);
	expect_run(13);
	make_one_way(now.real_time + 1);
	expect_repeat(13, 2);
}

/* A refusal by 18 uses nothing up: the command may still be carried out. */
static void test_one_way_off(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	now.tolerance = 0;
	expect_refusal(10, SRQ_ONE_WAY_OFF);
	expect_refusal(11, SRQ_ONE_WAY_OFF);
	now.tolerance = TOLERANCE;
	expect_run(10);
	/* It is judged first: before repeats and addresses. */
	now.tolerance = 0;
	expect_refusal(10, SRQ_ONE_WAY_OFF);
	command.address[0]++;
	expect_refusal(10, SRQ_ONE_WAY_OFF);
	now.tolerance = TOLERANCE;
	command.address[0]--;
	expect_repeat(10, 1);
	now.rule_letters = 0;
	command.order++;
	expect_used_up(11, SRQ_NOT_RULE);
	now.tolerance = 0;
	expect_refusal(11, SRQ_ONE_WAY_OFF);
	now.tolerance = TOLERANCE;
	expect_refusal(11, SRQ_NOT_RULE);
}

static void test_one_way_address(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	for (int i = 0; i < SRQ_ADDRESS_LEN; i++) {
		command.address[i]++;
		expect_refusal(10, SRQ_WRONG_ADDRESS);
		command.address[i]--;
	}
	expect_run(10);
	/* A copy that was sent elsewhere is no repeat, and has no stamp. */
	memset(command.address, 0, sizeof(command.address));
	expect_refusal(10, SRQ_WRONG_ADDRESS);
	command.deadline = 1;
	expect_refusal(11, SRQ_WRONG_ADDRESS);
	/* In session the address means nothing. */
	make_session(who, 1);
	command.address[0] = 1;
	expect_run(12);
}

/* The host has two addresses: the command to both is one. */
static void test_one_way_to_two_addresses(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	expect_run(10);
	now.address[15]++;
	make_one_way(now.real_time);
	expect_repeat(10, 1);
}

/* The sender's own deadline, by the host's clock */
static void test_one_way_deadline(void **state)
{
	(void)state;
	make_one_way(now.real_time);
	command.deadline = now.real_time - 1;
	expect_refusal(10, SRQ_DEADLINE);
	command.deadline = 1;
	expect_refusal(10, SRQ_DEADLINE);
	/* It is judged before the stamp, used up or not. */
	command.order = 1;
	expect_refusal(10, SRQ_DEADLINE);
	make_one_way(now.real_time);
	command.deadline = now.real_time;
	expect_run(10);
	expect_repeat(10, 1);
	pass(1);
	expect_repeat(10, 1);
	expect_refusal(11, SRQ_DEADLINE);
	/* A refused one is repeated after its deadline, too. */
	make_one_way(now.real_time);
	command.deadline = now.real_time;
	now.rule_letters = 0;
	expect_used_up(12, SRQ_NOT_RULE);
	pass(1);
	expect_refusal(12, SRQ_NOT_RULE);
	now.rule_letters = SRQ_ALL_LETTERS;
	/* It may be as far off as the sender likes. 0 is none. */
	make_one_way(now.real_time);
	command.deadline = ~0ULL;
	expect_run(13);
	pass(1);
	make_one_way(now.real_time);
	expect_run(14);
}

/* A refusal by 19 uses nothing up: the command may still be carried out. */
static void test_one_way_tolerance(void **state)
{
	uint64_t stamp = now.real_time - TOLERANCE * SRQ_SECOND;

	(void)state;
	now.boot_time = 100000 * SRQ_SECOND; /* long after the key was set */
	make_one_way(0);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(stamp - 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	now.real_time--;
	expect_run(10);
	now.real_time++;
	make_one_way(stamp);
	expect_run(11);
}

/* The clock of the host may be slow by a minute, and not by more. */
static void test_one_way_ahead(void **state)
{
	(void)state;
	now.boot_time = 100000 * SRQ_SECOND;
	make_one_way(now.real_time + 60 * SRQ_SECOND + 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(~0ULL);
	expect_refusal(10, SRQ_CLOCK_OFF);
	now.tolerance = ~0U;
	expect_refusal(10, SRQ_CLOCK_OFF);
	now.tolerance = 30;
	make_one_way(now.real_time + 30 * SRQ_SECOND + 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + 30 * SRQ_SECOND);
	expect_run(10);
	now.tolerance = TOLERANCE;
	make_one_way(now.real_time + 60 * SRQ_SECOND);
	expect_run(11);
	make_one_way(now.real_time + 60 * SRQ_SECOND + 1);
	expect_refusal(12, SRQ_CLOCK_OFF);
	pass(1);
	expect_run(12);
}

/* A panicked host's clock may lose a tenth of the time. */
static void test_one_way_ahead_after_a_panic(void **state)
{
	(void)state;
	now.boot_time = 100000 * SRQ_SECOND;
	now.since_panic = 15;
	make_one_way(now.real_time + 61500 * SRQ_MILLISECOND + 1);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + 61500 * SRQ_MILLISECOND);
	expect_run(10);
	now.since_panic = 100000;
	make_one_way(now.real_time + TOLERANCE * SRQ_SECOND + 1);
	expect_refusal(11, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + TOLERANCE * SRQ_SECOND);
	expect_run(11);
	/* Nothing overflows, nor is more allowed than the age of the key. */
	now.since_panic = ~0U;
	now.tolerance = ~0U;
	make_one_way(now.real_time + 100000 * SRQ_SECOND);
	expect_refusal(12, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + 90000 * SRQ_SECOND);
	expect_run(12);
}

/*
 * The clock is slow after a reboot. So a command that was captured before the
 * reboot seems to come from the future.
 */
static void test_one_way_ahead_of_the_key(void **state)
{
	(void)state;
	who->since = now.boot_time - 40 * SRQ_SECOND;
	make_one_way(now.real_time + 40 * SRQ_SECOND);
	expect_refusal(10, SRQ_CLOCK_OFF);
	make_one_way(now.real_time + 40 * SRQ_SECOND - 1);
	expect_run(10);
	/* It is judged before what is used up. */
	who->since++;
	expect_refusal(11, SRQ_CLOCK_OFF);
	/* The key was set at this moment, or even after it: the clocks of two
	 * CPUs may differ. */
	who->since = now.boot_time;
	make_one_way(now.real_time);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(now.real_time + 50 * SRQ_SECOND);
	expect_refusal(11, SRQ_CLOCK_OFF);
	who->since++;
	expect_refusal(11, SRQ_CLOCK_OFF);
	make_one_way(now.real_time);
	expect_refusal(11, SRQ_OLD_STAMP);
}

/* A captured datagram is refused after the module is loaded again. */
static void test_one_way_since_load(void **state)
{
	(void)state;
	/* The host's clock may be slow by the 60 s that a stamp may be ahead. */
	make_one_way(now.real_time - 340 * SRQ_SECOND);
	expect_refusal(10, SRQ_OLD_STAMP);
	make_one_way(now.real_time - 340 * SRQ_SECOND + 1);
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
	const uint64_t s = srq_letter_bit('s');

	(void)state;
	now.rule_letters = s;
	expect_used_up(10, SRQ_NOT_RULE);
	assert_int_equal(verdict.progress.finished, 1);
	assert_int_equal(verdict.progress.count, 2);
	now.rule_letters = SRQ_ALL_LETTERS;
	now.mask_letters = s;
	command.order++;
	expect_used_up(11, SRQ_NOT_MASK);
	now.mask_letters = SRQ_ALL_LETTERS;
	who->permitted = s;
	command.order++;
	expect_used_up(12, SRQ_NOT_OPERATOR);
	who->permitted = SRQ_ALL_LETTERS;
	now.known = s;
	command.order++;
	expect_used_up(13, SRQ_NO_SUCH_LETTER);
	assert_int_equal(verdict.progress.finished, 1);
	/* The first one of several is told. */
	now.known = SRQ_ALL_LETTERS & ~s;
	now.mask_letters = s;
	command.order++;
	expect_used_up(14, SRQ_NO_SUCH_LETTER);
	assert_int_equal(verdict.progress.finished, 0);
	now.mask_letters = now.known = SRQ_ALL_LETTERS;
	command.order++;
	command.steps[0].letter = '!';
	expect_used_up(15, SRQ_NO_SUCH_LETTER);
	assert_int_equal(verdict.progress.finished, 0);
	command.order++;
	command.steps[0].letter = (char)0xf3;
	expect_used_up(16, SRQ_NO_SUCH_LETTER);

	/* The bytes behind the last step do not matter. */
	command.order++;
	command.count = 1;
	command.steps[0].letter = 's';
	memset(&command.steps[1], 0, sizeof(command.steps[1]));
	expect_run(17);
	assert_string_equal(who->last_letters, "s");
	assert_int_equal(verdict.progress.finished, 0);
}

static void test_sixteen_steps(void **state)
{
	(void)state;
	command.count = SRQ_STEPS_MAX;
	for (int i = 0; i < SRQ_STEPS_MAX; i++)
		command.steps[i] = (struct srq_step){ 's', 0, 1 };
	command.steps[15].letter = 'b';
	now.mask_letters &= ~srq_letter_bit('b');
	expect_used_up(10, SRQ_NOT_MASK);
	assert_int_equal(verdict.progress.finished, 15);
	assert_int_equal(verdict.progress.count, SRQ_STEPS_MAX);
	expect_refusal(10, SRQ_NOT_MASK);
	assert_int_equal(verdict.progress.finished, 15);
	now.mask_letters = SRQ_ALL_LETTERS;
	command.order++;
	expect_run(11);
	assert_string_equal(who->last_letters, "sssssssssssssssb");
	command.order++;
	command.count = 1;
	memset(&command.steps[1], 0, 15 * sizeof(command.steps[1]));
	expect_run(12);
	assert_string_equal(who->last_letters, "s");
}

static void test_letters(void **state)
{
	uint64_t a = srq_letter_bit('a'), b = srq_letter_bit('b'),
		 c = srq_letter_bit('c'), d = srq_letter_bit('d'),
		 e = srq_letter_bit('e');

	(void)state;
	who->permitted = SRQ_ALL_LETTERS & ~a;
	now.known = SRQ_ALL_LETTERS & ~b;
	now.mask_letters = SRQ_ALL_LETTERS & ~c;
	now.rule_letters = SRQ_ALL_LETTERS & ~d;
	assert_int_equal(srq_gate_letters(who, &now),
			 SRQ_ALL_LETTERS & ~(a | b | c | d));
	who->permitted = a | e;
	assert_int_equal(srq_gate_letters(who, &now), a | e);
}

/* A run of bob's, who may press all, is in progress. */
static void begin_run(const char *letters)
{
	now.run = (struct srq_in_progress){
		.any = true,
		.owner = "bob",
		.ends_in = 95000,
	};
	for (; *letters; letters++)
		now.run.letters |= srq_letter_bit(*letters);
	command.steps[1].letter = 's';
}

/* The command is refused, as the run in progress may not be ended. */
static void expect_busy(uint64_t id)
{
	expect_used_up(id, SRQ_BUSY);
	assert_int_equal(verdict.progress.count, 2);
	assert_int_equal(verdict.progress.finished, 0);
	assert_int_equal(verdict.progress.times[0],
			 now.run.full ? 0 : now.run.ends_in);
	assert_int_equal(verdict.progress.times[1], 0);
	command.order++;
}

static void expect_way_given(uint64_t id)
{
	expect_run(id);
	command.order++;
}

/* Who may press all that is not pressed yet may end the run. */
static void test_run_gives_way_by_letters(void **state)
{
	(void)state;
	begin_run("sub");
	expect_way_given(10);
	who->permitted = srq_letter_bit('s') | srq_letter_bit('u');
	expect_busy(11);
	now.run.letters = srq_letter_bit('b');
	expect_busy(12);
	now.run.letters = srq_letter_bit('u') | srq_letter_bit('s');
	expect_way_given(13);
	now.run.letters = 0;
	expect_way_given(14);

	/* The firewall rule counts as the operator's line does. */
	begin_run("sub");
	who->permitted = SRQ_ALL_LETTERS;
	now.rule_letters = SRQ_ALL_LETTERS & ~srq_letter_bit('b');
	expect_busy(15);
	now.rule_letters = SRQ_ALL_LETTERS;
	/* The mask, and what the kernel knows, do not. */
	now.mask_letters = now.known = srq_letter_bit('s');
	expect_way_given(16);
	/* They are those of the one who asks, and not of the owner. */
	other->permitted = 0;
	expect_way_given(17);
}

/* Each letter that is not pressed yet, alone */
static void test_run_of_each_letter(void **state)
{
	/* Those that only show something, or set the log's level or the keyboard's
	 * mode; and those that it may press */
	static const char free[] = "dhlmpqtwzD0123456789rRsk";

	(void)state;
	begin_run("");
	who->permitted = srq_letter_bit('s') | srq_letter_bit('k');
	for (int i = 0; i < SRQ_LETTERS; i++) {
		now.run.letters = 1ULL << i;
		if (strchr(free, srq_letter_at(i)))
			expect_way_given((uint64_t)i);
		else
			expect_busy((uint64_t)i);
		/* Beside one that shows something, and one that it may press */
		now.run.letters |= srq_letter_bit('w') | srq_letter_bit('k');
		if (strchr(free, srq_letter_at(i)))
			expect_way_given((uint64_t)i);
		else
			expect_busy((uint64_t)i);
	}
}

/* The owner has other keys, too: the name counts. */
static void test_run_gives_way_to_its_owner(void **state)
{
	(void)state;
	begin_run("sub");
	who->permitted = srq_letter_bit('s');
	expect_busy(10);
	strcpy(who->name, "bo");
	expect_busy(11);
	strcpy(who->name, "bobby");
	expect_busy(12);
	strcpy(who->name, "Bob");
	expect_busy(13);
	strcpy(who->name, "bob");
	expect_way_given(14);
	/* A name may be as long as its place. */
	memset(who->name, 'n', SRQ_OPERATOR_NAME_MAX);
	memset(now.run.owner, 'n', SRQ_OPERATOR_NAME_MAX);
	expect_way_given(15);
	now.run.owner[SRQ_OPERATOR_NAME_MAX - 1] = 'm';
	expect_busy(16);
}

static void test_run_that_is_stuck(void **state)
{
	(void)state;
	begin_run("sub");
	who->permitted = srq_letter_bit('s');
	expect_busy(10);
	now.run.overdue = true;
	expect_way_given(11);
	/* Without a run in progress, all the rest means nothing. */
	now.run.overdue = false;
	now.run.any = false;
	expect_way_given(12);
	assert_int_equal(verdict.progress.times[0], 0);
}

/* There is no room for another run: not even its owner may end it. */
static void test_run_without_room(void **state)
{
	(void)state;
	begin_run("");
	expect_way_given(10);
	now.run.full = true;
	expect_busy(11);
	now.run.overdue = true;
	strcpy(who->name, "bob");
	expect_busy(12);
	now.run.full = false;
	expect_way_given(13);
}

/* The letters are judged before the run in progress. */
static void test_letters_before_the_run(void **state)
{
	(void)state;
	begin_run("sub");
	who->permitted = srq_letter_bit('s');
	command.steps[0].letter = 'b';
	expect_used_up(10, SRQ_NOT_OPERATOR);
	assert_int_equal(verdict.progress.times[0], 0);
	expect_refusal(10, SRQ_NOT_OPERATOR);
	assert_int_equal(verdict.progress.times[0], 0);
}

/* The same refusal again, for one that was refused as a run was in progress */
static void test_busy_again(void **state)
{
	(void)state;
	begin_run("sub");
	who->permitted = srq_letter_bit('s');
	for (int one_way = 0; one_way < 2; one_way++) {
		if (one_way)
			make_one_way(now.real_time);
		else
			make_session(who, 5);
		begin_run("sub");
		expect_busy(10);
		command.order--;
		if (!one_way)
			assert_int_equal(srq_gate_sequence(who), 5);
		pass(SRQ_SECOND);
		now.run.ends_in -= 1000;
		expect_refusal(10, SRQ_BUSY);
		assert_int_equal(verdict.progress.count, 2);
		assert_int_equal(verdict.progress.finished, 0);
		assert_int_equal(verdict.progress.times[0], now.run.ends_in);
		/* The run ends, and the command was refused all the same. */
		now.run.any = false;
		expect_refusal(10, SRQ_BUSY);
		assert_int_equal(verdict.progress.times[0], 0);
		expect_refusal(11, one_way ? SRQ_OLD_STAMP : SRQ_OLD_SEQUENCE);
		command.order++;
		expect_run(11);
	}
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
	expect_repeat(10, 1);
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
	assert_int_equal(verdict.reply_type, SRQ_RESULT);
	assert_int_equal(srq_gate_sequence(who), 0);
	/* It is judged before all else, in a command of any epoch. */
	command.epoch++;
	srq_write_command(body, sizeof(body), 10, &command);
	body[48] = 0;
	srq_gate_judge(gate, who, body, sizeof(body), &now, &verdict);
	assert_int_equal(verdict.code, SRQ_MALFORMED);
}

/* Before each letter of a run, the table of that moment counts. */
static void test_still_permits(void **state)
{
	const uint8_t alice[SRQ_KEY_ID_LEN] = { 1 }, bob[] = { 2 },
		      nobody[SRQ_KEY_ID_LEN] = { 3 };
	uint8_t id[SRQ_KEY_ID_LEN] = { 0 };

	(void)state;
	memcpy(id, bob, sizeof(bob));
	who->permitted = srq_letter_bit('s') | srq_letter_bit('Z');
	other->permitted = srq_letter_bit('b');
	for (int c = 0; c < 256; c++) {
		assert_int_equal(srq_gate_still_permits(gate, alice, (char)c),
				 c == 's' || c == 'Z');
		assert_int_equal(srq_gate_still_permits(gate, id, (char)c),
				 c == 'b');
		assert_false(srq_gate_still_permits(gate, nobody, (char)c));
	}
	gate->count = 1;
	assert_false(srq_gate_still_permits(gate, id, 'b'));
	assert_true(srq_gate_still_permits(gate, alice, 's'));
}

static void test_settle(void **state)
{
	struct srq_progress progress = {
		.count = 2,
		.finished = 1,
		.states = { SRQ_STEP_COMPLETE, SRQ_STEP_DROPPED },
		.times = { 412 },
	};

	(void)state;
	expect_run(10);
	expect_repeat(10, 1);
	assert_false(verdict.settled);

	make_session(other, 1);
	judge_as(other, 11);
	assert_int_equal(verdict.run, 2);
	srq_gate_settle(gate, 1, SRQ_SUPERSEDED, &progress);

	judge_as(other, 11);
	assert_int_equal(verdict.action, SRQ_ACT_REPEAT);
	assert_false(verdict.settled);
	make_session(who, 1);
	expect_repeat(10, 1);
	assert_true(verdict.settled);
	assert_int_equal(verdict.code, SRQ_SUPERSEDED);
	assert_memory_equal(&verdict.progress, &progress, sizeof(progress));

	/* Of a one-way command as well, and the other way stays as it is. */
	make_one_way(now.real_time);
	expect_run(12);
	srq_gate_settle(gate, 3, SRQ_WITHDRAWN, &progress);
	expect_repeat(12, 3);
	assert_true(verdict.settled);
	assert_int_equal(verdict.code, SRQ_WITHDRAWN);
	make_session(who, 1);
	expect_repeat(10, 1);
	assert_int_equal(verdict.code, SRQ_SUPERSEDED);
	/* A new command is not settled, whatever its place held before. */
	command.order++;
	expect_run(13);
	expect_repeat(13, 4);
	assert_false(verdict.settled);
	assert_int_equal(verdict.code, 0);
	/* No run has the number of a key that has accepted nothing. */
	srq_gate_settle(gate, 0, SRQ_SUPERSEDED, &progress);
	assert_false(other->one_way.accepted.settled);
}

static void judge_log(struct srq_operator *as, uint64_t epoch)
{
	struct srq_log log = { .epoch = epoch, .first = 42 };
	uint8_t body[SRQ_LONG_BODY];

	srq_write_log(body, sizeof(body), 11, &log);
	srq_gate_judge(gate, as, body, sizeof(body), &now, &verdict);
	assert_int_equal(verdict.id, 11);
}

static void expect_log_refusal(struct srq_operator *as, uint64_t epoch,
			       enum srq_code code)
{
	judge_log(as, epoch);
	assert_int_equal(verdict.action, SRQ_ACT_REFUSE);
	assert_int_equal(verdict.reply_type, SRQ_LOGDATA);
	assert_int_equal(verdict.code, code);
}

static void test_hello(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];

	(void)state;
	srq_write_hello(body, sizeof(body), 10);
	srq_gate_judge(gate, who, body, sizeof(body), &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_STATUS);
	assert_int_equal(verdict.id, 10);
}

/* A recording of a log request is void as soon as the epoch is another one. */
static void test_log(void **state)
{
	(void)state;
	who->may_read_log = true;
	judge_log(who, EPOCH);
	assert_int_equal(verdict.action, SRQ_ACT_LOG);
	assert_int_equal(verdict.log_first, 42);

	expect_log_refusal(who, 0, SRQ_WRONG_EPOCH);
	expect_log_refusal(who, OTHER_EPOCH, SRQ_WRONG_EPOCH);
	expect_log_refusal(other, EPOCH, SRQ_WRONG_EPOCH);
	expect_log_refusal(other, OTHER_EPOCH, SRQ_NOT_LOG);
	who->epoch++;
	expect_log_refusal(who, EPOCH, SRQ_WRONG_EPOCH);
}

/* A reply is never longer than its request: a short log request gets none. */
static void test_no_amplification(void **state)
{
	struct srq_log log = { .epoch = EPOCH };
	uint8_t body[SRQ_LONG_BODY];

	(void)state;
	who->may_read_log = true;
	srq_write_command(body, SRQ_LONG_BODY, 10, &command);
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	assert_int_equal(srq_gate_sequence(who), 0);
	srq_write_log(body, SRQ_SHORT_BODY, 10, &log);
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	srq_write_hello(body, SRQ_LONG_BODY, 10);
	srq_gate_judge(gate, who, body, SRQ_LONG_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	/* Nor does a body of another type, or one that claims a wrong length.
	 */
	srq_write_hello(body, SRQ_SHORT_BODY, 10);
	body[0] = 99;
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	body[0] = SRQ_STATUS;
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
	body[0] = SRQ_HELLO;
	body[3] = 15;
	srq_gate_judge(gate, who, body, SRQ_SHORT_BODY, &now, &verdict);
	assert_int_equal(verdict.action, SRQ_ACT_NOTHING);
}

/* The new table has `count` operators. The last one has the key id `last`, and
 * each has another line than before. */
static void change_table(unsigned int count, uint8_t last)
{
	struct srq_gate *next = new_gate(count);

	for (unsigned int i = 0; i < count; i++) {
		next->operators[i].since = now.boot_time;
		next->operators[i].epoch = 1000 + now.boot_time;
		next->operators[i].permitted = SRQ_ALL_LETTERS - 1;
	}
	next->operators[count - 1].keys.id[0] = last;
	srq_gate_inherit(next, gate);
	free(gate);
	gate = next;
	who = &gate->operators[count - 1];
}

/* A key that is in the table before and after a change keeps all of its past.
 */
static void test_inherit(void **state)
{
	struct srq_progress progress = { .count = 2, .finished = 2 };
	struct srq_operator before;

	(void)state;
	expect_run(10);
	srq_gate_settle(gate, 1, SRQ_OK, &progress);
	make_session(who, 5);
	now.rule_letters = 0;
	expect_used_up(11, SRQ_NOT_RULE);
	make_one_way(now.real_time);
	expect_used_up(20, SRQ_NOT_RULE);
	now.rule_letters = SRQ_ALL_LETTERS;
	make_one_way(now.real_time + 1);
	expect_run(21);
	who->lines[1] = (struct srq_lines){ .since = 7, .told = 3 };
	before = *who;
	who->may_read_log = true;
	strcpy(who->name, "carol");

	pass(20 * SRQ_SECOND);
	change_table(1, 1);
	assert_int_equal(who->epoch, EPOCH);
	assert_int_equal(who->since, before.since);
	assert_int_equal(who->last_used, before.last_used);
	assert_string_equal(who->last_letters, "sb");
	assert_memory_equal(&who->session, &before.session,
			    sizeof(who->session));
	assert_memory_equal(who->lines, before.lines, sizeof(who->lines));
	assert_memory_equal(&who->one_way, &before.one_way,
			    sizeof(who->one_way));
	/* Its line is the new one. */
	assert_int_equal(who->permitted, SRQ_ALL_LETTERS - 1);
	assert_false(who->may_read_log);
	assert_string_equal(who->name, "alice");

	make_session(who, 1);
	expect_repeat(10, 1);
	assert_true(verdict.settled);
	expect_refusal(12, SRQ_OLD_SEQUENCE);
	make_session(who, 5);
	expect_refusal(11, SRQ_NOT_RULE);
	make_session(who, 6);
	expect_run(12);
	assert_int_equal(verdict.run, 3); /* numbers go on */
	make_one_way(now.real_time - 20 * SRQ_SECOND);
	expect_refusal(20, SRQ_NOT_RULE);
	make_one_way(now.real_time - 20 * SRQ_SECOND + 1);
	expect_repeat(21, 2);
	expect_refusal(22, SRQ_OLD_STAMP);
	make_one_way(now.real_time - 20 * SRQ_SECOND + 2);
	expect_run(23);
}

/* A new key begins with nothing, and accepts no stamp from before it was set.
 */
static void test_new_key(void **state)
{
	uint64_t set = now.real_time;

	(void)state;
	expect_run(10);
	change_table(2, 9);
	assert_int_equal(who->epoch, 1000 + now.boot_time);
	assert_int_equal(who->since, now.boot_time);
	assert_int_equal(srq_gate_sequence(who), 0);
	assert_int_equal(who->last_used, 0);
	pass(20 * SRQ_SECOND);
	command.epoch = EPOCH;
	expect_refusal(11, SRQ_WRONG_EPOCH);
	make_one_way(set);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(set + 60 * SRQ_SECOND);
	expect_refusal(11, SRQ_CLOCK_OFF);
	pass(20 * SRQ_SECOND);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(set + 60 * SRQ_SECOND + 1);
	expect_run(11);
	make_session(who, 1);
	expect_run(12);
	assert_int_equal(gate->operators[0].epoch, EPOCH);
}

/* The key is taken away, and comes back. */
static void go_and_come_back(void)
{
	change_table(1, 1);
	pass(SRQ_SECOND);
	change_table(2, 2);
	assert_int_equal(who->epoch, 1000 + now.boot_time);
	assert_int_equal(who->since, now.boot_time);
	assert_int_equal(srq_gate_sequence(who), 0);
}

/* Time passes, and the host's clock is set to this time, which may be earlier:
 * so the age of the key alone does not tell an old stamp. */
static void pass_and_set(uint64_t ns, uint64_t real_time)
{
	pass(ns);
	now.real_time = real_time;
}

/* This stamp is used up, and nothing above it. */
static void expect_floor(uint64_t id, uint64_t stamp)
{
	pass_and_set(100 * SRQ_SECOND, stamp);
	make_one_way(stamp);
	expect_refusal(id, SRQ_OLD_STAMP);
	make_one_way(stamp + 1);
	expect_run(id + 1);
}

/*
 * A key that is taken away and comes back accepts no earlier stamp, and has
 * nothing else of its past.
 */
static void test_key_comes_back(void **state)
{
	uint64_t stamp;

	(void)state;
	who = other;
	make_session(who, 9);
	expect_run(8);
	/* The sender's clock is ahead, by less than the age of the key. */
	stamp = now.real_time + 50 * SRQ_SECOND;
	make_one_way(stamp);
	expect_run(10);
	go_and_come_back();
	expect_floor(10, stamp);
	/* Its newest stamp counts, and not the one before. */
	stamp = now.real_time + 50 * SRQ_SECOND;
	make_one_way(stamp);
	expect_run(20);
	go_and_come_back();
	expect_floor(20, stamp);
	/* It has no new command before it goes again. */
	stamp = now.real_time + 50 * SRQ_SECOND;
	make_one_way(stamp);
	expect_run(30);
	go_and_come_back();
	go_and_come_back();
	expect_floor(30, stamp);
}

/* Each key that was taken away has its own stamp, and no other key has it. */
static void test_other_keys_gone(void **state)
{
	(void)state;
	for (uint8_t key = 2; key < 5; key++) {
		change_table(2, key);
		who->since = 100 * SRQ_SECOND;
		pass(5 * SRQ_SECOND);
		make_one_way(now.real_time + 50 * SRQ_SECOND);
		expect_run(key);
	}
	change_table(2, 5);
	pass_and_set(100 * SRQ_SECOND, year_2026);
	make_one_way(year_2026);
	expect_run(10);
	change_table(2, 3);
	expect_floor(11, year_2026 + (5 + 5 + 50) * SRQ_SECOND);
}

/* A command that was refused has used up its stamp for the key that comes
 * back, too. */
static void test_refused_key_comes_back(void **state)
{
	const uint64_t stamp = now.real_time + 50 * SRQ_SECOND;

	(void)state;
	who = other;
	make_one_way(stamp);
	now.rule_letters = 0;
	expect_used_up(10, SRQ_NOT_RULE);
	now.rule_letters = SRQ_ALL_LETTERS;
	change_table(1, 1);
	change_table(2, 2);
	expect_floor(10, stamp);
}

/* The gate has no place for each of so many keys, but remembers all. */
static void test_many_keys_come_back(void **state)
{
	const uint8_t end = 2 + SRQ_GONE_MAX + 1;
	uint64_t stamps[2 + SRQ_GONE_MAX + 1];

	(void)state;
	for (uint8_t key = 2; key < end; key++) {
		change_table(2, key);
		pass(100 * SRQ_SECOND);
		stamps[key] = now.real_time - key;
		make_one_way(stamps[key]);
		expect_run(key);
		change_table(1, 1);
	}
	for (uint8_t key = 2; key < end; key++) {
		change_table(2, key);
		pass_and_set(200 * SRQ_SECOND, stamps[key]);
		make_one_way(stamps[key]);
		expect_refusal(key, SRQ_OLD_STAMP);
		change_table(1, 1);
	}
}

/* A key with this id comes, uses a stamp up, and is taken away. */
static void come_and_go(const uint8_t id[SRQ_KEY_ID_LEN])
{
	change_table(2, UINT8_MAX);
	memcpy(who->keys.id, id, SRQ_KEY_ID_LEN);
	memset(who->keys.request, 0x55, sizeof(who->keys.request));
	pass(100 * SRQ_SECOND);
	make_one_way(now.real_time);
	expect_run(1);
	change_table(1, 1);
}

/*
 * The ring keeps to its place. Eva does not see a step out of it into the next member.
 * So each id is one that this member could be taken for.
 */
static void test_ring_of_gone_keys(void **state)
{
	const unsigned int begin = 3 * SRQ_GONE_MAX;
	uint64_t stamps[2 * SRQ_GONE_MAX + 1];

	(void)state;
	gate->gone_next = begin;
	for (unsigned int i = 0; i <= 2 * SRQ_GONE_MAX; i++) {
		const struct srq_gone *gone;
		uint8_t id[SRQ_KEY_ID_LEN] = { 0 };

		memcpy(id, &gate->gone_next, sizeof(gate->gone_next));
		come_and_go(id);
		stamps[i] = command.order;
		gone = &gate->gone[i % SRQ_GONE_MAX];
		assert_memory_equal(gone->id, id, sizeof(id));
		assert_int_equal(gone->stamp, stamps[i]);
		assert_int_equal(gate->gone_next, begin + i + 1);
		assert_int_equal(gate->gone_beyond,
				 i < SRQ_GONE_MAX ? 0
						  : stamps[i - SRQ_GONE_MAX]);
	}
}

/* Keys that have used up no stamp need no place. */
static void test_unused_keys_need_no_place(void **state)
{
	(void)state;
	who = other;
	make_one_way(now.real_time + 50 * SRQ_SECOND);
	expect_run(1);
	for (uint8_t key = 10; key < 10 + SRQ_GONE_MAX; key++)
		change_table(2, key);
	change_table(2, 3);
	pass_and_set(100 * SRQ_SECOND, year_2026);
	make_one_way(year_2026);
	expect_run(2);
	change_table(2, 2);
	expect_floor(3, year_2026 + 50 * SRQ_SECOND);
}

/* Nor do keys that are still in the table. */
static void test_present_keys_need_no_place(void **state)
{
	const uint8_t count = SRQ_GONE_MAX + 1;

	(void)state;
	change_table(count, count);
	pass(100 * SRQ_SECOND);
	make_one_way(now.real_time + 50 * SRQ_SECOND);
	for (unsigned int i = 0; i < count; i++) {
		who = &gate->operators[i];
		expect_run(i);
	}
	change_table(count, count);
	change_table(count + 1, count + 1);
	pass_and_set(100 * SRQ_SECOND, year_2026);
	make_one_way(year_2026);
	expect_run(100);
}

/* The machine was restored from a snapshot: no recording is worth anything. */
static void test_renew(void **state)
{
	const uint64_t epochs[] = { 91, 92 };
	uint64_t restored = now.real_time;

	(void)state;
	make_one_way(restored + 50 * SRQ_SECOND);
	expect_run(9);
	make_session(who, 4);
	expect_run(10);
	command.order = 5;
	srq_gate_renew(gate, epochs, now.boot_time);
	assert_int_equal(gate->operators[0].epoch, 91);
	assert_int_equal(gate->operators[1].epoch, 92);
	assert_int_equal(gate->operators[0].since, now.boot_time);
	assert_int_equal(gate->operators[1].since, now.boot_time);
	expect_refusal(11, SRQ_WRONG_EPOCH);
	command.order = 4;
	expect_refusal(10, SRQ_WRONG_EPOCH);
	/* A stamp that is used up stays so. Another one is new if it was made
	 * after the key's age has begun anew. */
	make_one_way(restored);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(restored + 1);
	expect_refusal(11, SRQ_CLOCK_OFF);
	pass_and_set(100 * SRQ_SECOND, restored + 50 * SRQ_SECOND);
	make_one_way(restored + 50 * SRQ_SECOND);
	expect_repeat(9, 1);
	expect_refusal(11, SRQ_OLD_STAMP);
	now.real_time = restored + 100 * SRQ_SECOND;
	make_one_way(restored + 60 * SRQ_SECOND);
	expect_refusal(11, SRQ_OLD_STAMP);
	make_one_way(restored + 60 * SRQ_SECOND + 1);
	expect_run(11);
	judge_as(other, 12);
	assert_int_equal(verdict.action, SRQ_ACT_RUN);
	/* The numbers of the runs go on, and so do the sequences. */
	assert_int_equal(verdict.run, 4);
	assert_int_equal(srq_gate_sequence(who), 4);
	make_one_way(restored + 1);
	judge_as(other, 13);
	assert_int_equal(verdict.code, SRQ_OLD_STAMP);
	make_session(who, 5);
	expect_run(12);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find),
		TEST(test_session),
		TEST(test_nothing_to_repeat),
		TEST(test_sequences_are_per_key),
		TEST(test_epoch),
		TEST(test_sequence_step),
		TEST(test_deadline),
		TEST(test_sequence_is_judged_before_the_deadline),
		TEST(test_one_way),
		TEST(test_one_way_off),
		TEST(test_one_way_address),
		TEST(test_one_way_to_two_addresses),
		TEST(test_one_way_deadline),
		TEST(test_one_way_tolerance),
		TEST(test_one_way_ahead),
		TEST(test_one_way_ahead_after_a_panic),
		TEST(test_one_way_ahead_of_the_key),
		TEST(test_one_way_since_load),
		TEST(test_one_way_clock_set_after_load),
		TEST(test_steps),
		TEST(test_sixteen_steps),
		TEST(test_letters),
		TEST(test_run_gives_way_by_letters),
		TEST(test_run_of_each_letter),
		TEST(test_run_gives_way_to_its_owner),
		TEST(test_run_that_is_stuck),
		TEST(test_run_without_room),
		TEST(test_letters_before_the_run),
		TEST(test_busy_again),
		TEST(test_refused_is_used_up),
		TEST(test_malformed),
		TEST(test_still_permits),
		TEST(test_settle),
		TEST(test_hello),
		TEST(test_log),
		TEST(test_no_amplification),
		TEST(test_inherit),
		TEST(test_new_key),
		TEST(test_key_comes_back),
		TEST(test_other_keys_gone),
		TEST(test_refused_key_comes_back),
		TEST(test_many_keys_come_back),
		TEST(test_ring_of_gone_keys),
		TEST(test_unused_keys_need_no_place),
		TEST(test_present_keys_need_no_place),
		TEST(test_renew),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
