// SPDX-License-Identifier: GPL-2.0
/*
 * The envelope. An input as long as a datagram is one, from the network. Any
 * other says how to make a key, to seal a datagram with it and to change that:
 * it must open if, and only if, it is what was sealed.
 */
#include <sodium.h>
#include "tests/fuzz/fuzz.h"
#include "core/datagram.h"

static const char label[] = "ipt_SYSRQ password ";
static const uint8_t magic[] = { 'S', 'R', 'Q', 1 };

static struct srq_keys known; /* those of tests/vectors.json's datagrams */

static void check_password(void)
{
	uint8_t key[SRQ_KEY_LEN], again[SRQ_KEY_LEN];
	char salt[] = "ipt_SYSRQ password web7";
	char realm[SRQ_REALM_MAX + 1] = "";

	assert(!srq_key_from_password(key, "secret", 6, "web7", 4));
	assert(!srq_pbkdf2(again, "secret", 6, salt, sizeof(salt) - 1,
			   SRQ_PASSWORD_ROUNDS));
	assert(!memcmp(key, again, sizeof(key)));
	assert(srq_key_from_password(key, "secret", 6, realm, sizeof(realm)));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	uint8_t key[SRQ_KEY_LEN];

	(void)argc;
	(void)argv;
	assert(sodium_init() >= 0);
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
	assert(!srq_keys_derive(&known, key));
	check_password(); /* once, as it is slow */
	return 0;
}

/* What opens is what is sealed again from its parts. */
static void open_and_seal(const uint8_t *sealed, size_t len,
			  const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	uint8_t *datagram = exact(sealed, len);
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	if (srq_datagram_open(datagram, len, key)) {
		memcpy(nonce, sealed + SRQ_HEADER_LEN - sizeof(nonce),
		       sizeof(nonce));
		srq_datagram_seal(datagram, len, known.id, key, nonce);
		assert(!memcmp(datagram, sealed, len));
	}
	free(datagram);
}

static void receive(const uint8_t *datagram, size_t len)
{
	const uint8_t *id = srq_datagram_key_id(datagram);

	assert(!id == !!memcmp(datagram, magic, sizeof(magic)));
	if (!id || memcmp(id, known.id, sizeof(known.id)))
		return;
	open_and_seal(datagram, len, known.request);
	open_and_seal(datagram, len, known.reply);
}

/* PBKDF2 with libsodium alone, for one round or two */
static void expect_pbkdf2(uint8_t key[SRQ_KEY_LEN], const void *password,
			  size_t password_len, const void *salt,
			  size_t salt_len, uint32_t rounds)
{
	static const uint8_t first[] = { 0, 0, 0, 1 };
	crypto_auth_hmacsha256_state state;
	uint8_t u[SRQ_HASH_LEN];

	crypto_auth_hmacsha256_init(&state, password, password_len);
	crypto_auth_hmacsha256_update(&state, salt, salt_len);
	crypto_auth_hmacsha256_update(&state, first, sizeof(first));
	crypto_auth_hmacsha256_final(&state, key);
	if (rounds == 1)
		return;
	crypto_auth_hmacsha256_init(&state, password, password_len);
	crypto_auth_hmacsha256_update(&state, key, SRQ_KEY_LEN);
	crypto_auth_hmacsha256_final(&state, u);
	for (size_t i = 0; i < sizeof(u); i++)
		key[i] ^= u[i];
}

static void take_key_of_password(struct input *in, uint8_t key[SRQ_KEY_LEN])
{
	uint8_t password[SRQ_PASSWORD_MAX], salt[512], expected[SRQ_KEY_LEN];
	size_t password_len = take(in, 1);
	size_t salt_len = take(in, 2) % (sizeof(salt) + 1);
	uint32_t rounds = 1 + (uint32_t)take(in, 1) % 2;
	uint8_t *secret, *text;

	take_bytes(in, password, password_len);
	take_bytes(in, salt, salt_len);
	secret = exact(password, password_len);
	text = exact(salt, salt_len);
	if (srq_pbkdf2(key, secret, password_len, text, salt_len, rounds)) {
		assert(salt_len > strlen(label) + SRQ_REALM_MAX);
		memset(expected, 0, sizeof(expected));
	} else {
		expect_pbkdf2(expected, password, password_len, salt, salt_len,
			      rounds);
	}
	assert(!memcmp(key, expected, sizeof(expected)));
	free(secret);
	free(text);
}

static void take_key_of_master(struct input *in, uint8_t key[SRQ_KEY_LEN])
{
	uint8_t master[SRQ_KEY_LEN], realm[SRQ_REALM_MAX + 32];
	size_t realm_len = take(in, 2) % (sizeof(realm) + 1);
	char *text;

	take_bytes(in, master, sizeof(master));
	take_bytes(in, realm, realm_len);
	text = exact(realm, realm_len);
	assert(!srq_key_from_master(key, master, text, realm_len) ==
	       (realm_len <= SRQ_REALM_MAX));
	assert(realm_len <= SRQ_REALM_MAX || sodium_is_zero(key, SRQ_KEY_LEN));
	free(text);
}

static void take_keys(struct input *in, struct srq_keys *keys)
{
	uint8_t key[SRQ_KEY_LEN];

	switch (take(in, 1) % 4) {
	case 0:
		take_key_of_password(in, key);
		break;
	case 1:
		take_key_of_master(in, key);
		break;
	default:
		*keys = known;
		return;
	}
	assert(!srq_keys_derive(keys, key));
	assert(memcmp(keys->request, keys->reply, sizeof(keys->request)));
}

static void expect_open(const uint8_t *datagram, size_t len,
			const uint8_t key[SRQ_AEAD_KEY_LEN], bool opens)
{
	uint8_t *copy = exact(datagram, len);

	assert(srq_datagram_open(copy, len, key) == opens);
	free(copy);
}

/* Up to four of its bytes, and its end: the other length that passes */
static void tamper(struct input *in, const uint8_t *sealed, size_t len,
		   const uint8_t key[SRQ_AEAD_KEY_LEN])
{
	uint8_t datagram[SRQ_LONG] = { 0 };
	size_t other = len == SRQ_SHORT ? SRQ_LONG : SRQ_SHORT;
	size_t count = take(in, 1) % 5;

	memcpy(datagram, sealed, len);
	for (size_t i = 0; i < count; i++) {
		size_t at = take(in, 2) % len;

		datagram[at] ^= (uint8_t)take(in, 1);
	}
	expect_open(datagram, len, key, !memcmp(datagram, sealed, len));
	expect_open(datagram, other, key, false);
}

static void seal_and_open(struct input *in)
{
	size_t len = take(in, 1) % 2 ? SRQ_LONG : SRQ_SHORT;
	uint8_t body[SRQ_LONG_BODY], nonce[SRQ_AEAD_NONCE_LEN];
	uint8_t *datagram = malloc(len);
	struct srq_keys keys;
	uint8_t *opened;

	assert(datagram);
	take_keys(in, &keys);
	take_bytes(in, nonce, sizeof(nonce));
	take_bytes(in, body, srq_body_length(len));
	memcpy(srq_datagram_body(datagram), body, srq_body_length(len));
	srq_datagram_seal(datagram, len, keys.id, keys.request, nonce);

	assert(srq_datagram_length_ok(len));
	assert(!memcmp(srq_datagram_key_id(datagram), keys.id,
		       sizeof(keys.id)));
	opened = exact(datagram, len);
	assert(srq_datagram_open(opened, len, keys.request));
	assert(!memcmp(srq_datagram_body(opened), body, srq_body_length(len)));
	expect_open(datagram, len, keys.reply, false);
	tamper(in, datagram, len, keys.request);
	free(opened);
	free(datagram);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (srq_datagram_length_ok(size))
		receive(data, size);
	else
		seal_and_open(&in);
	return 0;
}
