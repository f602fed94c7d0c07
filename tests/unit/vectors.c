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
#include "tests/unit/fields.h"

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

/* Returns the list of this name, which has so many vectors. */
static json_t *list_of(const char *name, size_t count)
{
	json_t *list = json_object_get(vectors, name);

	assert_int_equal(json_array_size(list), count);
	return list;
}

static void pair_of(json_t *entry, const char *private, const char *public,
		    struct srq_pair *pair)
{
	uint8_t expected[SRQ_KEY_LEN];

	bytes_of(entry, private, pair->private, sizeof(pair->private));
	bytes_of(entry, public, expected, sizeof(expected));
	srq_pair_complete(pair);
	assert_memory_equal(pair->public, expected, sizeof(expected));
}

static void test_texts(void **state)
{
	json_t *entry, *list = list_of("texts", 2);
	size_t i;

	(void)state;
	json_array_foreach(list, i, entry) {
		const char *private_text = text_of(entry, "private_text");
		const char *public_text = text_of(entry, "public_text");
		char text[SRQ_PRIVATE_TEXT_LEN + 1];
		uint8_t key[SRQ_KEY_LEN];
		struct srq_pair pair;

		pair_of(entry, "private", "public", &pair);
		srq_private_to_text(text, pair.private);
		assert_string_equal(text, private_text);
		srq_key_to_text(text, pair.public);
		assert_string_equal(text, public_text);
		assert_true(srq_private_from_text(key, private_text,
						  strlen(private_text)));
		assert_memory_equal(key, pair.private, sizeof(key));
		assert_true(srq_key_from_text(key, public_text,
					      strlen(public_text)));
		assert_memory_equal(key, pair.public, sizeof(key));
		/* Neither is taken for the other. */
		assert_false(srq_key_from_text(key, private_text,
					       strlen(private_text)));
		assert_false(srq_private_from_text(key, public_text,
						   strlen(public_text)));
	}
}

static void test_pairs(void **state)
{
	json_t *entry, *list = list_of("pairs", 4);
	size_t i;

	(void)state;
	json_array_foreach(list, i, entry) {
		uint8_t expected[SRQ_KEY_LEN], key[SRQ_KEY_LEN];
		struct srq_pair operator_, host;

		pair_of(entry, "operator_private", "operator_public",
			&operator_);
		pair_of(entry, "host_private", "host_public", &host);
		bytes_of(entry, "key", expected, sizeof(expected));
		assert_true(srq_public_key_ok(&operator_, host.public));
		assert_true(srq_public_key_ok(&host, operator_.public));
		assert_int_equal(srq_key_from_pair(key, &operator_,
						   SRQ_OPERATOR, host.public),
				 0);
		assert_memory_equal(key, expected, sizeof(key));
		assert_int_equal(srq_key_from_pair(key, &host, SRQ_HOST,
						   operator_.public),
				 0);
		assert_memory_equal(key, expected, sizeof(key));
		/* Who is the operator and who the host is part of it. */
		assert_int_equal(srq_key_from_pair(key, &host, SRQ_OPERATOR,
						   operator_.public),
				 0);
		assert_memory_not_equal(key, expected, sizeof(key));
	}
}

/* Each side of each pair refuses them. */
static void test_refused_publics(void **state)
{
	json_t *entry, *refused, *pairs = list_of("pairs", 4);
	json_t *list = list_of("refused_publics", 7);
	size_t i, j;

	(void)state;
	json_array_foreach(pairs, i, entry) {
		struct srq_pair sides[2];

		pair_of(entry, "operator_private", "operator_public",
			&sides[0]);
		pair_of(entry, "host_private", "host_public", &sides[1]);
		json_array_foreach(list, j, refused) {
			const char *hex = json_string_value(refused);
			uint8_t public[SRQ_KEY_LEN];
			size_t len;

			assert_int_equal(sodium_hex2bin(public, sizeof(public),
							hex, strlen(hex), NULL,
							&len, NULL),
					 0);
			assert_int_equal(len, sizeof(public));
			assert_false(srq_public_key_ok(&sides[0], public));
			assert_false(srq_public_key_ok(&sides[1], public));
		}
	}
}

static void test_passwords(void **state)
{
	json_t *entry, *list = list_of("passwords", 3);
	size_t i;

	(void)state;
	json_array_foreach(list, i, entry) {
		const char *password = text_of(entry, "password");
		const char *realm = text_of(entry, "realm");
		uint8_t key[SRQ_KEY_LEN], expected[SRQ_KEY_LEN];

		bytes_of(entry, "key", expected, sizeof(expected));
		assert_int_equal(srq_key_from_password(key, password,
						       strlen(password), realm,
						       strlen(realm)),
				 0);
		assert_memory_equal(key, expected, sizeof(key));
	}
}

static void test_subkeys(void **state)
{
	json_t *entry, *list = list_of("subkeys", 3);
	size_t i;

	(void)state;
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

/* Reads the body field by field, and writes it again from its fields. */
static void check_body(const uint8_t *body, size_t len, size_t given)
{
	const struct kind *kind = kind_of(body);
	union message read, apart;
	uint8_t again[SRQ_LONG_BODY];
	struct srq_header header;
	const char *field;

	assert_non_null(kind);
	assert_int_equal(len, kind->body_len);
	assert_true(srq_read_header(body, len, &header));
	assert_int_equal(header.type, kind->type);
	assert_int_equal(header.code, body[1]);
	assert_int_equal(header.length, given);
	assert_int_equal(header.id, big_endian(body + 8, 8));

	memset(&read, 0xa5, sizeof(read));
	assert_true(read_message(kind, body, &read));
	field = differs(kind, body, &read);
	if (field)
		fail_msg("%s is read wrongly", field);
	take_apart(kind, body, &apart);
	if (kind->type == SRQ_LOGDATA) {
		assert_int_equal(read.logdata.text_len, apart.logdata.text_len);
		assert_ptr_equal(read.logdata.text, apart.logdata.text);
	}
	memset(again, 0xa5, sizeof(again));
	write_message(kind, again, header.id, header.code, &apart);
	assert_memory_equal(again, body, len);
	memset(again, 0xa5, sizeof(again));
	write_message(kind, again, header.id, header.code, &read);
	assert_memory_equal(again, body, len);
}

/* Every kind of body is among the vectors. */
static void test_all_kinds(void **state)
{
	json_t *entry, *list = list_of("datagrams", 11);
	size_t i;
	int reached = 0;

	(void)state;
	json_array_foreach(list, i, entry) {
		uint8_t header[4];

		sodium_hex2bin(header, sizeof(header), text_of(entry, "body"),
			       8, NULL, NULL, NULL);
		assert_non_null(kind_of(header));
		reached |= 1 << (kind_of(header) - kinds);
	}
	assert_int_equal(reached, (1 << KINDS) - 1);
}

static void test_datagrams(void **state)
{
	json_t *entry, *list = list_of("datagrams", 11);
	size_t i;

	(void)state;
	json_array_foreach(list, i, entry) {
		size_t len = strlen(text_of(entry, "datagram")) / 2;
		size_t given = strlen(text_of(entry, "body")) / 2;
		bool reply = !strcmp(text_of(entry, "direction"), "reply");
		uint8_t expected[SRQ_LONG], datagram[SRQ_LONG];
		uint8_t body[SRQ_LONG_BODY] = { 0 };
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
		assert_int_equal(reply, body[0] >> 7);

		memcpy(srq_datagram_body(datagram), body, srq_body_length(len));
		srq_datagram_seal(datagram, len, keys.id, subkey, nonce);
		assert_memory_equal(datagram, expected, len);

		memcpy(datagram, expected, len);
		assert_memory_equal(srq_datagram_key_id(datagram), keys.id,
				    sizeof(keys.id));
		assert_true(srq_datagram_open(datagram, len, subkey));
		assert_memory_equal(srq_datagram_body(datagram), body,
				    srq_body_length(len));
		check_body(body, srq_body_length(len), given);

		/* The key of the other direction does not open it. */
		memcpy(datagram, expected, len);
		assert_false(srq_datagram_open(
			datagram, len, reply ? keys.request : keys.reply));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_refused_publics),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_subkeys),
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_datagrams),
	};

	vectors = json_load_file(VECTORS, 0, NULL);
	if (!vectors || sodium_init() < 0)
		return 99;
	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
