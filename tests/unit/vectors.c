// SPDX-License-Identifier: GPL-2.0
/*
 * core/ makes the same keys and datagrams as another implementation, which
 * shares no code with it and has made tests/vectors.json. Each vector is made
 * here from its parts, and taken apart again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>
#include "core/message.h"

static json_t *vectors;

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (!text)
		fail_msg("a vector has no %s", name);
	return text;
}

/* Reads the hex of a member. Fails if it has not exactly len bytes. */
static void bytes_of(json_t *object, const char *name, uint8_t *out, size_t len)
{
	const char *hex = text_of(object, name);
	size_t got = 0;

	if (sodium_hex2bin(out, len, hex, strlen(hex), NULL, &got, NULL) ||
	    got != len)
		fail_msg("%s is not %zu bytes of hex", name, len);
}

static void test_keys(void **state)
{
	json_t *entry, *list = json_object_get(vectors, "keys");
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(list), 5);
	json_array_foreach(list, i, entry) {
		uint8_t key[SRQ_KEY_LEN], expected[SRQ_KEY_LEN];
		const char *realm = text_of(entry, "realm");
		const char *from = text_of(entry, "from");

		bytes_of(entry, "key", expected, sizeof(expected));
		if (!strcmp(from, "password")) {
			const char *password = text_of(entry, "password");

			assert_int_equal(srq_key_from_password(key, password,
							       strlen(password),
							       realm,
							       strlen(realm)),
					 0);
		} else {
			uint8_t master[SRQ_KEY_LEN];

			assert_string_equal(from, "master");
			bytes_of(entry, "master", master, sizeof(master));
			assert_int_equal(srq_key_from_master(key, master, realm,
							     strlen(realm)),
					 0);
		}
		assert_memory_equal(key, expected, sizeof(key));
	}
}

static void test_subkeys(void **state)
{
	json_t *entry, *list = json_object_get(vectors, "subkeys");
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(list), 3);
	json_array_foreach(list, i, entry) {
		uint8_t key[SRQ_KEY_LEN];
		struct srq_keys keys, expected;

		bytes_of(entry, "key", key, sizeof(key));
		bytes_of(entry, "key_id", expected.id, sizeof(expected.id));
		bytes_of(entry, "request", expected.request,
			 sizeof(expected.request));
		bytes_of(entry, "reply", expected.reply,
			 sizeof(expected.reply));
		assert_int_equal(srq_keys_derive(&keys, key), 0);
		assert_memory_equal(&keys, &expected, sizeof(keys));
	}
}

/* Reads the body into its structure and writes that again. */
static void rewrite(const uint8_t *body, size_t len, uint8_t *out)
{
	struct srq_header header;
	struct srq_status status;
	struct srq_command command;
	struct srq_result result;
	struct srq_log log;
	struct srq_logdata logdata;

	assert_true(srq_read_header(body, len, &header));
	switch (header.type) {
	case SRQ_HELLO:
		srq_write_hello(out, len, header.id);
		break;
	case SRQ_STATUS:
		assert_true(srq_read_status(body, len, &status));
		srq_write_status(out, len, header.id, &status);
		break;
	case SRQ_COMMAND:
		assert_true(srq_read_command(body, len, &command));
		srq_write_command(out, len, header.id, &command);
		break;
	case SRQ_RESULT:
		assert_true(srq_read_result(body, len, &result));
		srq_write_result(out, len, header.id, header.code, &result);
		break;
	case SRQ_LOG:
		assert_true(srq_read_log(body, len, &log));
		srq_write_log(out, len, header.id, &log);
		break;
	case SRQ_LOGDATA:
		assert_true(srq_read_logdata(body, len, &logdata));
		srq_write_logdata(out, len, header.id, header.code, &logdata);
		break;
	default:
		fail_msg("a vector of unknown type %u", header.type);
	}
}

static void test_datagrams(void **state)
{
	json_t *entry, *list = json_object_get(vectors, "datagrams");
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(list), 8);
	json_array_foreach(list, i, entry) {
		size_t len = strlen(text_of(entry, "datagram")) / 2;
		size_t given = strlen(text_of(entry, "body")) / 2;
		bool reply = !strcmp(text_of(entry, "direction"), "reply");
		uint8_t expected[SRQ_LONG], datagram[SRQ_LONG];
		uint8_t body[SRQ_LONG_BODY] = { 0 }, again[SRQ_LONG_BODY];
		uint8_t key[SRQ_KEY_LEN], nonce[SRQ_AEAD_NONCE_LEN];
		const uint8_t *subkey;
		struct srq_keys keys;

		assert_true(srq_datagram_length_ok(len));
		assert_true(given <= srq_body_length(len));
		bytes_of(entry, "datagram", expected, len);
		bytes_of(entry, "body", body, given);
		bytes_of(entry, "key", key, sizeof(key));
		bytes_of(entry, "nonce", nonce, sizeof(nonce));
		assert_int_equal(srq_keys_derive(&keys, key), 0);
		subkey = reply ? keys.reply : keys.request;

		memcpy(srq_datagram_body(datagram), body, srq_body_length(len));
		srq_datagram_seal(datagram, len, keys.id, subkey, nonce);
		assert_memory_equal(datagram, expected, len);

		assert_memory_equal(srq_datagram_key_id(datagram), keys.id,
				    sizeof(keys.id));
		assert_true(srq_datagram_open(datagram, len, subkey));
		assert_memory_equal(srq_datagram_body(datagram), body,
				    srq_body_length(len));

		rewrite(body, srq_body_length(len), again);
		assert_memory_equal(again, body, srq_body_length(len));

		/* The key of the other direction does not open it. */
		memcpy(datagram, expected, len);
		assert_false(srq_datagram_open(
			datagram, len, reply ? keys.request : keys.reply));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_subkeys),
		cmocka_unit_test(test_datagrams),
	};

	vectors = json_load_file(VECTORS, 0, NULL);
	if (!vectors || sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
