// SPDX-License-Identifier: GPL-2.0
/*
 * What the letters print is read to its end, whatever was being read when the
 * end became known. The host is a stand-in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "client/press/printed.h"

static struct sysrq_log reading;
static unsigned int readings;
static uint64_t asked_first, asked_end;
static const char *text = "";
static size_t text_len;

int sysrq_host_read_log(struct sysrq_host *host, uint64_t first, uint64_t end)
{
	(void)host;
	readings++;
	asked_first = first;
	asked_end = end;
	return 0;
}

void sysrq_host_stop_log(struct sysrq_host *host)
{
	(void)host;
}

const struct sysrq_log *sysrq_host_log(const struct sysrq_host *host)
{
	(void)host;
	return &reading;
}

const char *sysrq_host_text(const struct sysrq_host *host, size_t *len)
{
	(void)host;
	*len = text_len;
	return text;
}

static void expect_reading(unsigned int n, uint64_t first, uint64_t end)
{
	assert_int_equal(readings, n);
	assert_int_equal(asked_first, first);
	assert_int_equal(asked_end, end);
}

/* All that was asked for has been read, up to record next, not included. */
static void end_reading(struct printed *p, uint64_t next)
{
	static const struct sysrq_event event = { .type = SYSRQ_EVENT_LOG_END };

	reading = (struct sysrq_log){ .end = SYSRQ_END_CARRIED_OUT,
				      .next = next };
	printed_event(p, &event);
}

static int begin(void **state)
{
	(void)state;
	readings = 0;
	return 0;
}

/* A part is being read when the letter ends: the rest is read after it. */
static void test_rest(void **state)
{
	struct printed p = { 0 };

	(void)state;
	printed_read(&p, 100, 120);
	expect_reading(1, 100, 120);
	printed_read(&p, 100, PRINTED_ALL);
	expect_reading(1, 100, 120);
	end_reading(&p, 120);
	assert_false(printed_settled(&p));
	expect_reading(2, 120, PRINTED_ALL);
	end_reading(&p, 900);
	assert_true(printed_settled(&p));
	assert_int_equal(readings, 2);
}

static void test_more(void **state)
{
	struct printed p = { 0 };

	(void)state;
	printed_read(&p, 100, 120);
	printed_read(&p, 100, 130);
	end_reading(&p, 120);
	expect_reading(2, 120, 130);
	end_reading(&p, 130);
	assert_true(printed_settled(&p));
}

/* A host that promises more than it has does not keep us. */
static void test_promised(void **state)
{
	struct printed p = { 0 };

	(void)state;
	printed_read(&p, 100, 1000);
	end_reading(&p, 120);
	assert_true(printed_settled(&p));
	assert_int_equal(readings, 1);
}

/* Text that was taken leaves room for that of other hosts. */
static void test_room(void **state)
{
	static const struct sysrq_event event = { .type = SYSRQ_EVENT_TEXT };
	enum { HOSTS = 200, LEN = 1 << 20 };
	static struct printed p[HOSTS];
	char *long_text = test_calloc(1, LEN);

	(void)state;
	text = long_text;
	text_len = LEN;
	for (int i = 0; i < HOSTS; i++) {
		printed_event(&p[i], &event);
		assert_false(p[i].failed);
		assert_int_equal(p[i].len, LEN);
		printed_drop(&p[i], LEN - 1);
		assert_int_equal(p[i].len, 1);
		printed_drop(&p[i], 1);
		assert_int_equal(p[i].len, 0);
	}
	test_free(long_text);
}

/* Text that nobody takes is kept up to a limit, which all hosts share. */
static void test_no_room(void **state)
{
	static const struct sysrq_event event = { .type = SYSRQ_EVENT_TEXT };
	enum { HOSTS = 100, LEN = 1 << 20 };
	static struct printed p[HOSTS];
	char *long_text = test_calloc(1, LEN);

	(void)state;
	text = long_text;
	text_len = LEN;
	for (int i = 0; i < HOSTS; i++)
		printed_event(&p[i], &event);
	assert_false(p[0].no_room);
	assert_true(p[HOSTS - 1].no_room);
	assert_true(p[HOSTS - 1].failed);
	for (int i = 0; i < HOSTS; i++)
		printed_free(&p[i]);
	test_free(long_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rest, begin),
		cmocka_unit_test_setup(test_more, begin),
		cmocka_unit_test_setup(test_promised, begin),
		cmocka_unit_test_setup(test_room, begin),
		cmocka_unit_test_setup(test_no_room, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
