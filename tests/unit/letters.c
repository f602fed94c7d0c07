// SPDX-License-Identifier: GPL-2.0
/*
 * lib/letters: the names of the letters, both ways, and that the library says
 * of every character what core/letter says.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/letter.h"
#include "lib/sysrq.h"

/* Of the help of Linux 5.10 to 7.3, in the order of the letters' index */
static const char names[] =
	"0 loglevel 0, 1 loglevel 1, 2 loglevel 2, 3 loglevel 3, 4 loglevel 4, "
	"5 loglevel 5, 6 loglevel 6, 7 loglevel 7, 8 loglevel 8, 9 loglevel 9, "
	"b reboot, c crash, d show-all-locks, e terminate-all-tasks, "
	"f memory-full-oom-kill, g debug, h help, i kill-all-tasks, "
	"j thaw-filesystems, k sak, l show-backtrace-all-active-cpus, "
	"m show-memory-usage, n nice-all-RT-tasks, o poweroff, "
	"p show-registers, q show-all-timers, r unraw, s sync, "
	"t show-task-states, u unmount, v force-fb, w show-blocked-tasks, "
	"z dump-ftrace-buffer, D dump-sched-ext, R replay-kernel-logs, "
	"S reset-sched-ext, ";

static void test_names(void **state)
{
	char text[sizeof(names)] = "";
	size_t len = 0, longest = 0;

	(void)state;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		char letter = srq_letter_at(i);
		const char *name = sysrq_letter_name(letter);

		assert_non_null(name);
		if (strlen(name) > longest)
			longest = strlen(name);
		if (!name[1]) { /* its own name */
			assert_int_equal(name[0], letter);
			assert_int_equal(sysrq_letter_of_name(name), 0);
			continue;
		}
		assert_int_equal(sysrq_letter_of_name(name), letter);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%c %s, ", letter, name);
		assert_true(len < sizeof(text));
	}
	assert_string_equal(text, names);
	assert_true(longest <= SYSRQ_LETTER_NAME_MAX);
}

static void test_no_names(void **state)
{
	static const char *const bad[] = {
		"", "s", "syn", "syncs", "Sync", " sync", "loglevel", "all",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sysrq_letter_of_name(bad[i]), 0);
	for (int c = CHAR_MIN; c <= CHAR_MAX; c++)
		assert_int_equal(sysrq_letter_name((char)c) == NULL,
				 srq_letter_index(c) < 0);
}

static void test_as_core(void **state)
{
	(void)state;
	for (int c = CHAR_MIN; c <= CHAR_MAX; c++) {
		char letter = (char)c;

		assert_int_equal(sysrq_letter_ends_host(letter),
				 srq_letter_ends_host(c));
		assert_int_equal(sysrq_letter_prints(letter),
				 srq_letter_prints(c));
		assert_int_equal(sysrq_letter_reports(letter),
				 srq_letter_reports(c));
		assert_int_equal(sysrq_letter_harms(letter),
				 srq_letter_harms(c));
		assert_int_equal(sysrq_letter_bit(letter), srq_letter_bit(c));
	}
}

static void test_text(void **state)
{
	char text[SYSRQ_LETTERS + 1];

	(void)state;
	sysrq_letters_to_text(0, text);
	assert_string_equal(text, "");
	sysrq_letters_to_text(sysrq_letter_bit('s') | sysrq_letter_bit('9') |
				      sysrq_letter_bit('Z'),
			      text);
	assert_string_equal(text, "9sZ");
	/* Each of them, and not "all" */
	sysrq_letters_to_text(SRQ_ALL_LETTERS, text);
	assert_string_equal(text, "0123456789abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* As permissions are written: tests/unit/permissions.c has all their forms. */
static void test_words(void **state)
{
	char words[SYSRQ_WORDS_MAX];

	(void)state;
	sysrq_letters_to_words(0, words);
	assert_string_equal(words, "");
	sysrq_letters_to_words(sysrq_letter_bit('s') | sysrq_letter_bit('9') |
				       sysrq_letter_bit('R'),
			       words);
	assert_string_equal(words, "9,s,R");
	sysrq_letters_to_words(SRQ_ALL_LETTERS, words);
	assert_string_equal(words, "all");
	/* The longest words */
	sysrq_letters_to_words(SRQ_ALL_LETTERS & ~1ULL, words);
	assert_int_equal(strlen(words), 2 * (SYSRQ_LETTERS - 1) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),   cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_as_core), cmocka_unit_test(test_text),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("letters", tests, NULL, NULL);
}
