// SPDX-License-Identifier: GPL-2.0
/*
 * client/hosts/proof: only a host that has booted after the command counts as rebooted, and
 * only one whose kernel says that it has panicked counts as off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/hosts/proof.h"

/* The command was sent 100 s after this machine's boot, the question 30 s later. */
static const struct proof proof = { .epoch = 7,
				    .sent = 100 * SYSRQ_SECOND,
				    .asked = 130 * SYSRQ_SECOND };

static struct sysrq_status status_of(uint64_t epoch, uint64_t up_seconds)
{
	return (struct sysrq_status){ .epoch = epoch,
				      .boot_time = up_seconds * SYSRQ_SECOND,
				      .heard = 131 * SYSRQ_SECOND };
}

static void test_reboot(void **state)
{
	struct sysrq_status status = status_of(8, 29);

	(void)state;
	assert_true(proof_of_reboot(&proof, &status));
	assert_true(proof_of_on(&proof, &status));
	status.panicked = true; /* it booted, and has panicked since */
	assert_true(proof_of_reboot(&proof, &status));
	assert_false(proof_of_on(&proof, &status));
}

static void test_no_reboot(void **state)
{
	const struct sysrq_status same = status_of(7, 29),
				  longer = status_of(8, 30),
				  short_time = status_of(8, 29),
				  day = status_of(8, 86400);
	struct sysrq_status restored = status_of(8, 3);
	struct proof before = proof;

	(void)state;
	assert_false(proof_of_reboot(&proof, &same));
	assert_false(proof_of_reboot(&proof, &day));
	/* At the answer it is less than 31 s, but the answer may have been held. */
	assert_false(proof_of_reboot(&proof, &longer));
	before.epoch = 0; /* not known: the time alone decides */
	assert_true(proof_of_reboot(&before, &short_time));
	assert_false(proof_of_reboot(&before, &longer));
	before.asked = before.sent - 1;
	assert_false(proof_of_reboot(&before, &day));
	restored.restored = true; /* from a snapshot of its first seconds */
	assert_false(proof_of_reboot(&proof, &restored));
	assert_false(proof_of_on(&proof, &restored));
	restored.panicked = true;
	restored.cpus = 1;
	assert_false(proof_of_off(&proof, &restored));
}

static void test_off(void **state)
{
	struct sysrq_status status = status_of(7, 86400);
	struct proof before = proof;

	(void)state;
	assert_false(proof_of_off(&proof, &status));
	status.panicked = true;
	assert_false(proof_of_off(&proof, &status));
	status.cpus = 2; /* one of them was not stopped */
	assert_false(proof_of_off(&proof, &status));
	status.cpus = 1;
	assert_true(proof_of_off(&proof, &status));
	assert_false(proof_of_reboot(&proof, &status));
	status.epoch = 8; /* another machine with this key */
	assert_false(proof_of_off(&proof, &status));
	status.boot_time =
		29 * SYSRQ_SECOND; /* it rebooted, and panicked then */
	assert_true(proof_of_off(&proof, &status));
	status.epoch = 7;
	before.asked = before.sent;
	assert_false(proof_of_off(&before, &status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reboot),
		cmocka_unit_test(test_no_reboot),
		cmocka_unit_test(test_off),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
