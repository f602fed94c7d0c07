// SPDX-License-Identifier: GPL-2.0
/*
 * core/letter: the index of letters, each trait of exactly the letters that
 * have it, and the bits of kernel.sysrq as the kernel's admin guide lists
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/letter.h"

/* More than any char, and what is no char */
enum { FIRST = -130, LAST = 300 };

static bool is_in(int character, const char *letters)
{
	return character > 0 && character < 128 && strchr(letters, character);
}

static void test_index(void **state)
{
	(void)state;
	for (int c = FIRST; c < LAST; c++) {
		int index = srq_letter_index(c);

		if (index >= 0)
			assert_int_equal(srq_letter_at(index), c);
		else
			assert_int_equal(srq_letter_bit(c), 0);
	}
	for (int i = 0; i < SRQ_LETTERS; i++) {
		assert_int_equal(srq_letter_index(srq_letter_at(i)), i);
		assert_int_equal(srq_letter_bit(srq_letter_at(i)), 1ULL << i);
	}
	assert_int_equal(srq_letter_index('0'), 0);
	assert_int_equal(srq_letter_index('a'), 10);
	assert_int_equal(srq_letter_index('Z'), 61);
}

static void expect_exactly(bool (*has)(int letter), const char *letters)
{
	for (int c = FIRST; c < LAST; c++) {
		if (has(c) != is_in(c, letters))
			fail_msg("character %d", c);
	}
}

static bool is_harmless(int letter)
{
	return !srq_letter_harms(letter);
}

static void test_traits(void **state)
{
	(void)state;
	expect_exactly(srq_letter_ends_host, "bco");
	expect_exactly(srq_letter_prints, "dhlmpqtwzD");
	expect_exactly(srq_letter_reports, "su");
	expect_exactly(srq_letter_vain_in_panic, "cefijknrsuvxS");
	expect_exactly(is_harmless, "0123456789dhlmpqrstwzDR");
}

static void test_mask_bits(void **state)
{
	static const struct {
		uint32_t bit;
		const char *letters;
	} bits[] = {
		{ 2, "0123456789" }, { 4, "kr" },    { 8, "clmptwzR" },
		{ 16, "s" },         { 32, "u" },    { 64, "efij" },
		{ 128, "bo" },       { 256, "nDS" },
	};

	(void)state;
	for (int c = FIRST; c < LAST; c++) {
		uint32_t bit = 1;

		for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
			if (is_in(c, bits[i].letters))
				bit = bits[i].bit;
		}
		assert_int_equal(srq_letter_mask_bit(c), bit);
	}
}

static void test_mask(void **state)
{
	static const struct {
		uint32_t mask;
		const char *permitted, *forbidden;
	} cases[] = {
		{ 0, "", "hsubtb0q" },
		{ 1, "hsubeifcqwtlmnz0kr", "" },
		{ 2, "h059", "sub" },
		{ 4, "hkr", "s0" },
		{ 8, "htwmlpcz", "sqd" },
		{ 16, "hs", "ub" },
		{ 32, "hu", "sb" },
		{ 64, "heifj", "sb" },
		{ 128, "hbo", "cs" },
		{ 256, "hn", "s" },
		{ 438, "hsubokrn09", "eitcfq" }, /* Debian's */
		{ 3, "h0", "sub" }, /* 1 means "all" only by itself */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t letters = srq_mask_letters(cases[i].mask);

		for (const char *l = cases[i].permitted; *l; l++)
			assert_true(letters & srq_letter_bit(*l));
		for (const char *l = cases[i].forbidden; *l; l++)
			assert_false(letters & srq_letter_bit(*l));
	}
	assert_int_equal(srq_mask_letters(1), SRQ_ALL_LETTERS);
}

/* A mask permits a letter exactly if it has the bit of the letter, or is 1. */
static void test_masks_and_bits(void **state)
{
	(void)state;
	for (uint32_t mask = 2; mask < 0x200; mask++) {
		for (int i = 0; i < SRQ_LETTERS; i++) {
			char letter = srq_letter_at(i);
			uint32_t bit = srq_letter_mask_bit(letter);
			bool permitted = letter == 'h' || (mask & bit & ~1u);

			assert_int_equal(!!(srq_mask_letters(mask) & 1ULL << i),
					 permitted);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_traits),
		cmocka_unit_test(test_mask_bits),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_masks_and_bits),
	};

	return cmocka_run_group_tests_name("letter", tests, NULL, NULL);
}
