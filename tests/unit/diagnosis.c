// SPDX-License-Identifier: GPL-2.0
/* The file of a diagnosis does not fill the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "client/press/diagnosis.h"

static void test_full(void **state)
{
	struct diagnosis d = { .file = tmpfile() };
	static const char line[] = "<6>[    1.000000] x\n";

	(void)state;
	assert_non_null(d.file);
	logtext_begin(&d.logtext, d.file);
	assert_true(diagnosis_write(&d, line, sizeof(line) - 1));
	assert_int_equal(d.size, sizeof(line) - 1);
	assert_false(diagnosis_full(&d));
	d.size = (256 << 20) - sizeof(line);
	assert_true(diagnosis_write(&d, line, sizeof(line) - 1));
	assert_false(diagnosis_full(&d));
	assert_true(diagnosis_write(&d, line, sizeof(line) - 1));
	assert_true(diagnosis_full(&d));
	assert_true(diagnosis_close(&d));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_full) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
