// SPDX-License-Identifier: GPL-2.0
/*
 * core/key: PBKDF2 agrees with the vectors of RFC 7914, X25519 with those of
 * RFC 7748, the K of a pair with what libsodium makes by the formula of
 * docs/protocol.md, and the text of a key with libsodium's base64. A realm that
 * is too long, a public key that is not one, and a text that is not a key's are
 * refused.
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
	uint8_t key[SRQ_KEY_LEN];

	(void)state;
	memset(realm, 'r', sizeof(realm));
	assert_int_equal(
		srq_key_from_password(key, "p", 1, realm, SRQ_REALM_MAX), 0);
	assert_int_not_equal(
		srq_key_from_password(key, "p", 1, realm, sizeof(realm)), 0);
}

static void from_hex(uint8_t key[SRQ_KEY_LEN], const char *hex)
{
	assert_int_equal(sodium_hex2bin(key, SRQ_KEY_LEN, hex, strlen(hex),
					NULL, NULL, NULL),
			 0);
}

/* RFC 7748, 6.1 */
static void test_x25519(void **state)
{
	struct srq_pair alice, bob;
	uint8_t expected[SRQ_KEY_LEN], shared[SRQ_X25519_LEN];

	(void)state;
	from_hex(alice.private, "77076d0a7318a57d3c16c17251b26645"
				"df4c2f87ebc0992ab177fba51db92c2a");
	from_hex(bob.private, "5dab087e624a8a4b79e17f8b83800ee6"
			      "6f3bb1292618b6fd1c2f8b27ff88e0eb");
	srq_pair_complete(&alice);
	from_hex(expected, "8520f0098930a754748b7ddcb43ef75a"
			   "0dbf3a0d26381af4eba4a98eaa9b4e6a");
	assert_memory_equal(alice.public, expected, sizeof(expected));
	srq_pair_complete(&bob);
	from_hex(expected, "de9edb7d7b7dc1b4d35b61c2ece43537"
			   "3f8343c85b78674dadfc7e146f882b4f");
	assert_memory_equal(bob.public, expected, sizeof(expected));
	from_hex(expected, "4a5d9d5ba4ce2de1728e3bf480350f25"
			   "e07e21c947d19e3376f09b3c1e161742");
	assert_true(srq_x25519(shared, alice.private, bob.public));
	assert_memory_equal(shared, expected, sizeof(expected));
	assert_true(srq_x25519(shared, bob.private, alice.public));
	assert_memory_equal(shared, expected, sizeof(expected));
}

static void new_pair(struct srq_pair *pair)
{
	randombytes_buf(pair->private, sizeof(pair->private));
	srq_pair_complete(pair);
}

/* K by the formula, with libsodium alone */
static void expect_k(const struct srq_pair *operator_,
		     const struct srq_pair *host, uint8_t k[SRQ_KEY_LEN])
{
	static const char label[] = "ipt_SYSRQ v2 pair";
	uint8_t shared[32], message[17 + 64];

	assert_int_equal(
		crypto_scalarmult(shared, operator_->private, host->public), 0);
	memcpy(message, label, 17);
	memcpy(message + 17, operator_->public, 32);
	memcpy(message + 49, host->public, 32);
	crypto_auth_hmacsha256(k, message, sizeof(message), shared);
}

static void test_pairs(void **state)
{
	(void)state;
	for (int n = 0; n < 100; n++) {
		struct srq_pair a, b;
		uint8_t expected[SRQ_KEY_LEN], key[SRQ_KEY_LEN];

		new_pair(&a);
		new_pair(&b);
		assert_true(srq_public_key_ok(&a, b.public));
		assert_true(srq_public_key_ok(&b, a.public));
		expect_k(&a, &b, expected);
		assert_int_equal(
			srq_key_from_pair(key, &a, SRQ_OPERATOR, b.public), 0);
		assert_memory_equal(key, expected, sizeof(key));
		assert_int_equal(srq_key_from_pair(key, &b, SRQ_HOST, a.public),
				 0);
		assert_memory_equal(key, expected, sizeof(key));
		/* Between the same two, with the parts changed, it is another.
		 */
		expect_k(&b, &a, expected);
		assert_memory_not_equal(key, expected, sizeof(key));
		assert_int_equal(srq_key_from_pair(key, &a, SRQ_HOST, b.public),
				 0);
		assert_memory_equal(key, expected, sizeof(key));
	}
}

/* One's own public key is nobody else's. */
static void test_own_public_key(void **state)
{
	struct srq_pair own;
	uint8_t public[SRQ_KEY_LEN];

	(void)state;
	new_pair(&own);
	assert_false(srq_public_key_ok(&own, own.public));
	assert_true(srq_public_key_ok(NULL, own.public));
	/* One bit of it makes it another one. */
	for (int bit = 0; bit < 8 * SRQ_KEY_LEN - 1; bit++) {
		memcpy(public, own.public, sizeof(public));
		public[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_true(srq_public_key_ok(&own, public));
	}
}

/* Each number has one form: below 2^255 - 19, and without the top bit. */
static void test_canonical(void **state)
{
	struct srq_pair own, other;
	uint8_t public[SRQ_KEY_LEN];

	(void)state;
	new_pair(&own);
	new_pair(&other);
	for (int byte = 0; byte < 256; byte++) {
		memset(public, 0xff, sizeof(public));
		public[31] = 0x7f;
		public[0] = (uint8_t)byte;
		/* 2^255 - 20 is of low order. */
		assert_int_equal(srq_public_key_ok(&own, public), byte < 0xec);
		public[0] = 0xff;
		public[31] = (uint8_t)byte;
		assert_int_equal(srq_public_key_ok(&own, public), byte < 0x7f);
		memcpy(public, other.public, sizeof(public));
		public[31] = (uint8_t)byte;
		assert_int_equal(srq_public_key_ok(&own, public), byte < 0x80);
	}
	/* A number that ends as 2^255 - 1 does, but for one byte */
	for (int i = 1; i < 31; i++) {
		memset(public, 0xff, sizeof(public));
		public[31] = 0x7f;
		public[i] = 0xfe;
		assert_true(srq_public_key_ok(&own, public));
	}
}

/* Nobody's K is made of a public key that gives 0 with every private key. */
static void test_low_order(void **state)
{
	static const uint8_t zero[SRQ_KEY_LEN], one[SRQ_KEY_LEN] = { 1 };
	const uint8_t *const publics[] = { zero, one };
	struct srq_pair own;
	uint8_t key[SRQ_KEY_LEN];

	(void)state;
	new_pair(&own);
	for (int i = 0; i < 2; i++) {
		assert_false(srq_public_key_ok(&own, publics[i]));
		assert_false(srq_public_key_ok(NULL, publics[i]));
		memset(key, 0xa5, sizeof(key));
		assert_int_not_equal(srq_key_from_pair(key, &own, SRQ_OPERATOR,
						       publics[i]),
				     0);
		assert_memory_equal(key, zero, sizeof(key));
	}
}

static void test_private_text(void **state)
{
	static const char prefix[] = "sysrq-private:";
	char text[SRQ_PRIVATE_TEXT_LEN + 1], bad[SRQ_PRIVATE_TEXT_LEN + 1];
	uint8_t key[SRQ_KEY_LEN], back[SRQ_KEY_LEN];
	size_t len = sizeof(prefix) - 1;

	(void)state;
	for (int n = 0; n < 1000; n++) {
		randombytes_buf(key, sizeof(key));
		srq_private_to_text(text, key);
		assert_int_equal(strlen(text), SRQ_PRIVATE_TEXT_LEN);
		assert_memory_equal(text, prefix, len);
		assert_true(
			srq_key_from_text(back, text + len, SRQ_KEY_TEXT_LEN));
		assert_memory_equal(back, key, sizeof(key));
		assert_true(srq_private_from_text(back, text, strlen(text)));
		assert_memory_equal(back, key, sizeof(key));
	}
	/* Neither kind of text is taken for the other. */
	assert_false(srq_key_from_text(back, text, strlen(text)));
	assert_false(srq_key_from_text(back, text, SRQ_KEY_TEXT_LEN));
	assert_false(srq_private_from_text(back, text + len, SRQ_KEY_TEXT_LEN));
	assert_false(srq_private_from_text(back, text, strlen(text) - 1));
	assert_false(srq_private_from_text(back, text, strlen(text) + 1));
	for (size_t i = 0; i < len; i++) {
		memcpy(bad, text, sizeof(bad));
		bad[i] ^= 0x20;
		assert_false(srq_private_from_text(back, bad, strlen(bad)));
	}
	for (size_t i = len; i < SRQ_PRIVATE_TEXT_LEN; i++) {
		memcpy(bad, text, sizeof(bad));
		bad[i] = '!';
		assert_false(srq_private_from_text(back, bad, strlen(bad)));
	}
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
		cmocka_unit_test(test_x25519),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_own_public_key),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_low_order),
		cmocka_unit_test(test_private_text),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bad_text),
	};

	if (sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
