// SPDX-License-Identifier: GPL-2.0
/*
 * client/hosts/keyring: a key file that could not be read is never taken for a pair,
 * however often it is asked for; it is read again each time, and once it is good, kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "client/hosts/keyfile.h"
#include "client/hosts/keyring.h"
#include "client/output/tell.h"

static const struct password_variable none = { .set = false };
/* Ask for the key of a host whose key file has this path. */
static enum exit_status ask(struct keyring *ring, const char *path,
			    struct shared *shared)
{
	const struct settings settings = { .key_file = (char *)path };
	const struct keyring_host host = { .name = "web7",
					   .settings = &settings };

	return keyring_get(ring, &host, host.name, shared);
}

static void test_bad_file(void **state)
{
	char path[] = "/tmp/keyring.XXXXXX";
	struct sysrq_public host = { { 9 } };
	struct keyring ring = { .variable = &none, .host = &host };
	struct sysrq_pair made;
	struct shared shared;
	char *told = NULL;
	size_t size;
	FILE *out = open_memstream(&told, &size);
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && out);
	close(fd);
	tell_into(out);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(&ring, path, &shared), EXIT_USAGE);
		assert_null(shared.pair);
		fflush(out);
		assert_non_null(strstr(told, "is not a private key"));
		rewind(out);
		memset(told, 0, size);
	}
	unlink(path);
	assert_int_equal(ask(&ring, path, &shared), EXIT_USAGE);
	assert_int_equal(keyfile_create(&made, path, true), EXIT_ALL_DONE);
	assert_int_equal(ask(&ring, path, &shared), EXIT_ALL_DONE);
	assert_memory_equal(shared.pair, &made, sizeof(made));
	unlink(path);
	assert_int_equal(ask(&ring, path, &shared), EXIT_ALL_DONE);
	assert_memory_equal(shared.pair, &made, sizeof(made));
	tell_into(NULL);
	keyring_clear(&ring);
	fclose(out);
	free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
