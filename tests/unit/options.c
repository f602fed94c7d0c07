// SPDX-License-Identifier: GPL-2.0
/*
 * client/options: a short option has a value in every subcommand or in none, so
 * that options may stand before the subcommand; and options_first() finds that
 * word.
 */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "client/options.h"
#include "client/subcommand.h"

static const struct command_line *const lines[] = {
	&press_line,  &status_line, &log_line,   &genkey_line,
	&pubkey_line, &known_line,  &setup_line,
};
enum { LINES = sizeof(lines) / sizeof(lines[0]) };

/* These are in main.c, which is no part of a test. */
void subcommands_show(void)
{
}

const char *subcommands_meant(const char *text)
{
	(void)text;
	return NULL;
}

/* 1: the option has a value. 0: it has none. -1: the line does not know it. */
static int short_value(const struct command_line *line, int letter)
{
	const char *known =
		letter == ':' ? NULL : strchr(line->letters, letter);

	return known ? known[1] == ':' : -1;
}

static int long_value(const struct command_line *line, const char *name)
{
	for (const struct option *o = line->options; o->name; o++) {
		if (!strcmp(o->name, name))
			return o->has_arg;
	}
	return -1;
}

static void test_values(void **state)
{
	(void)state;
	for (int i = 0; i < LINES; i++) {
		for (int j = 0; j < LINES; j++) {
			for (int c = '!'; c <= '~'; c++) {
				int a = short_value(lines[i], c);
				int b = short_value(lines[j], c);

				if (a != b && a >= 0 && b >= 0)
					fail_msg("-%c has a value, or not", c);
			}
			for (const struct option *o = lines[i]->options;
			     o->name; o++) {
				int b = long_value(lines[j], o->name);

				if (b >= 0 && b != o->has_arg)
					fail_msg("--%s has a value, or not",
						 o->name);
			}
		}
	}
}

/* Every short option that a long one stands for is known as a short one. */
static void test_letters(void **state)
{
	(void)state;
	for (int i = 0; i < LINES - 1; i++) { /* setup is a script */
		for (const struct option *o = lines[i]->options; o->name; o++) {
			if (o->val > ' ' && o->val <= '~')
				assert_int_equal(short_value(lines[i], o->val),
						 o->has_arg);
		}
		assert_int_equal(short_value(lines[i], 'h'), 0);
		assert_int_equal(short_value(lines[i], 'V'), 0);
	}
}

static void test_first(void **state)
{
	static const struct {
		int first;
		const char *argv[8];
	} cases[] = {
		{ 0, { "x" } },
		{ 1, { "x", "status", "web7" } },
		{ 3, { "x", "-p", "9", "status" } },
		{ 2, { "x", "-p9", "status" } },
		{ 3, { "x", "-4p", "9", "status" } },
		{ 2, { "x", "-4qy", "status" } },
		{ 2, { "x", "--port=9", "status" } },
		{ 3, { "x", "--port", "9", "status" } },
		{ 3, { "x", "--pass", "status", "log" } },
		{ 2, { "x", "--password", "status", "web7" } },
		{ 3, { "x", "--password-file", "status", "log" } },
		{ 3, { "x", "--key", "status", "log" } },
		{ 2, { "x", "--until-back", "status" } },
		{ 4, { "x", "-n", "-1", "-f", "log" } },
		{ 1, { "x", "-", "status" } },
		{ 0, { "x", "-4", "--", "status" } },
		{ 3, { "x", "-p", "--", "status" } },
		{ 0, { "x", "-p" } },
		{ 2, { "x", "--unknown", "status" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *argv[8];

		memcpy(argv, cases[i].argv, sizeof(argv));
		assert_int_equal(options_first(lines, LINES, argv),
				 cases[i].first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_first),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
