// SPDX-License-Identifier: GPL-2.0
/* core/key, core/datagram and core/message where no vector reaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>
#include "core/message.h"

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
static void test_key_text(void **state)
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

static void test_key_text_bad(void **state)
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
			/* The last digit's two low bits belong to no byte. */
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

static void test_forged(void **state)
{
	uint8_t key[SRQ_KEY_LEN] = { 7 }, nonce[SRQ_AEAD_NONCE_LEN] = { 9 };
	uint8_t good[SRQ_SHORT], bad[SRQ_SHORT];
	struct srq_keys keys;

	(void)state;
	assert_int_equal(srq_keys_derive(&keys, key), 0);
	srq_write_hello(srq_datagram_body(good), SRQ_SHORT_BODY, 1);
	srq_datagram_seal(good, sizeof(good), keys.id, keys.request, nonce);
	for (size_t bit = 0; bit < 8 * sizeof(good); bit++) {
		memcpy(bad, good, sizeof(bad));
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(srq_datagram_open(bad, sizeof(bad), keys.request));
		/* Magic and version are checked before the key id is looked
		 * for. */
		if (bit < 32)
			assert_null(srq_datagram_key_id(bad));
	}
}

static void test_letter_index(void **state)
{
	(void)state;
	for (int c = -1; c < 300; c++) {
		int index = srq_letter_index(c);

		if (index >= 0)
			assert_int_equal(srq_letter_at(index), c);
		else
			assert_int_equal(srq_letter_bit(c), 0);
	}
	assert_int_equal(srq_letter_index('0'), 0);
	assert_int_equal(srq_letter_index('a'), 10);
	assert_int_equal(srq_letter_index('Z'), 61);
}

/* Bodies that lie about themselves */
static void test_bad_bodies(void **state)
{
	uint8_t body[SRQ_SHORT_BODY], log[SRQ_LONG_BODY];
	struct srq_command command = {
		.count = 2, .steps = { { 's', 0, 0 }, { 'b', 0, 0 } }
	};
	struct srq_result result = { .progress = { .count = 2 } };
	struct srq_logdata logdata = { .text_len = 3, .text = "abc" };
	struct srq_header header;

	(void)state;
	srq_write_command(body, sizeof(body), 1, &command);
	assert_true(srq_read_command(body, sizeof(body), &command));
	body[48] = 0;
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[48] = SRQ_STEPS_MAX + 1;
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[48] = 2;
	body[3]--; /* shorter than a command is */
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[3]++;
	body[2] = 2; /* longer than the datagram */
	assert_false(srq_read_command(body, sizeof(body), &command));
	assert_false(srq_read_header(body, sizeof(body), &header));
	body[2] = 0;
	body[60] = 0xff; /* first wait: too long */
	assert_false(srq_read_command(body, sizeof(body), &command));
	body[60] = 0;
	assert_true(srq_read_command(body, sizeof(body), &command));
	body[0] = SRQ_HELLO;
	assert_false(srq_read_command(body, sizeof(body), &command));

	srq_write_result(body, sizeof(body), 1, 0, &result);
	body[57] = 3; /* more finished than there are */
	assert_false(srq_read_result(body, sizeof(body), &result));
	body[57] = 2;
	assert_true(srq_read_result(body, sizeof(body), &result));
	body[56] = SRQ_STEPS_MAX + 1;
	assert_false(srq_read_result(body, sizeof(body), &result));

	srq_write_logdata(log, sizeof(log), 1, 0, &logdata);
	assert_true(srq_read_logdata(log, sizeof(log), &logdata));
	assert_int_equal(logdata.text_len, 3);
	assert_memory_equal(logdata.text, "abc", 3);
	log[3] = SRQ_LOGDATA_TEXT_AT - 1;
	assert_false(srq_read_logdata(log, sizeof(log), &logdata));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pbkdf2),
		cmocka_unit_test(test_realm_too_long),
		cmocka_unit_test(test_key_text),
		cmocka_unit_test(test_key_text_bad),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_letter_index),
		cmocka_unit_test(test_bad_bodies),
	};

	if (sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
