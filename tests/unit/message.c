// SPDX-License-Identifier: GPL-2.0
/*
 * core/message: a body that is not of its type, too short, too long or not
 * valid is not read. tests/unit/vectors.c proves that good bodies are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/message.h"

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
		cmocka_unit_test(test_bad_command),
		cmocka_unit_test(test_bad_result),
		cmocka_unit_test(test_bad_logdata),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
