// SPDX-License-Identifier: GPL-2.0
/*
 * client/output/logtext prints a kernel log as it is into a pipe, and safe,
 * folded and coloured onto a terminal. client/output/terminal knows the width
 * and the colours of a terminal.
 */
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <cmocka.h>
#include "client/output/logtext.h"
#include "client/output/terminal.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct logtext view;
static char *printed;
static size_t printed_len;

static void begin(unsigned int width, bool colour)
{
	FILE *out = open_memstream(&printed, &printed_len);

	assert_non_null(out);
	logtext_begin(&view, out);
	view.width = width;
	view.colour = colour;
}

static void end(void)
{
	assert_int_equal(fclose(view.out), 0);
}

static void feed(const char *text)
{
	assert_true(logtext_print(&view, text, strlen(text)));
}

/* Compares the text that was printed since begin(). */
static void expect(const char *expected)
{
	end();
	assert_string_equal(printed, expected);
	assert_int_equal(printed_len, strlen(expected));
	free(printed);
}

static void test_level_names(void **state)
{
	static const char *const names[] = {
		"emerg", "alert",  "crit", "err",
		"warn",  "notice", "info", "debug",
	};
	static const char *const bad[] = { "",     "8",       "9",  "-1",
					   "33",   "3 ",      " 3", "03",
					   "ERR",  "error",   "er", "errr",
					   "none", "err,warn" };
	unsigned int level;

	(void)state;
	for (unsigned int i = 0; i < COUNT(names); i++) {
		const char digit[] = { (char)('0' + i), '\0' };

		level = 99;
		assert_true(logtext_level(names[i], &level));
		assert_int_equal(level, i);
		level = 99;
		assert_true(logtext_level(digit, &level));
		assert_int_equal(level, i);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(logtext_level(bad[i], &level));
}

/* --- Not on a terminal --- */

static void test_pipe(void **state)
{
	(void)state;
	begin(0, false);
	feed("<6>[    1.234567] eth0: link\tis up  \n"
	     "<3>[    1.234568] \x1b[31m \xff\xc3 \xe2\x80\xae \x07\r\n"
	     "<14>[    1.234569] a service\n"
	     "<191>[    1.300000] facility 23\n"
	     "<2047>[    1.300000] facility 255\n"
	     "<6>without a time\n"
	     "<6>\n"
	     "\n");
	feed("<6><3>x\n");
	expect("[    1.234567] eth0: link\tis up  \n"
	       "[    1.234568] \x1b[31m \xff\xc3 \xe2\x80\xae \x07\r\n"
	       "[    1.234569] a service\n"
	       "[    1.300000] facility 23\n"
	       "[    1.300000] facility 255\n"
	       "without a time\n"
	       "\n"
	       "\n"
	       "<3>x\n");
	/* These look like a level, and are none. */
	begin(0, true);
	feed("<2048>x\n<>x\n<6\n< 6>x\n<-6>x\n<6a>x\n<\n"
	     "<99999999999999999999999999>x\nno level");
	expect("<2048>x\n<>x\n<6\n< 6>x\n<-6>x\n<6a>x\n<\n"
	       "<99999999999999999999999999>x\nno level\n");
}

static void test_nul(void **state)
{
	(void)state;
	begin(0, false);
	assert_true(logtext_print(&view, "<6>a\0b\n<6>c\n", 12));
	end();
	assert_int_equal(printed_len, 6);
	assert_memory_equal(printed, "a\0b\nc\n", 6);
	free(printed);
	begin(80, false);
	assert_true(logtext_print(&view, "<6>a\0b\n<6>c\n", 12));
	expect("a\\x00b\nc\n");
	/* Nothing at all */
	begin(80, true);
	feed("");
	expect("");
}

/* The text ends where its length says, whatever is behind it. */
static void test_length(void **state)
{
	static const char text[] = "<6>[    1.234567][    T1] \xc3\xa4\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		char *copy = malloc(len + 1);

		/* A sanitizer would find a byte more. */
		copy = realloc(copy, len ? len : 1);
		memcpy(copy, text, len);
		begin(20, true);
		view.since = 1;
		assert_true(logtext_print(&view, copy, len));
		end();
		free(printed);
		free(copy);
	}
}

static void test_level(void **state)
{
	static const char all[] =
		"<0>[    1.000000] 0\n<1>[    1.000000] 1\n"
		"<2>[    1.000000] 2\n<3>[    1.000000] 3\n"
		"<4>[    1.000000] 4\n<5>[    1.000000] 5\n"
		"[    1.000000] none\n<6>[    1.000000] 6\n"
		"<7>[    1.000000] 7\n<187>[    1.000000] 23.3\n"
		"<191>[    1.000000] 23.7\n";

	(void)state;
	begin(0, false);
	view.level = 0;
	feed(all);
	expect("[    1.000000] 0\n");
	begin(0, false);
	view.level = 3;
	feed(all);
	expect("[    1.000000] 0\n[    1.000000] 1\n[    1.000000] 2\n"
	       "[    1.000000] 3\n[    1.000000] 23.3\n");
	begin(0, false);
	view.level = 5;
	feed(all);
	expect("[    1.000000] 0\n[    1.000000] 1\n[    1.000000] 2\n"
	       "[    1.000000] 3\n[    1.000000] 4\n[    1.000000] 5\n"
	       "[    1.000000] 23.3\n");
	begin(0, false);
	view.level = 6;
	feed("<7>7\nnone\n<6>6\n");
	expect("none\n6\n");
}

static void test_since(void **state)
{
	(void)state;
	begin(0, false);
	view.since = 2 * SYSRQ_SECOND;
	feed("<6>no time, and nothing known\n"
	     "<6>[    1.999999] before\n"
	     "<6>  its second line\n"
	     "<6>[    2.000000] at it\n"
	     "<6>  its second line\n");
	/* The next call knows whether the last line was left out. */
	feed("<6>  its third line\n"
	     "<6>[    1.500000] an earlier one\n");
	feed("<6>  its second line\n"
	     "<6>[   10.000000] after\n");
	/* These look like a time, and are part of the message. */
	feed("<6>[    1.0000000\n<6>[1]\n<6>[1.x]\n<6>[x.1]\n<6>[drm] y\n"
	     "<6>[-1.000000]\n<6>[1.000000\n<6>[    \n<6>[0.1000000]\n");
	expect("no time, and nothing known\n"
	       "[    2.000000] at it\n"
	       "  its second line\n"
	       "  its third line\n"
	       "[   10.000000] after\n"
	       "[    1.0000000\n[1]\n[1.x]\n[x.1]\n[drm] y\n"
	       "[-1.000000]\n[1.000000\n[    \n[0.1000000]\n");
}

static void test_since_and_level(void **state)
{
	(void)state;
	/* The time of a line counts even if its level leaves it out. */
	begin(0, false);
	view.since = 2 * SYSRQ_SECOND;
	view.level = 4;
	feed("<6>[    1.000000] info\n<4>early\n"
	     "<6>[    3.000000] info\n<4>late\n");
	expect("late\n");
	/* A time in the midst of a microsecond */
	begin(0, false);
	view.since = 1234567001;
	feed("<6>[    1.234567] before\n<6>[    1.234568] after\n");
	expect("[    1.234568] after\n");
	/* Times that are too large are late: 2^64 ns, 2^64 + 4 s, and more */
	begin(0, false);
	view.since = 5 * SYSRQ_SECOND;
	feed("<6>[18446744073.709551] a\n<6>[18446744073.709552] b\n"
	     "<6>[18446744074.000000] c\n"
	     "<6>[18446744073709551616.000000] d\n"
	     "<6>[18446744073709551620.000000] e\n"
	     "<6>[99999999999999999999999.000000] f\n");
	expect("[18446744073.709551] a\n[18446744073.709552] b\n"
	       "[18446744074.000000] c\n"
	       "[18446744073709551616.000000] d\n"
	       "[18446744073709551620.000000] e\n"
	       "[99999999999999999999999.000000] f\n");
}

static void test_last(void **state)
{
	char line[40];

	(void)state;
	begin(0, false);
	view.last = 3;
	for (int i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "<6>[%5d.000000] x\n", i);
		feed(line);
	}
	fflush(view.out);
	assert_int_equal(printed_len, 0);
	logtext_flush(&view);
	/* Later lines are printed at once. */
	feed("<6>later\n");
	feed("<6>and later\n");
	expect("[99997.000000] x\n[99998.000000] x\n[99999.000000] x\n"
	       "later\nand later\n");

	begin(0, false);
	view.last = 3;
	feed("<6>a\n<6>b\n");
	logtext_flush(&view);
	logtext_flush(&view);
	expect("a\nb\n");

	begin(0, false);
	view.last = 0;
	feed("<6>a\n<6>b\n");
	logtext_flush(&view);
	feed("<6>c\n");
	expect("c\n");

	/* Lines that are left out for their level or time do not count. */
	begin(0, false);
	view.last = 2;
	view.level = 4;
	view.since = SYSRQ_SECOND;
	feed("<4>[    0.000001] too early\n<4>[    1.000000] a\n"
	     "<4>[    1.000000] b\n<4>[    1.000000] c\n"
	     "<6>[    1.000000] d\n<4>[    0.500000] e\n");
	logtext_flush(&view);
	expect("[    1.000000] b\n[    1.000000] c\n");

	/* Without a limit a flush has nothing to do. */
	begin(0, false);
	feed("<6>a\n");
	logtext_flush(&view);
	expect("a\n");
}

/* The last lines keep their level, and are printed as all others. */
static void test_last_colour(void **state)
{
	(void)state;
	begin(24, true);
	view.last = 1;
	feed("<3>[    1.000000] a\n<3>[    1.000000] bb cc dd\n");
	logtext_flush(&view);
	expect("\033[32m[    1.000000]\033[0m \033[31mbb cc dd\033[0m\n");
}

static void test_prefix(void **state)
{
	(void)state;
	begin(0, false);
	view.prefix = "web7: ";
	feed("<6>[    1.000000] a\n<6>b\n<6>\n");
	expect("web7: [    1.000000] a\nweb7: b\nweb7: \n");
	begin(42, true);
	view.prefix = "web7: ";
	feed("<6>[    1.000000] aa bb cc dd ee ff gg hh\n<4>b\n");
	expect("web7: \033[32m[    1.000000]\033[0m aa bb cc dd ee ff gg\n"
	       "                     hh\n"
	       "web7: \033[33mb\033[0m\n");
	/* On a terminal, the prefix is made safe as the line is. */
	begin(80, false);
	view.prefix = "\x1b[1m: ";
	feed("<6>b\n");
	expect("\\x1b[1m: b\n");
}

/* --- On a terminal --- */

static void test_fold(void **state)
{
	(void)state;
	begin(30, false);
	/* 15 columns are left for the message. */
	feed("<6>[    1.234567] exactly fifteen\n"
	     "<6>[    1.234567] exactly sixteens\n"
	     "<6>[    1.234567] one two three four five six seven\n"
	     "<6>[    1.234567] exactly fifteen too\n"
	     "<6>[    1.234567] many      blanks       there    \n"
	     "<6>[    1.234567] blanks at end      \n"
	     "<6>[    1.234567] /a/path/without/any/blank/in it\n"
	     "<6>[    1.234567] a /path/without/any\n"
	     "<6>[    1.234567]  indented by one\n"
	     "<6>[    1.234567]   /indented/path\n"
	     "<6>[    1.234567]\n"
	     "<6>[    1.234567] \n"
	     "<6>[    1.234567]and no blank behind it\n");
	expect("[    1.234567] exactly fifteen\n"
	       "[    1.234567] exactly\n"
	       "               sixteens\n"
	       "[    1.234567] one two three\n"
	       "               four five six\n"
	       "               seven\n"
	       "[    1.234567] exactly fifteen\n"
	       "               too\n"
	       "[    1.234567] many\n"
	       "               blanks\n"
	       "               there    \n"
	       "[    1.234567] blanks at end\n"
	       "[    1.234567] /a/path/without\n"
	       "               /any/blank/in\n"
	       "               it\n"
	       "[    1.234567] a\n"
	       "               /path/without/a\n"
	       "               ny\n"
	       "[    1.234567]  indented by\n"
	       "               one\n"
	       "[    1.234567]   /indented/pat\n"
	       "               h\n"
	       "[    1.234567]\n"
	       "[    1.234567] \n"
	       "[    1.234567]and no blank\n"
	       "              behind it\n");
}

static void test_fold_head(void **state)
{
	(void)state;
	/* Without a time nothing is indented. */
	begin(10, false);
	feed("<6>one two three four\n");
	expect("one two\nthree four\n");
	/* The kernel may name the caller. */
	begin(46, false);
	feed("<6>[    1.234567][    T1] one two three four five six\n"
	     "<6>[    1.234567][   C12] one two three four five six\n"
	     "<6>[    1.234567][ X] one two three four five six seven\n"
	     "<6>[    1.234567][ T] one two three four five six seven\n");
	expect("[    1.234567][    T1] one two three four five\n"
	       "                       six\n"
	       "[    1.234567][   C12] one two three four five\n"
	       "                       six\n"
	       "[    1.234567][ X] one two three four five six\n"
	       "              seven\n"
	       "[    1.234567][ T] one two three four five six\n"
	       "              seven\n");
	/* The message gets half of the columns at least. */
	begin(16, false);
	feed("<6>[    1.234567] one two three\n");
	expect("[    1.234567] o\n        ne two\n        three\n");
	begin(16, false);
	feed("<6>[    1.234567]  one\n");
	expect("[    1.234567]  \n        one\n");
	begin(4, false);
	feed("<6>[    1.234567] ab \x1b\n");
	expect("[   \n  1.\n  23\n  45\n  67\n  ] \n  ab\n  \\x1b\n");
	begin(1, false);
	feed("<6>a b\x1b\xe6\xbc\xa2\n");
	expect("a\nb\n\\x1b\n\xe6\xbc\xa2\n");
}

static void test_tab(void **state)
{
	(void)state;
	begin(41, false);
	/* A tab goes to the next eighth column. The message begins at the
	 * 15th. */
	feed("<6>[    1.234567] a\tb\t\tc\n"
	     "<6>[    1.234567] a\tb\tsecond row\tb\n"
	     "<6>\ta\n");
	expect("[    1.234567] a        b               c\n"
	       "[    1.234567] a        b       second\n"
	       "               row      b\n"
	       "        a\n");
}

static void test_unprintable(void **state)
{
	(void)state;
	begin(80, false);
	feed("<6>[    1.234567] \x1b[2J\x1b]0;title\x07 \r\b\x7f \x01\n"
	     /* C1, an overlong form, a surrogate, one cut short, bare bytes */
	     "<6>\xc2\x9b \xc0\xaf \xed\xa0\x80 \xe2\x82 \xff\xfe \x80\n"
	     /* Marks that change the direction; a line separator */
	     "<6>\xe2\x80\xae \xe2\x81\xa6 \xe2\x80\x8f \xd8\x9c "
	     "\xe2\x80\xa8\n"
	     "<6>\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 \\x1b\n");
	expect("[    1.234567] \\x1b[2J\\x1b]0;title\\x07 \\x0d\\x08\\x7f "
	       "\\x01\n"
	       "\\xc2\\x9b \\xc0\\xaf \\xed\\xa0\\x80 \\xe2\\x82 \\xff\\xfe "
	       "\\x80\n"
	       "\\xe2\\x80\\xae \\xe2\\x81\\xa6 \\xe2\\x80\\x8f \\xd8\\x9c "
	       "\\xe2\\x80\\xa8\n"
	       "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 \\x1b\n");
	/* An escape has four columns, and is never folded. */
	begin(10, false);
	feed("<6>\x01\x02\x03 a\x04\x05x\n");
	expect("\\x01\\x02\n\\x03\na\\x04\\x05x\n");
}

static void test_wide(void **state)
{
	(void)state;
	/* Characters of two columns */
	begin(10, false);
	feed("<6>\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\n"
	     "<6>a\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	     "\n");
	expect("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\n"
	       "a\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\n"
	       "\xe6\xbc\xa2\n");
	/* Characters of no column stay with the one before. */
	begin(4, false);
	feed("<6>a\xcc\x81o\xcc\x81u\xcc\x81i\xcc\x81"
	     "e\xcc\x81\n");
	expect("a\xcc\x81o\xcc\x81u\xcc\x81i\xcc\x81\n"
	       "e\xcc\x81\n");
}

/* In a locale with only ASCII, no other byte is printed. */
static void test_ascii(void **state)
{
	(void)state;
	logtext_locale("C");
	begin(80, false);
	feed("<6>\xc3\xa4\xff!\n");
	expect("\\xc3\\xa4\\xff!\n");
	logtext_locale("C.UTF-8");
}

#define TIME "\033[32m[    1.000000]\033[0m "

static void test_colours(void **state)
{
	(void)state;
	begin(80, true);
	feed("<0>[    1.000000] emerg\n<1>[    1.000000] alert\n"
	     "<2>[    1.000000] crit\n<3>[    1.000000] err\n"
	     "<4>[    1.000000] warn\n<5>[    1.000000] notice\n"
	     "<6>[    1.000000] info\n<7>[    1.000000] debug\n"
	     "<187>[    1.000000] err\n[    1.000000] none\n"
	     "<3>no time\n<3>[    1.000000]\n<3>[    1.000000] \n<3>\n");
	expect(TIME
	       "\033[1;31memerg\033[0m\n" TIME "\033[1;31malert\033[0m\n" TIME
	       "\033[1;31mcrit\033[0m\n" TIME "\033[31merr\033[0m\n" TIME
	       "\033[33mwarn\033[0m\n" TIME "notice\n" TIME "info\n" TIME
	       "debug\n" TIME "\033[31merr\033[0m\n" TIME "none\n"
	       "\033[31mno time\033[0m\n\033[32m[    1.000000]\033[0m\n" TIME
	       "\n\n");
	/* Without colour, or without a terminal, there is no colour. */
	begin(80, false);
	feed("<3>[    1.000000] err\n");
	expect("[    1.000000] err\n");
	begin(0, true);
	feed("<3>[    1.000000] err\n");
	expect("[    1.000000] err\n");
}

/* Each row begins and ends its colour. The blanks before it have none. */
static void test_colours_folded(void **state)
{
	(void)state;
	begin(30, true);
	feed("<3>[    1.000000] one two three four\n"
	     "<6>[    1.000000] one two three four\n"
	     "<3>[    1.000000][    T1] one two three\n");
	expect(TIME "\033[31mone two three\033[0m\n"
		    "               \033[31mfour\033[0m\n" TIME
		    "one two three\n"
		    "               four\n"
		    "\033[32m[    1.000000][    T1]\033[0m "
		    "\033[31mone two\033[0m\n"
		    "               \033[31mthree\033[0m\n");
	begin(8, true);
	feed("<2>[    1.000000] ab\n");
	expect("\033[32m[    1.0\033[0m\n"
	       "    \033[32m0000\033[0m\n"
	       "    \033[32m0]\033[0m \033[1;31ma\033[0m\n"
	       "    \033[1;31mb\033[0m\n");
}

/* Returns the columns of this row, and moves *row behind it. */
static int row_columns(const char **row)
{
	const char *at = *row;
	int columns = 0;

	while (*at != '\n') {
		mbstate_t none = { 0 };
		wchar_t c;
		size_t n;

		assert_int_not_equal(*at, '\0');
		if (*at == '\033') { /* a colour of ours */
			assert_int_equal(at[1], '[');
			at += strcspn(at, "m\n");
			assert_int_equal(*at++, 'm');
			continue;
		}
		n = mbrtowc(&c, at, strlen(at), &none);
		assert_true(n >= 1 && n <= 4);
		assert_true(wcwidth(c) >= 0);
		columns += wcwidth(c);
		at += n;
	}
	*row = at + 1;
	return columns;
}

/* Takes blanks and colours out of a printed text. */
static void strip(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (*at == '\033')
			at += strcspn(at, "m");
		else if (*at != ' ' && *at != '\n')
			*to++ = *at;
	}
	*to = '\0';
}

/*
 * Lines of anything, in any width: no row is too wide, nothing but text, blanks
 * and our own colours is in it, and no byte is lost.
 */
static void test_anything(void **state)
{
	static const char *const pieces[] = {
		"a",
		"word",
		" ",
		"  ",
		"\t",
		"\x1b[H",
		"\xe6\xbc\xa2",
		"e\xcc\x81",
		"\xff",
		"\x9b",
		"/long/path/of/many/characters/without/blanks",
		"\xc3\xa4",
		"[",
		"]",
		"<6>",
		"\xe2\x80\xae",
	};
	uint32_t seed = 1;

	(void)state;
	for (int run = 0; run < 4000; run++) {
		unsigned int width = 8 + (unsigned int)run % 90;
		char line[4096] = "<3>[    1.000000] ", name[201];
		const char *row;
		char *wide;

		for (int i = 0; i < 40; i++) {
			seed = seed * 1664525 + 1013904223;
			strcat(line, pieces[(seed >> 16) % COUNT(pieces)]);
		}
		strcat(line, "\n");
		memset(name, 'n', 200);
		name[run % 3 ? 0 : 200] = '\0';

		begin(1000000, false);
		view.prefix = name;
		feed(line);
		end();
		wide = printed;
		begin(width, run % 2);
		view.prefix = name;
		feed(line);
		end();
		for (row = printed; *row;)
			assert_in_range(row_columns(&row), 0, width);
		strip(wide);
		strip(printed);
		assert_string_equal(printed, wide);
		free(wide);
		free(printed);
	}
}

/* --- The terminal itself --- */

/* Returns a terminal with so many columns. */
static FILE *terminal(int *master, unsigned short columns)
{
	struct winsize size = { .ws_row = 25, .ws_col = columns };
	FILE *stream;
	int slave;

	*master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(*master >= 0);
	assert_int_equal(grantpt(*master) | unlockpt(*master), 0);
	slave = open(ptsname(*master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	stream = fdopen(slave, "w");
	assert_non_null(stream);
	return stream;
}

static void test_terminal_width(void **state)
{
	FILE *none = fopen("/dev/null", "w");
	int master;
	FILE *stream = terminal(&master, 123);

	(void)state;
	assert_int_equal(terminal_width(stream), 123);
	fclose(stream);
	close(master);
	stream = terminal(&master, 0);
	assert_int_equal(terminal_width(stream), 80);
	fclose(stream);
	close(master);
	assert_non_null(none);
	assert_int_equal(terminal_width(none), 0);
	fclose(none);
}

static void test_terminal_colour(void **state)
{
	FILE *none = fopen("/dev/null", "w");
	int master;
	FILE *stream = terminal(&master, 80);

	(void)state;
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	assert_true(terminal_colour(stream));
	assert_false(terminal_colour(none));
	setenv("NO_COLOR", "", 1);
	assert_true(terminal_colour(stream));
	setenv("NO_COLOR", "0", 1);
	assert_false(terminal_colour(stream));
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	assert_false(terminal_colour(stream));
	setenv("TERM", "", 1);
	assert_false(terminal_colour(stream));
	unsetenv("TERM");
	assert_false(terminal_colour(stream));
	fclose(stream);
	fclose(none);
	close(master);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_names),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_since_and_level),
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_last_colour),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_head),
		cmocka_unit_test(test_tab),
		cmocka_unit_test(test_unprintable),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_colours_folded),
		cmocka_unit_test(test_anything),
		cmocka_unit_test(test_terminal_width),
		cmocka_unit_test(test_terminal_colour),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	logtext_locale("C.UTF-8");
	return cmocka_run_group_tests_name("logtext", tests, NULL, NULL);
}
