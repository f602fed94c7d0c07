// SPDX-License-Identifier: GPL-2.0
/*
 * core/datagram: a datagram does not open if any one bit of it is changed, and
 * has no key id if its magic or version is another one. tests/unit/vectors.c
 * proves that good datagrams open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>
#include "core/datagram.h"

static void test_forged(void **state)
{
	uint8_t key[SRQ_KEY_LEN] = { 7 }, nonce[SRQ_AEAD_NONCE_LEN] = { 9 };
	uint8_t good[SRQ_SHORT] = { 0 }, bad[SRQ_SHORT];
	struct srq_keys keys;

	(void)state;
	assert_int_equal(srq_keys_derive(&keys, key), 0);
	srq_datagram_seal(good, sizeof(good), keys.id, keys.request, nonce);
	for (size_t bit = 0; bit < 8 * sizeof(good); bit++) {
		memcpy(bad, good, sizeof(bad));
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(srq_datagram_open(bad, sizeof(bad), keys.request));
		/* The magic and the version have 32 bits. */
		if (bit < 32)
			assert_null(srq_datagram_key_id(bad));
	}
	assert_true(srq_datagram_open(good, sizeof(good), keys.request));
}

/* The key of a reply opens no request, and the other way round. Nor does the
 * key of anybody else. */
static void test_other_key(void **state)
{
	uint8_t key[SRQ_KEY_LEN] = { 7 }, nonce[SRQ_AEAD_NONCE_LEN] = { 9 };
	uint8_t good[SRQ_LONG] = { 0 }, copy[SRQ_LONG];
	struct srq_keys keys, others;

	(void)state;
	assert_int_equal(srq_keys_derive(&keys, key), 0);
	key[31] = 1;
	assert_int_equal(srq_keys_derive(&others, key), 0);
	srq_datagram_seal(good, sizeof(good), keys.id, keys.reply, nonce);
	memcpy(copy, good, sizeof(copy));
	assert_false(srq_datagram_open(copy, sizeof(copy), keys.request));
	memcpy(copy, good, sizeof(copy));
	assert_false(srq_datagram_open(copy, sizeof(copy), others.reply));
	memcpy(copy, good, sizeof(copy));
	assert_true(srq_datagram_open(copy, sizeof(copy), keys.reply));
}

/* Version 1 was never released, and is nobody's. */
static void test_version(void **state)
{
	uint8_t datagram[SRQ_HEADER_LEN] = "SRQ";

	(void)state;
	for (int version = 0; version < 256; version++) {
		datagram[3] = (uint8_t)version;
		if (version == 2)
			assert_ptr_equal(srq_datagram_key_id(datagram),
					 datagram + 4);
		else
			assert_null(srq_datagram_key_id(datagram));
	}
}

static void test_length(void **state)
{
	(void)state;
	for (size_t len = 0; len < 2 * SRQ_LONG; len++)
		assert_int_equal(srq_datagram_length_ok(len),
				 len == SRQ_SHORT || len == SRQ_LONG);
	assert_int_equal(SRQ_SHORT, 320);
	assert_int_equal(SRQ_LONG, 1232);
	assert_int_equal(srq_body_length(SRQ_SHORT), SRQ_SHORT_BODY);
	assert_int_equal(srq_body_length(SRQ_LONG), SRQ_LONG_BODY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_length),
	};

	if (sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("datagram", tests, NULL, NULL);
}
