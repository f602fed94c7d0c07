// SPDX-License-Identifier: GPL-2.0
/*
 * core/message: each field of a body is where docs/protocol.md has it. A body
 * that is not of its type, too short, too long or not valid is not read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "tests/unit/fields.h"

static uint64_t draw(void)
{
	static uint64_t state = 1;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1dULL;
}

static void draw_bytes(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(draw() >> 30);
}

/* The numbers of a body that have limits, within them */
static void limit(const struct kind *kind, uint8_t *body)
{
	if (kind->type == SRQ_COMMAND) {
		body[48] = (uint8_t)(1 + draw() % 16);
		memset(body + 56 + 8 * body[48], 0, 8 * (16u - body[48]));
		for (int i = 0; i < body[48]; i++) {
			body[60 + 8 * i] = 0;
			body[61 + 8 * i] %= 9; /* 600,000 is 0x927c0 */
		}
	}
	if (kind->type == SRQ_RESULT) {
		body[56] = (uint8_t)(draw() % 17);
		body[57] %= body[56] + 1;
	}
}

/* Fills in the fields with random bytes, and all else with zeros. A name has
 * any length, up to the whole of its place. */
static void draw_body(const struct kind *kind, uint8_t *body, bool is_reply)
{
	size_t len = kind->length;

	memset(body, 0, kind->body_len);
	if (kind->type == SRQ_LOGDATA) {
		len += draw() % (kind->body_len - len + 1);
		draw_bytes(body + 48, len - 48);
	}
	body[0] = kind->type;
	body[1] = is_reply ? (uint8_t)draw() : 0;
	body[2] = (uint8_t)(len >> 8);
	body[3] = (uint8_t)len;
	draw_bytes(body + 8, 8);
	for (size_t i = 0; i < kind->count; i++) {
		const struct field *f = &kind->fields[i];

		draw_bytes(body + f->at, f->len);
		if (f->bit)
			memset(body + f->at, 0, f->len - 1);
		if (f->bit)
			body[f->at + f->len - 1] &= f->len == 4 ? 15 : 1;
		if (f->len == SRQ_NAME_LEN) {
			uint64_t end = draw() % (SRQ_NAME_LEN + 1);

			for (uint64_t j = 0; j < SRQ_NAME_LEN; j++)
				body[f->at + j] |= j < end;
			memset(body + f->at + end, 0, SRQ_NAME_LEN - end);
		}
	}
	limit(kind, body);
}

/* Fills with random bytes what belongs to no field. */
static void draw_reserved(const struct kind *kind, uint8_t *body)
{
	bool taken[SRQ_LONG_BODY] = { false };
	size_t end = (size_t)body[2] << 8 | body[3];

	memset(taken, true, 4);
	memset(taken + 8, true, 8);
	for (size_t i = 0; i < kind->count; i++)
		memset(taken + kind->fields[i].at, true, kind->fields[i].len);
	if (kind->type == SRQ_LOGDATA)
		memset(taken + 48, true, end - 48);
	for (size_t i = 0; i < kind->body_len; i++) {
		if (!taken[i])
			body[i] = (uint8_t)draw();
	}
	for (size_t i = 0; i < kind->count; i++) {
		if (kind->fields[i].bit)
			body[kind->fields[i].at] = (uint8_t)draw();
	}
}

static void expect_read(const struct kind *kind, const uint8_t *body)
{
	union message read;
	const char *field;

	memset(&read, 0xa5, sizeof(read));
	assert_true(read_message(kind, body, &read));
	field = differs(kind, body, &read);
	if (field)
		fail_msg("%s is read wrongly", field);
	if (kind->type == SRQ_LOGDATA) {
		assert_int_equal(read.logdata.text_len,
				 big_endian(body + 2, 2) - 48);
		assert_ptr_equal(read.logdata.text, body + 48);
	}
}

static void test_fields(void **state)
{
	(void)state;
	for (int n = 0; n < 1000 * KINDS; n++) {
		const struct kind *kind = &kinds[n % KINDS];
		uint8_t body[SRQ_LONG_BODY], written[SRQ_LONG_BODY];
		bool has_code =
			kind->type == SRQ_RESULT || kind->type == SRQ_LOGDATA;
		struct srq_header header;
		union message message;

		draw_body(kind, body, has_code);
		assert_true(srq_read_header(body, kind->body_len, &header));
		assert_int_equal(header.type, kind->type);
		assert_int_equal(header.code, body[1]);
		assert_int_equal(header.length, big_endian(body + 2, 2));
		assert_int_equal(header.id, big_endian(body + 8, 8));
		expect_read(kind, body);

		take_apart(kind, body, &message);
		memset(written, 0xa5, sizeof(written));
		write_message(kind, written, header.id, header.code, &message);
		assert_memory_equal(written, body, kind->body_len);

		/* Reserved bytes mean nothing, nor does the padding. */
		draw_reserved(kind, body);
		expect_read(kind, body);
	}
}

/* No kind of body is read as another one, or when it claims a byte less. */
static void test_other_kinds(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		const struct kind *kind = &kinds[i];
		uint8_t body[SRQ_LONG_BODY];
		union message message;

		if (kind->type == SRQ_HELLO)
			continue;
		memset(body, 0, sizeof(body));
		draw_body(kind, body, false);
		body[2] = (uint8_t)(kind->length >> 8);
		body[3] = (uint8_t)kind->length;
		assert_true(read_message(kind, body, &message));
		for (int type = 0; type < 256; type++) {
			body[0] = (uint8_t)type;
			assert_int_equal(read_message(kind, body, &message),
					 type == (int)kind->type);
		}
		body[0] = (uint8_t)kind->type;
		body[3]--;
		assert_false(read_message(kind, body, &message));
		body[3]++;
		assert_true(read_message(kind, body, &message));
		/* It claims as much as there is, or a byte more. */
		body[2] = (uint8_t)(kind->body_len >> 8);
		body[3] = (uint8_t)kind->body_len;
		assert_true(read_message(kind, body, &message));
		body[2] = (uint8_t)((kind->body_len + 1) >> 8);
		body[3] = (uint8_t)(kind->body_len + 1);
		assert_false(read_message(kind, body, &message));
	}
}

static void test_bad_header(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_header header;

	(void)state;
	srq_write_hello(body, sizeof(body), 1);
	assert_true(srq_read_header(body, sizeof(body), &header));
	body[3] = 15;
	assert_false(srq_read_header(body, sizeof(body), &header));
	body[3] = 16;
	body[2] = 1; /* 272 of 268 bytes */
	assert_false(srq_read_header(body, sizeof(body), &header));
	body[3] = 12;
	assert_true(srq_read_header(body, sizeof(body), &header));
	body[3] = 13;
	assert_false(srq_read_header(body, sizeof(body), &header));
}

/* A name that has no end within its place is cut, and nothing behind it. */
static void test_long_name(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_status status = { .reboots_in = 7 }, read;

	(void)state;
	memset(status.node, 'n', sizeof(status.node));
	memset(status.release, 'r', sizeof(status.release));
	srq_write_status(body, sizeof(body), 1, &status);
	assert_true(srq_read_status(body, sizeof(body), &read));
	assert_int_equal(strlen(read.node), 64);
	assert_int_equal(strlen(read.release), 64);
	assert_int_equal(strspn(read.node, "n"), 64);
	assert_int_equal(strspn(read.release, "r"), 64);
	assert_int_equal(read.reboots_in, 7);
	status.release[0] = '\0';
	srq_write_status(body, sizeof(body), 1, &status);
	assert_int_equal(body[112 + 63], 'n');
	for (int i = 176; i < 240; i++)
		assert_int_equal(body[i], 0);
}

/* The text is in its place already. */
static void test_text_in_place(void **state)
{
	uint8_t log[SRQ_LONG_BODY], expected[SRQ_LONG_BODY];
	struct srq_logdata logdata = { .first = 4, .text_len = 3 };

	(void)state;
	memset(log, 0xa5, sizeof(log));
	memcpy(log + 48, "abc", 3);
	srq_write_logdata(log, sizeof(log), 1, 3, &logdata);
	logdata.text = "abc";
	srq_write_logdata(expected, sizeof(expected), 1, 3, &logdata);
	assert_memory_equal(log, expected, sizeof(log));
	assert_int_equal(log[1], SRQ_TEXT_CUT);
}

/* The numbers of types, codes, states and limits are those of the document. */
static void test_numbers(void **state)
{
	static const int pairs[][2] = {
		{ SRQ_OK, 0 },
		{ SRQ_RUNNING, 1 },
		{ SRQ_SUPERSEDED, 2 },
		{ SRQ_TEXT_CUT, 3 },
		{ SRQ_WITHDRAWN, 4 },
		{ SRQ_WRONG_EPOCH, 16 },
		{ SRQ_OLD_SEQUENCE, 17 },
		{ SRQ_ONE_WAY_OFF, 18 },
		{ SRQ_CLOCK_OFF, 19 },
		{ SRQ_OLD_STAMP, 20 },
		{ SRQ_WRONG_ADDRESS, 21 },
		{ SRQ_DEADLINE, 22 },
		{ SRQ_BUSY, 23 },
		{ SRQ_NOT_OPERATOR, 32 },
		{ SRQ_NOT_MASK, 33 },
		{ SRQ_NOT_RULE, 34 },
		{ SRQ_NO_SUCH_LETTER, 35 },
		{ SRQ_NOT_LOG, 36 },
		{ SRQ_MALFORMED, 48 },
		{ SRQ_STEP_PENDING, 0 },
		{ SRQ_STEP_PRESSED, 1 },
		{ SRQ_STEP_DONE, 2 },
		{ SRQ_STEP_COMPLETE, 3 },
		{ SRQ_STEP_TIMED_OUT, 4 },
		{ SRQ_STEP_DROPPED, 5 },
		{ SRQ_STEP_WITHDRAWN, 6 },
		{ SRQ_STEP_POINTLESS, 7 },
		{ SRQ_STEPS_MAX, 16 },
		{ SRQ_WAIT_MAX_MS, 600000 },
		{ SRQ_UNTIL_COMPLETE, 1 },
		{ SRQ_SHORT, 320 },
		{ SRQ_LONG, 1232 },
		{ SRQ_LOGDATA_TEXT_AT, 48 },
		{ SRQ_LOGDATA_TEXT_MAX, 1232 - 36 - 16 - 48 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_int_equal(pairs[i][0], pairs[i][1]);
}

static void test_bad_command(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_command command = {
		.count = 2,
		.steps = { { 's', 0, 0 }, { 'b', 0, 0 } },
	};
	struct srq_header header;

	(void)state;
	srq_write_command(body, sizeof(body), 1, &command);
	assert_true(srq_read_command(body, sizeof(body), &command));
	body[48] = 0;
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[48] = SRQ_STEPS_MAX + 1;
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[48] = 2;
	body[3]--; /* shorter than a command is */
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[3]++;
	body[2] = 2; /* longer than the datagram */
	assert_false(srq_read_command(body, sizeof(body), &command));
	assert_false(srq_read_header(body, sizeof(body), &header));
	body[2] = 0;
	body[60] = 0xff; /* first wait: too long */
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[60] = 0;
	memcpy(body + 68, "\x00\x09\x27\xc1", 4); /* the second one, by 1 */
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[71]--;
	assert_true(srq_read_command(body, sizeof(body), &command));
	assert_int_equal(command.steps[1].wait_ms, 600000);
	body[76] = 0xff; /* behind the last step, nothing matters */
	body[72] = 'x';
	assert_true(srq_read_command(body, sizeof(body), &command));
	assert_int_equal(command.steps[2].letter, 0);
	assert_int_equal(command.steps[2].wait_ms, 0);
	body[48] = SRQ_STEPS_MAX;
	body[76] = 0;
	assert_true(srq_read_command(body, sizeof(body), &command));
	body[0] = SRQ_HELLO;
	assert_false(srq_read_command(body, sizeof(body), &command));
}

static void test_bad_result(void **state)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_result result = { .progress = { .count = 2 } };

	(void)state;
	srq_write_result(body, sizeof(body), 1, 0, &result);
	body[57] = 3; /* more finished than there are */
	assert_false(srq_read_result(body, sizeof(body), &result));
	body[57] = 2;
	assert_true(srq_read_result(body, sizeof(body), &result));
	body[56] = SRQ_STEPS_MAX + 1;
	assert_false(srq_read_result(body, sizeof(body), &result));
}

static void test_bad_logdata(void **state)
{
	uint8_t log[SRQ_LONG_BODY];
	struct srq_logdata logdata = { .text_len = 3, .text = "abc" };

	(void)state;
	srq_write_logdata(log, sizeof(log), 1, 0, &logdata);
	assert_true(srq_read_logdata(log, sizeof(log), &logdata));
	assert_int_equal(logdata.text_len, 3);
	assert_memory_equal(logdata.text, "abc", 3);
	log[3] = SRQ_LOGDATA_TEXT_AT - 1;
	assert_false(srq_read_logdata(log, sizeof(log), &logdata));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_bad_header),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_text_in_place),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bad_command),
		cmocka_unit_test(test_bad_result),
		cmocka_unit_test(test_bad_logdata),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
