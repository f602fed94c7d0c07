// SPDX-License-Identifier: GPL-2.0
/*
 * core/permissions: each line that somebody could write means what it says, or
 * is refused with a sentence that says what to write. What is written can be
 * read, and means the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/operators.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EXPECTED \
	" given, expected a letter or a name that send_sysrq --help lists, "
#define BAD(word)          "permission '" word "'" EXPECTED "loglevel, all or log"
#define ROW(word, letters) BAD(word) "; to permit its letters write " letters
/* A word that may be a part of a secret is not shown. */
#define UNKNOWN "unknown permission" EXPECTED "loglevel, all or log"
#define COMMA   "a comma has no permission before or behind it"
#define NOTHING \
	"no permission given, expected one or more, such as s,u,b or all"

#define KEY      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define EVERY    "*" /* all 62 letters */
#define LOGLEVEL "0123456789"

enum { NO_LOG, LOG };

/* What stands behind name and key: the letters that it permits, or its fault */
static const struct {
	const char *text, *letters;
	bool may_read_log;
	const char *fault;
} lines[] = {
	/* As the manual has them */
	{ "all log", EVERY, LOG, NULL },
	{ "all,log", EVERY, LOG, NULL },
	{ "all", EVERY, NO_LOG, NULL },
	{ "log", "", LOG, NULL },
	{ "s u b", "sub", NO_LOG, NULL },
	{ "s,u,b", "sub", NO_LOG, NULL },
	{ "sync,unmount,reboot", "sub", NO_LOG, NULL },
	{ "sync unmount reboot log", "sub", LOG, NULL },
	{ "loglevel", LOGLEVEL, NO_LOG, NULL },
	{ "loglevel s", LOGLEVEL "s", NO_LOG, NULL },
	/* Any gap, any order, and more than once */
	{ "s, u, b", "sub", NO_LOG, NULL },
	{ "s ,u\t,\tb", "sub", NO_LOG, NULL },
	{ "  s\t u  \tb \r", "sub", NO_LOG, NULL },
	{ "log all", EVERY, LOG, NULL },
	{ "log,log", "", LOG, NULL },
	{ "b u s s", "sub", NO_LOG, NULL },
	{ "s sync", "s", NO_LOG, NULL },
	{ "all s", EVERY, NO_LOG, NULL },
	{ "s all", EVERY, NO_LOG, NULL },
	{ "loglevel 7", LOGLEVEL, NO_LOG, NULL },
	{ "s # u b", "s", NO_LOG, NULL },
	{ "s#ub", "s", NO_LOG, NULL },
	/* Letters and names that look like something else */
	{ "l o g", "log", NO_LOG, NULL },
	{ "l,o,g", "log", NO_LOG, NULL },
	{ "7", "7", NO_LOG, NULL },
	{ "0 9", "09", NO_LOG, NULL },
	{ "R D S", "RDS", NO_LOG, NULL },
	{ "help", "h", NO_LOG, NULL },
	{ "debug", "g", NO_LOG, NULL },
	{ "sak", "k", NO_LOG, NULL },
	{ "kill-all-tasks", "i", NO_LOG, NULL },
	{ "nice-all-RT-tasks", "n", NO_LOG, NULL },
	{ "show-blocked-tasks,show-memory-usage", "wm", NO_LOG, NULL },
	/* Several letters in a row */
	{ "sub", NULL, 0, ROW("sub", "s,u,b") },
	{ "su", NULL, 0, ROW("su", "s,u") },
	{ "reisub", NULL, 0, ROW("reisub", "r,e,i,s,u,b") },
	{ "sub log", NULL, 0, ROW("sub", "s,u,b") },
	{ "all,sub", NULL, 0, ROW("sub", "s,u,b") },
	{ "s ub", NULL, 0, ROW("ub", "u,b") },
	{ "hmwt", NULL, 0, ROW("hmwt", "h,m,w,t") },
	{ "0123456789", NULL, 0, ROW("0123456789", "0,1,2,3,4,5,6,7,8,9") },
	{ "42", NULL, 0, ROW("42", "4,2") },
	{ "logs", NULL, 0, ROW("logs", "l,o,g,s") },
	{ "gol", NULL, 0, ROW("gol", "g,o,l") },
	{ "sisub", NULL, 0, BAD("sisub") },
	{ "abc", NULL, 0, BAD("abc") },
	{ "a-z", NULL, 0, BAD("a-z") },
	{ "0-9", NULL, 0, BAD("0-9") },
	/* Words that say no */
	{ "no", NULL, 0, ROW("no", "n,o") },
	{ "none", NULL, 0, BAD("none") },
	{ "nothing", NULL, 0, BAD("nothing") },
	{ "nobody", NULL, 0, BAD("nobody") },
	{ "nologin", NULL, 0, BAD("nologin") },
	{ "nolog", NULL, 0, BAD("nolog") },
	{ "false", NULL, 0, BAD("false") },
	{ "off", NULL, 0, BAD("off") },
	{ "disabled", NULL, 0, BAD("disabled") },
	{ "deny", NULL, 0, BAD("deny") },
	{ "null", NULL, 0, BAD("null") },
	{ "-", NULL, 0, BAD("-") },
	{ "all -b", NULL, 0, BAD("-b") },
	{ "all,!b", NULL, 0, UNKNOWN },
	{ "all except b", NULL, 0, BAD("except") },
	{ "all no-reboot", NULL, 0, BAD("no-reboot") },
	{ "all but reboot", NULL, 0, ROW("but", "b,u,t") },
	{ "b=no", NULL, 0, BAD("b=no") },
	/* Words that say yes */
	{ "yes", NULL, 0, BAD("yes") },
	{ "true", NULL, 0, ROW("true", "t,r,u,e") },
	{ "on", NULL, 0, ROW("on", "o,n") },
	{ "any", NULL, 0, BAD("any") },
	{ "everything", NULL, 0, BAD("everything") },
	{ "full", NULL, 0, BAD("full") },
	{ "root", NULL, 0, BAD("root") },
	{ "admin", NULL, 0, BAD("admin") },
	{ "*", NULL, 0, UNKNOWN },
	{ "rw", NULL, 0, ROW("rw", "r,w") },
	{ "1+8", NULL, 0, UNKNOWN },
	{ "0x1", NULL, 0, BAD("0x1") },
	{ "438", NULL, 0, ROW("438", "4,3,8") },
	/* Capitals */
	{ "ALL", NULL, 0, BAD("ALL") },
	{ "All", NULL, 0, BAD("All") },
	{ "LOG", NULL, 0, BAD("LOG") },
	{ "all,Log", NULL, 0, BAD("Log") },
	{ "Sync", NULL, 0, BAD("Sync") },
	{ "SYNC", NULL, 0, BAD("SYNC") },
	{ "SUB", NULL, 0, BAD("SUB") },
	{ "B", NULL, 0, BAD("B") },
	{ "s,U,b", NULL, 0, BAD("U") },
	{ "nice-all-rt-tasks", NULL, 0, BAD("nice-all-rt-tasks") },
	/* Names that are not the kernel's */
	{ "syncs", NULL, 0, BAD("syncs") },
	{ "umount", NULL, 0, BAD("umount") },
	{ "remount", NULL, 0, ROW("remount", "r,e,m,o,u,n,t") },
	{ "shutdown", NULL, 0, ROW("shutdown", "s,h,u,t,d,o,w,n") },
	{ "power-off", NULL, 0, BAD("power-off") },
	{ "restart", NULL, 0, BAD("restart") },
	{ "rebooting", NULL, 0, BAD("rebooting") },
	{ "terminate", NULL, 0, BAD("terminate") },
	{ "kill", NULL, 0, BAD("kill") },
	{ "oom", NULL, 0, BAD("oom") },
	{ "status", NULL, 0, BAD("status") },
	{ "safe-reboot", NULL, 0, BAD("safe-reboot") },
	{ "diagnose", NULL, 0, BAD("diagnose") },
	{ "dmesg", NULL, 0, ROW("dmesg", "d,m,e,s,g") },
	{ "loglevels", NULL, 0, BAD("loglevels") },
	{ "loglevel7", NULL, 0, BAD("loglevel7") },
	{ "loglevel=7", NULL, 0, BAD("loglevel=7") },
	{ "al", NULL, 0, BAD("al") },
	{ "allb", NULL, 0, BAD("allb") },
	{ "alllog", NULL, 0, BAD("alllog") },
	{ "unmount(u)", NULL, 0, UNKNOWN },
	/* Letters that no kernel has */
	{ "a", NULL, 0, BAD("a") },
	{ "x", NULL, 0, BAD("x") },
	{ "s u b y", NULL, 0, BAD("y") },
	{ "Z", NULL, 0, BAD("Z") },
	{ "A", NULL, 0, BAD("A") },
	/* Other separators and quotation */
	{ "s;u;b", NULL, 0, UNKNOWN },
	{ "s|u|b", NULL, 0, UNKNOWN },
	{ "s+u+b", NULL, 0, UNKNOWN },
	{ "s/u/b", NULL, 0, UNKNOWN },
	{ "s:u:b", NULL, 0, UNKNOWN },
	{ "s.u.b", NULL, 0, UNKNOWN },
	{ "s-u-b", NULL, 0, BAD("s-u-b") },
	{ "\"s u b\"", NULL, 0, UNKNOWN },
	{ "'all'", NULL, 0, UNKNOWN },
	{ "[s,u,b]", NULL, 0, UNKNOWN },
	{ "s u b \\", NULL, 0, UNKNOWN },
	{ "s // u", NULL, 0, UNKNOWN },
	{ "s\vu", NULL, 0, UNKNOWN },
	{ "s\xc2\xa0u", NULL, 0, UNKNOWN },     /* a blank that is none */
	{ "s\xef\xbc\x8cu", NULL, 0, UNKNOWN }, /* a comma that is none */
	{ "\xd1\x95", NULL, 0, UNKNOWN },       /* a Cyrillic s */
	{ "\xef\xbb\xbf"
	  "s",
	  NULL, 0, UNKNOWN }, /* a byte-order mark */
	{ "all\x01", NULL, 0, UNKNOWN },
	/* A comma without a word */
	{ "s,,b", NULL, 0, COMMA },
	{ "s, ,b", NULL, 0, COMMA },
	{ ",all", NULL, 0, COMMA },
	{ "all,", NULL, 0, COMMA },
	{ "all, # log", NULL, 0, COMMA },
	{ ",", NULL, 0, COMMA },
	/* Nothing, so that its operator could do nothing */
	{ "", NULL, 0, NOTHING },
	{ " \t ", NULL, 0, NOTHING },
	{ "# all", NULL, 0, NOTHING },
	/* Two lines in one, and what could be secret */
	{ "s bob " KEY " all", NULL, 0, BAD("bob") },
	{ "s " KEY, NULL, 0, UNKNOWN },
	{ "s sysrq-private:" KEY, NULL, 0, UNKNOWN },
	{ "0123456789012345678901234567890", NULL, 0,
	  BAD("0123456789012345678901234567890") },
	{ "01234567890123456789012345678901", NULL, 0, UNKNOWN },
};

static uint64_t set_of(const char *text)
{
	uint64_t letters = 0;

	if (!strcmp(text, EVERY))
		return SRQ_ALL_LETTERS;
	for (; *text; text++)
		letters |= srq_letter_bit((unsigned char)*text);
	return letters;
}

static void test_lines(void **state)
{
	(void)state;
	assert_true(COUNT(lines) >= 100);
	for (size_t i = 0; i < COUNT(lines); i++) {
		const bool good = !lines[i].fault;
		struct srq_operators_reader reader;
		struct srq_operators_line line;
		const char *fault = "";
		char text[256];

		snprintf(text, sizeof(text), "alice %s %s\nbob " KEY " h\n",
			 KEY, lines[i].text);
		srq_operators_begin(&reader, text, strlen(text));
		if (srq_operators_next(&reader, &line, &fault) !=
		    (good ? SRQ_OPERATORS_LINE : SRQ_OPERATORS_FAULT))
			fail_msg("'%s': %s", lines[i].text, fault);
		assert_int_equal(reader.line, 1);
		if (!good) {
			assert_string_equal(fault, lines[i].fault);
			continue;
		}
		if (line.permitted != set_of(lines[i].letters) ||
		    line.may_read_log != lines[i].may_read_log)
			fail_msg("'%s' permits %llx", lines[i].text,
				 (unsigned long long)line.permitted);
	}
}

static const char *read_text(const char *text, uint64_t *letters, bool *log)
{
	static char fault[SRQ_PERMISSIONS_FAULT_MAX];

	return srq_permissions_from_text(letters, log, text,
					 text + strlen(text), fault);
}

/* All letters with a name, as the kernel's help and the manual have them */
static uint64_t with_names(void)
{
	return set_of(LOGLEVEL "bcdefghijklmnopqrstuvwzDRS");
}

/* A letter with a name is a word, and its name is. Others are not. */
static void test_each_letter(void **state)
{
	uint64_t letters;
	bool log;

	(void)state;
	for (int c = 1; c < 256; c++) {
		const char word[] = { (char)c, '\0' };
		const char *name = srq_letter_name(c);
		uint64_t bit = srq_letter_bit(c);

		assert_int_equal(!!(bit & with_names()), name != NULL);
		if (!name) {
			assert_non_null(read_text(word, &letters, &log));
			continue;
		}
		assert_null(read_text(word, &letters, &log));
		assert_true(letters == bit && !log);
		if (c >= '0' && c <= '9')
			continue; /* their name has a blank */
		assert_null(read_text(name, &letters, &log));
		assert_true(letters == bit && !log);
	}
}

/* A rule cannot permit the log. */
static void test_without_log(void **state)
{
	uint64_t letters;

	(void)state;
	assert_null(read_text("s,sync,u", &letters, NULL));
	assert_true(letters == set_of("su"));
	assert_string_equal(
		read_text("s,log", &letters, NULL),
		"permission 'log' given, but only the line of an operator can permit the log");
	assert_string_equal(read_text("su", &letters, NULL),
			    "permission 'su'" EXPECTED
			    "loglevel or all; to permit its letters write s,u");
}

static void expect_text(uint64_t letters, bool log, const char *expected)
{
	char text[SRQ_PERMISSIONS_TEXT_MAX];

	srq_permissions_to_text(text, letters, log);
	assert_string_equal(text, expected);
}

static void test_to_text(void **state)
{
	(void)state;
	expect_text(0, false, "");
	expect_text(0, true, "log");
	expect_text(SRQ_ALL_LETTERS, false, "all");
	expect_text(SRQ_ALL_LETTERS, true, "all,log");
	expect_text(set_of("sub"), true, "b,s,u,log");
	expect_text(set_of(LOGLEVEL), false, "loglevel");
	expect_text(set_of(LOGLEVEL "sS"), false, "loglevel,s,S");
	expect_text(set_of("123456789"), false, "1,2,3,4,5,6,7,8,9");
}

static void round_trip(uint64_t letters, bool log)
{
	char text[SRQ_PERMISSIONS_TEXT_MAX];
	uint64_t again;
	bool log_again;

	srq_permissions_to_text(text, letters, log);
	assert_true(strlen(text) < sizeof(text));
	assert_null(strpbrk(text, " \t\n"));
	assert_int_equal(!read_text(text, &again, &log_again), letters || log);
	assert_true(again == letters && log_again == log);
}

/* What is written can be read, and means the same. */
static void test_round_trip(void **state)
{
	uint64_t random = 88172645463325252ULL; /* xorshift64 */

	(void)state;
	round_trip(SRQ_ALL_LETTERS, true);
	for (int i = 0; i < 100000; i++) {
		uint64_t letters;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		letters = random & with_names();
		round_trip(letters, random >> 63);
		round_trip(letters | set_of(LOGLEVEL), random >> 63);
		round_trip(with_names() & ~(1ULL << i % SRQ_LETTERS), false);
		round_trip(1ULL << i % SRQ_LETTERS & with_names(), true);
	}
}

/* The longest texts fit. */
static void test_longest(void **state)
{
	char text[SRQ_PERMISSIONS_TEXT_MAX];
	uint64_t letters;
	bool log;
	const char *fault =
		read_text("hijklmnopqrstuvwbcdefgRDS012345", &letters, &log);

	(void)state;
	assert_non_null(strstr(fault, "R,D,S,0,1,2,3,4,5"));
	assert_true(strlen(fault) < SRQ_PERMISSIONS_FAULT_MAX);
	srq_permissions_to_text(text, SRQ_ALL_LETTERS & ~1ULL, true);
	assert_true(strlen(text) < SRQ_PERMISSIONS_TEXT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_each_letter),
		cmocka_unit_test(test_without_log),
		cmocka_unit_test(test_to_text),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests_name("permissions", tests, NULL, NULL);
}
