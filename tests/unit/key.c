// SPDX-License-Identifier: GPL-2.0
/*
 * core/key: PBKDF2 agrees with the vectors of RFC 7914, and the text of a key
 * with libsodium's base64. A realm that is too long and a text that is not a
 * key's are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>
#include "core/key.h"
#include "core/letter.h"

/* RFC 7914, 11: the first block of its two vectors */
static void test_pbkdf2(void **state)
{
	static const uint8_t one_round[] = {
		0x55, 0xac, 0x04, 0x6e, 0x56, 0xe3, 0x08, 0x9f,
		0xec, 0x16, 0x91, 0xc2, 0x25, 0x44, 0xb6, 0x05,
		0xf9, 0x41, 0x85, 0x21, 0x6d, 0xde, 0x04, 0x65,
		0xe6, 0x8b, 0x9d, 0x57, 0xc2, 0x0d, 0xac, 0xbc,
	};
	static const uint8_t many_rounds[] = {
		0x4d, 0xdc, 0xd8, 0xf6, 0x0b, 0x98, 0xbe, 0x21,
		0x83, 0x0c, 0xee, 0x5e, 0xf2, 0x27, 0x01, 0xf9,
		0x64, 0x1a, 0x44, 0x18, 0xd0, 0x4c, 0x04, 0x14,
		0xae, 0xff, 0x08, 0x87, 0x6b, 0x34, 0xab, 0x56,
	};
	uint8_t out[SRQ_HASH_LEN];

	(void)state;
	assert_int_equal(srq_pbkdf2(out, "passwd", 6, "salt", 4, 1), 0);
	assert_memory_equal(out, one_round, sizeof(out));
	assert_int_equal(srq_pbkdf2(out, "Password", 8, "NaCl", 4, 80000), 0);
	assert_memory_equal(out, many_rounds, sizeof(out));
}

static void test_realm_too_long(void **state)
{
	char realm[SRQ_REALM_MAX + 1];
	uint8_t key[SRQ_KEY_LEN], master[SRQ_KEY_LEN] = { 0 };

	(void)state;
	memset(realm, 'r', sizeof(realm));
	assert_int_equal(srq_key_from_master(key, master, realm, SRQ_REALM_MAX),
			 0);
	assert_int_not_equal(
		srq_key_from_master(key, master, realm, sizeof(realm)), 0);
	assert_int_not_equal(
		srq_key_from_password(key, "p", 1, realm, sizeof(realm)), 0);
}

/* libsodium's base64 is the reference. */
static void test_text(void **state)
{
	(void)state;
	for (int n = 0; n < 1000; n++) {
		uint8_t key[SRQ_KEY_LEN], back[SRQ_KEY_LEN];
		char text[SRQ_KEY_TEXT_LEN + 1], expected[SRQ_KEY_TEXT_LEN + 1];

		randombytes_buf(key, sizeof(key));
		srq_key_to_text(text, key);
		sodium_bin2base64(expected, sizeof(expected), key, sizeof(key),
				  sodium_base64_VARIANT_ORIGINAL);
		assert_string_equal(text, expected);
		assert_true(srq_key_from_text(back, text, SRQ_KEY_TEXT_LEN));
		assert_memory_equal(back, key, sizeof(key));
	}
}

static void test_bad_text(void **state)
{
	static const char good[] =
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
	uint8_t key[SRQ_KEY_LEN];
	char text[sizeof(good)];

	(void)state;
	assert_true(srq_key_from_text(key, good, SRQ_KEY_TEXT_LEN));
	assert_false(srq_key_from_text(key, good, SRQ_KEY_TEXT_LEN - 1));
	for (size_t i = 0; i < SRQ_KEY_TEXT_LEN; i++) {
		for (int c = 1; c < 256; c++) {
			bool digit = c < 128 && (srq_letter_bit(c) ||
						 c == '+' || c == '/');

			strcpy(text, good);
			text[i] = (char)c;
			/* The two low bits of the last digit belong to no
			 * byte. */
			if (i == SRQ_KEY_TEXT_LEN - 2)
				digit = c < 128 &&
					strchr("AEIMQUYcgkosw048", c);
			if (i == SRQ_KEY_TEXT_LEN - 1)
				digit = c == '=';
			assert_int_equal(srq_key_from_text(key, text,
							   SRQ_KEY_TEXT_LEN),
					 digit);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pbkdf2),
		cmocka_unit_test(test_realm_too_long),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bad_text),
	};

	if (sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
