// SPDX-License-Identifier: GPL-2.0
/*
 * client/press/words: exactly the words of the grammar mean letters, which
 * regular expressions say once more; and of the words of a dictionary, those
 * that are listed here.
 */
#include <ctype.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "client/press/words.h"

#define DICTIONARY "/usr/share/dict/american-english"

/* Short words that are names, too: for the enumerations below */
#define SHORT_NAMES "|sak|sync"

#define PART \
	"^([0-9a-zDRS]|r?s?e?i?su|r?s?e?i?su[boc]|sb|ub" SHORT_NAMES "|help)$"
#define ALONE                                                    \
	"^([0-9a-zDRS]|r?s?e?i?su|r?s?e?i?su[boc]|sb|ub|[0-9]?[" \
	"hlmpqtwzd][hlmpqtwzd]*" SHORT_NAMES ")$"

static bool reads(enum word_place place, const char *text)
{
	struct word word;

	return word_read(&word, place, text);
}

static void means(enum word_place place, const char *text, const char *letters)
{
	struct word word;

	if (!word_read(&word, place, text))
		fail_msg("'%s' is not read", text);
	assert_string_equal(word.letters, letters);
	assert_int_equal(word.recipe, 0);
}

/* Compare word_read() with the expression for each word of these characters. */
static void enumerate(const char *characters, size_t longest,
		      enum word_place place, const char *expression)
{
	size_t count = strlen(characters), index[8] = { 0 }, len = 1;
	char text[9] = "";
	struct word word;
	regex_t regex;

	assert_int_equal(regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB),
			 0);
	while (len <= longest) {
		size_t i = 0;

		for (size_t at = 0; at < len; at++)
			text[at] = characters[index[at]];
		if (word_read(&word, place, text) !=
		    !regexec(&regex, text, 0, NULL, 0))
			fail_msg("'%s' is read, or not, against the grammar",
				 text);
		while (i < len && ++index[i] == count)
			index[i++] = 0;
		len += i == len; /* all words of this length were there */
	}
	regfree(&regex);
}

static void test_all_short_words(void **state)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz019ADRS-=";

	(void)state;
	enumerate(characters, 4, WORD_ALONE, ALONE);
	enumerate(characters, 4, WORD_PART, PART);
}

static void test_all_rescue_letters(void **state)
{
	(void)state;
	enumerate("rseiuboc", 7, WORD_ALONE, ALONE);
	enumerate("rseiuboc", 6, WORD_PART, PART);
}

/* Each rescue word, made from its parts, in every place */
static void test_rescue_words(void **state)
{
	static const char *const ends[] = { "su", "sub", "suo", "suc" };
	unsigned int words = 0;

	(void)state;
	for (unsigned int set = 0; set < 16; set++) {
		for (int end = 0; end < 4; end++) {
			char text[9] = "", *to = text;

			for (unsigned int i = 0; i < 4; i++) {
				if (set & 1U << i)
					*to++ = "rsei"[i];
			}
			strcpy(to, ends[end]);
			words++;
			means(WORD_ALONE, text, text);
			means(WORD_PART, text, text);
			means(WORD_SURE, text, text);
		}
	}
	assert_int_equal(words, 64);
	means(WORD_ALONE, "sb", "sb");
	means(WORD_PART, "ub", "ub");
}

static void test_names(void **state)
{
	static const char letters[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char level[] = "loglevel=0";

	(void)state;
	for (const char *c = letters; *c; c++) {
		const char letter[] = { *c, '\0' };
		const char *name = sysrq_letter_name(*c);
		bool other = !strcmp(name, "help") || !strcmp(name, "debug");

		if (name[1] && !isdigit((unsigned char)*c)) {
			means(WORD_PART, name, letter);
			means(WORD_SURE, name, letter);
			assert_int_equal(reads(WORD_ALONE, name), !other);
		}
		/* Capitals only where the kernel has one */
		assert_int_equal(reads(WORD_ALONE, letter),
				 !isupper((unsigned char)*c) || name[1]);
	}
	for (; level[9] <= '9'; level[9]++) {
		means(WORD_ALONE, level, level + 9);
		means(WORD_PART, level, level + 9);
	}
}

static void test_recipes(void **state)
{
	struct word word;

	(void)state;
	assert_true(word_read(&word, WORD_ALONE, "safe-reboot"));
	assert_int_equal(word.recipe, 'b');
	assert_true(word_read(&word, WORD_PART, "safe-poweroff"));
	assert_int_equal(word.recipe, 'o');
	assert_string_equal(word.letters, "");
}

static void test_lengths(void **state)
{
	(void)state;
	means(WORD_ALONE, "wwwwwwwwwwwwwwww", "wwwwwwwwwwwwwwww");
	assert_false(reads(WORD_ALONE, "wwwwwwwwwwwwwwwww"));
	assert_false(reads(WORD_ALONE, ""));
	assert_false(reads(WORD_ALONE, "loglevel="));
	assert_false(reads(WORD_ALONE, "loglevel=10"));
	assert_false(reads(WORD_ALONE, "loglevel=x"));
	assert_false(reads(WORD_ALONE, "loglevel 7"));
	assert_false(reads(WORD_ALONE, "s\xc5\xaf"));
}

/* --- English --- */

/* Words of a dictionary that mean letters, in its order */
static const char english[] =
	/* A letter. Capitals are letters of their own. */
	"D R S a b c "
	/* c, by its name */
	"crash "
	/* These only show something: */
	"d dd dz "
	/* Letters */
	"e f g h "
	/* These only show something: */
	"hp ht "
	"i j k l m "
	"ml mm mph "
	"n o p "
	"pd pl pp pt "
	"q qt r s "
	/* The rescue */
	"sub sync "
	"t u v w wt x y z ";

/* Add word and a blank to text, which is a sorted list. */
static void add(char *text, size_t size, const char *word)
{
	size_t len = strlen(text);

	assert_true(len + strlen(word) + 2 < size);
	sprintf(text + len, "%s ", word);
}

static void test_dictionary(void **state)
{
	enum { LONGEST = 6 };
	FILE *in = fopen(DICTIONARY, "re");
	char line[128], text[4096] = "";
	unsigned int words = 0;

	(void)state;
	if (!in) {
		print_message("there is no " DICTIONARY
			      ": install the package wamerican\n");
		skip();
	}
	while (fgets(line, sizeof(line), in)) {
		struct word word;

		line[strcspn(line, "\n")] = '\0';
		if (strlen(line) > LONGEST)
			continue;
		words++;
		if (word_read(&word, WORD_ALONE, line))
			add(text, sizeof(text), line);
	}
	fclose(in);
	assert_true(words > 20000);
	assert_string_equal(text, english);
}

/* What of these is more than a letter, and does more than show something? */
static void test_dictionary_is_harmless(void **state)
{
	char text[sizeof(english)], *rest = text, *line, harm[64] = "";

	(void)state;
	strcpy(text, english);
	while ((line = strsep(&rest, " ")) && *line) {
		struct word word;
		bool shows = true;

		assert_true(word_read(&word, WORD_ALONE, line));
		for (const char *c = word.letters; *c; c++)
			shows = shows && sysrq_letter_prints(*c);
		if (!shows && line[1])
			add(harm, sizeof(harm), line);
	}
	assert_string_equal(harm, "crash sub sync ");
}

/* --- What was meant --- */

static void test_meant(void **state)
{
	static const struct {
		enum word_place place;
		const char *text, *meant;
	} cases[] = {
		{ WORD_ALONE, "kill",
		  "i, which kills all processes, or e, which asks them to "
		  "end" },
		{ WORD_ALONE, "Kill",
		  "i, which kills all processes, or e, which asks them to "
		  "end" },
		{ WORD_ALONE, "log",
		  "send_sysrq log HOST, which prints the kernel log" },
		{ WORD_ALONE, "help",
		  "h, which prints the kernel's help, or send_sysrq help" },
		{ WORD_ALONE, "debug",
		  "send_sysrq press HOST debug, because debug stops a host "
		  "that has a kernel debugger" },
		{ WORD_ALONE, "boot",
		  "safe-reboot, or b, which reboots at once" },
		{ WORD_ALONE, "REISUB", "small letters: reisub" },
		{ WORD_ALONE, "B", "small letters: b" },
		{ WORD_ALONE, "Reboot", "small letters: reboot" },
		{ WORD_ALONE, "so", "commas between the letters: s,o" },
		{ WORD_ALONE, "wsub", "commas between the letters: w,s,u,b" },
		{ WORD_PART, "wlm", "commas between the letters: w,l,m" },
		{ WORD_ALONE, "snyc", "sync" },
		{ WORD_ALONE, "synch", "sync" },
		{ WORD_ALONE, "safe_reboot", "safe-reboot" },
		{ WORD_ALONE, "safereboot", "safe-reboot" },
		{ WORD_ALONE, "diagnsoe", "diagnose" },
		{ WORD_ALONE, "s u b", "no blanks: sub" },
		{ WORD_PART, " safe-reboot ", "no blanks: safe-reboot" },
	};
	static const char *const others[] = {
		"web8", "users", "md0", "bs", "s u x", "", "x-y",
	};
	char meant[WORD_MEANT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(reads(cases[i].place, cases[i].text));
		word_meant(meant, cases[i].place, cases[i].text, cases[i].text);
		assert_string_equal(meant, cases[i].meant);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(reads(WORD_ALONE, others[i]));
		word_meant(meant, WORD_ALONE, others[i], others[i]);
		assert_ptr_equal(strstr(meant, "letters or names with commas"),
				 meant);
	}
	word_meant(meant, WORD_PART, "U", "S,U,B");
	assert_string_equal(meant, "small letters: s,u,b");
}

static void test_slips(void **state)
{
	static const char *const slips[] = {
		"tatus",   "statu",   "stats",  "sttus",  "xstatus",
		"statusx", "staatus", "statsu", "tsatus", "stalus",
	};
	static const char *const others[] = {
		"status", "",       "s",      "statsux",  "tsatsu",
		"tus",    "stuats", "suttas", "statussx",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		assert_true(word_is_slip(slips[i], "status"));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(word_is_slip(others[i], "status"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_short_words),
		cmocka_unit_test(test_all_rescue_letters),
		cmocka_unit_test(test_rescue_words),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_recipes),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_dictionary),
		cmocka_unit_test(test_dictionary_is_harmless),
		cmocka_unit_test(test_meant),
		cmocka_unit_test(test_slips),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
