// SPDX-License-Identifier: GPL-2.0
/*
 * client/loop: a signal ends the waiting also while there is always something to
 * read. The functions of libsysrq and of targets.c are replaced here.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "client/hosts/targets.h"
#include "client/loop.h"

enum { STEPS_MOST = 100 };

static int flood[2]; /* a pipe with a byte that nobody reads */
static int steps;
static bool interrupted;

int sysrq_fd(const struct sysrq *ctx)
{
	(void)ctx;
	return flood[0];
}

bool sysrq_room(const struct sysrq *ctx)
{
	(void)ctx;
	return false;
}

/* The signal comes while the client works. */
void sysrq_process(struct sysrq *ctx)
{
	(void)ctx;
	if (!steps++)
		raise(SIGINT);
}

bool sysrq_next(struct sysrq *ctx, struct sysrq_event *event)
{
	(void)ctx;
	(void)event;
	return false;
}

uint64_t sysrq_deadline(const struct sysrq *ctx)
{
	(void)ctx;
	return UINT64_MAX;
}

uint64_t sysrq_now(void)
{
	return 0;
}

struct target *targets_next(struct targets *targets, uint64_t now)
{
	(void)targets;
	(void)now;
	return NULL;
}

int targets_fd(const struct targets *targets)
{
	(void)targets;
	return -1;
}

uint64_t targets_deadline(const struct targets *targets)
{
	(void)targets;
	return UINT64_MAX;
}

static uint64_t tick(void *data, uint64_t now)
{
	(void)data;
	(void)now;
	return LOOP_NEVER;
}

static bool interrupt(void *data)
{
	(void)data;
	interrupted = true;
	return true;
}

static bool finished(const void *data)
{
	(void)data;
	return interrupted || steps == STEPS_MOST;
}

static void test_flood(void **state)
{
	static const struct loop_calls calls = { .tick = tick,
						 .interrupt = interrupt,
						 .finished = finished };
	struct targets targets = { 0 };

	(void)state;
	signal(SIGINT, SIG_DFL); /* a job in the background ignores it */
	assert_int_equal(pipe(flood), 0);
	assert_int_equal(write(flood[1], "x", 1), 1);
	loop_run(&targets, &calls, NULL);
	assert_true(interrupted);
	assert_int_equal(steps, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
