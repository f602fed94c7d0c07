// SPDX-License-Identifier: GPL-2.0
/*
 * A name whose look-up goes on gets no second thread, until the C library hangs for long. The
 * C library and the clock are stand-ins.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <time.h>
#include "client/hosts/resolve.h"
#include "lib/sysrq.h"

static const uint64_t timeout = 5 * SYSRQ_SECOND;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static unsigned int begun, ended; /* look-ups */
static bool may_end;
static uint64_t now;

uint64_t sysrq_now(void)
{
	uint64_t then;

	pthread_mutex_lock(&lock);
	then = now;
	pthread_mutex_unlock(&lock);
	return then;
}

int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **list)
{
	(void)name;
	(void)service;
	(void)hints;
	(void)list;
	pthread_mutex_lock(&lock);
	begun++;
	pthread_cond_broadcast(&change);
	while (!may_end)
		pthread_cond_wait(&change, &lock);
	ended++;
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
	return EAI_NONAME;
}

static unsigned int threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	const struct dirent *entry;
	unsigned int count = 0;

	assert_non_null(tasks);
	while ((entry = readdir(tasks)))
		count += entry->d_name[0] != '.';
	closedir(tasks);
	return count;
}

/* Wait until a counter is so high, for a minute at most. */
static void wait_for(const unsigned int *counter, unsigned int count)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 60;
	pthread_mutex_lock(&lock);
	while (*counter < count)
		assert_int_equal(
			pthread_cond_timedwait(&change, &lock, &deadline), 0);
	pthread_mutex_unlock(&lock);
}

/* So many look-ups go on, each with a thread. */
static void expect(unsigned int count)
{
	assert_int_equal(threads(), 1 + count);
	wait_for(&begun, count);
}

static void pass(uint64_t ns)
{
	pthread_mutex_lock(&lock);
	now += ns;
	pthread_mutex_unlock(&lock);
}

/* The time of the only look-up is over. */
static void expect_late(struct resolver *r, void *data)
{
	struct lookup lookup;

	pass(timeout);
	assert_true(resolver_next(r, sysrq_now(), &lookup));
	assert_ptr_equal(lookup.data, data);
	assert_non_null(lookup.problem);
	assert_false(lookup.of_here);
	assert_false(resolver_next(r, sysrq_now(), &lookup));
}

static void test_late(void **state)
{
	struct resolver *r = resolver_new(AF_UNSPEC, timeout);
	int targets[4];

	(void)state;
	assert_non_null(r);
	assert_true(resolver_add(r, "web7", 9, &targets[0]));
	expect(1);
	expect_late(r, &targets[0]);

	assert_true(resolver_add(r, "web7", 9, &targets[1]));
	expect_late(r, &targets[1]);
	expect(1);

	/* Another port is another look-up. */
	assert_true(resolver_add(r, "web7", 99, &targets[2]));
	expect(2);
	expect_late(r, &targets[2]);

	/* After a minute the first one is taken for hung. */
	pass(60 * SYSRQ_SECOND);
	assert_true(resolver_add(r, "web7", 9, &targets[3]));
	expect(3);
	expect_late(r, &targets[3]);

	resolver_free(r);
	pthread_mutex_lock(&lock);
	may_end = true;
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
	wait_for(&ended, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
