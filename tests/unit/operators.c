// SPDX-License-Identifier: GPL-2.0
/*
 * core/operators reads every form of a good table. It refuses a bad line with a
 * sentence, and leaves nothing of the line's key behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/operators.h"

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA="

static struct srq_operators_reader reader;
static struct srq_operators_line line;
static const char *fault;

static void begin(const char *text)
{
	srq_operators_begin(&reader, text, strlen(text));
}

static void expect_line(const char *name, uint8_t first_of_key,
			const char *permissions)
{
	char text[SRQ_PERMISSIONS_TEXT_MAX];

	assert_int_equal(srq_operators_next(&reader, &line, &fault),
			 SRQ_OPERATORS_LINE);
	assert_string_equal(line.name, name);
	assert_int_equal(line.key[0], first_of_key);
	srq_permissions_to_text(text, line.permitted, line.may_read_log);
	assert_string_equal(text, permissions);
}

static void expect_end(unsigned int count)
{
	assert_int_equal(srq_operators_next(&reader, &line, &fault),
			 SRQ_OPERATORS_END);
	assert_int_equal(reader.count, count);
}

static void test_good(void **state)
{
	(void)state;
	begin("# the day shift\n"
	      "\n"
	      "alice " KEY_A " all log\n"
	      "alice\t" KEY_B " \ts u\tb # her next key\n"
	      "  bob@night-2.b_c " KEY_A "  s,u,b,log\r\n"
	      "c " KEY_A " log#only\n"
	      "d " KEY_A " sync, unmount, 9");
	expect_line("alice", 0, "all,log");
	assert_int_equal(reader.line, 3);
	expect_line("alice", 0xff, "b,s,u");
	expect_line("bob@night-2.b_c", 0, "b,s,u,log");
	expect_line("c", 0, "log");
	/* Without a newline at its end */
	expect_line("d", 0, "9,s,u");
	assert_int_equal(reader.line, 7);
	expect_end(5);
	expect_end(5);
}

static void test_nothing(void **state)
{
	(void)state;
	begin("");
	expect_end(0);
	begin("\n# nobody\n   \n\t#");
	expect_end(0);
}

/* The text ends where its length says, and not where its memory ends. */
static void test_length(void **state)
{
	static const char text[] = "a " KEY_A " s u b\nb " KEY_A " !";

	(void)state;
	srq_operators_begin(&reader, text, strchr(text, '\n') - text + 1);
	expect_line("a", 0, "b,s,u");
	expect_end(1);
}

static void test_bad(void **state)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "alice", "no key: expected a name, a key and permissions" },
		{ "alice # " KEY_A " all", "no key: expected a name, a key" },
		{ "alice " KEY_A, "no permission given" },
		{ "alice " KEY_A " # all", "no permission given" },
		{ "alice " KEY_A " s log x x x x", "permission 'x' given" },
		{ "alice all", "44 characters of base64" },
		{ "alice all " KEY_A, "44 characters of base64" },
		{ "0123456789012345678901234567890x " KEY_A " s",
		  "longer than 31" },
		{ "a/b " KEY_A " s", "a character other than a-z, A-Z, 0-9" },
		{ "a\"b " KEY_A " s", "the name has a character" },
		{ "\xc3\xa4 " KEY_A " s", "the name has a character" },
		{ "a\x01 " KEY_A " s", "the name has a character" },
		{ "passwd " KEY_A " s",
		  "reserved for the password's operator" },
		{ "a " KEY_A "= s", "44 characters of base64" },
		{ "a AAEC s", "44 characters of base64" },
		{ "a _" KEY_A " s", "44 characters of base64" },
		{ "a !AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= s",
		  "44 characters of base64" },
		{ "a " KEY_A " sub", "permission 'sub' given" },
		{ "a " KEY_A " all,l\xf6g", "unknown permission given" },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
			 "ok %s s u b\n# and\n%s\nafter %s b", KEY_B,
			 cases[i].text, KEY_B);
		begin(text);
		expect_line("ok", 0xff, "b,s,u");
		assert_int_equal(srq_operators_next(&reader, &line, &fault),
				 SRQ_OPERATORS_FAULT);
		assert_int_equal(reader.line, 3);
		if (!strstr(fault, cases[i].fault))
			fail_msg("%s: %s", cases[i].text, fault);
		/* The key of a bad line is wiped. */
		for (size_t j = 0; j < sizeof(line.key); j++)
			assert_int_equal(line.key[j], 0);
	}
	begin("0123456789012345678901234567890 " KEY_A " s");
	expect_line("0123456789012345678901234567890", 0, "s");
}

/* A private key is somebody's mistake: the sentence says which key is wanted,
 * and quotes nothing. */
static void test_private(void **state)
{
	static const char *const keys[] = {
		"sysrq-private:" KEY_A, "sysrq-private:", "sysrq-private:AAEC"
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		snprintf(text, sizeof(text), "alice %s all\n", keys[i]);
		begin(text);
		assert_int_equal(srq_operators_next(&reader, &line, &fault),
				 SRQ_OPERATORS_FAULT);
		assert_non_null(strstr(fault, "the key is a private one"));
		assert_non_null(strstr(fault, "send_sysrq pubkey prints"));
		assert_null(strstr(fault, "AAEC"));
	}
}

static void test_too_many(void **state)
{
	static char text[(SRQ_OPERATORS_MAX + 1) * 64];
	size_t len = 0;

	(void)state;
	for (int i = 0; i <= SRQ_OPERATORS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"op%d " KEY_A " s\n", i);
	begin(text);
	for (int i = 0; i < SRQ_OPERATORS_MAX; i++)
		assert_int_equal(srq_operators_next(&reader, &line, &fault),
				 SRQ_OPERATORS_LINE);
	assert_int_equal(srq_operators_next(&reader, &line, &fault),
			 SRQ_OPERATORS_FAULT);
	assert_int_equal(reader.line, SRQ_OPERATORS_MAX + 1);
	assert_string_equal(fault, "more than 256 operators");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),    cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_length),  cmocka_unit_test(test_bad),
		cmocka_unit_test(test_private), cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("operators", tests, NULL, NULL);
}
