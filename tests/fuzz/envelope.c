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
static const char pair_label[] = "ipt_SYSRQ v2 pair";
static const uint8_t magic[] = { 'S', 'R', 'Q', 2 };

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

/* Is it a number below 2^255 - 19? */
static bool is_canonical(const uint8_t public[SRQ_KEY_LEN])
{
	uint8_t prime[SRQ_KEY_LEN], number[SRQ_KEY_LEN];

	for (size_t i = 0; i < SRQ_KEY_LEN; i++) {
		prime[i] = i == 0 ? 0x7f : i == 31 ? 0xed : 0xff;
		number[i] = public[31 - i];
	}
	return memcmp(number, prime, sizeof(prime)) < 0;
}

/* K with libsodium alone; false: it is not to be had from this public key. */
static bool expect_pair(uint8_t key[SRQ_KEY_LEN], const struct srq_pair *own,
			enum srq_side side, const uint8_t public[SRQ_KEY_LEN])
{
	const uint8_t *a = side == SRQ_OPERATOR ? own->public : public;
	const uint8_t *h = side == SRQ_OPERATOR ? public : own->public;
	uint8_t shared[SRQ_X25519_LEN];
	crypto_auth_hmacsha256_state state;

	memset(key, 0, SRQ_KEY_LEN);
	if (crypto_scalarmult(shared, own->private, public))
		return false;
	crypto_auth_hmacsha256_init(&state, shared, sizeof(shared));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)pair_label,
				      sizeof(pair_label) - 1);
	crypto_auth_hmacsha256_update(&state, a, SRQ_KEY_LEN);
	crypto_auth_hmacsha256_update(&state, h, SRQ_KEY_LEN);
	crypto_auth_hmacsha256_final(&state, key);
	return true;
}

static void check_private_text(const uint8_t private[SRQ_KEY_LEN],
			       struct input *in)
{
	char text[SRQ_PRIVATE_TEXT_LEN + 1];
	uint8_t back[SRQ_KEY_LEN];
	size_t at = take(in, 1) % SRQ_PRIVATE_TEXT_LEN;
	size_t len = SRQ_PRIVATE_TEXT_LEN - take(in, 1) % 2;
	char *bare;

	srq_private_to_text(text, private);
	text[at] ^= (char)take(in, 1);
	bare = exact(text, len);
	if (srq_private_from_text(back, bare, len)) {
		assert(len == SRQ_PRIVATE_TEXT_LEN);
		srq_private_to_text(text, back);
		assert(!memcmp(text, bare, len));
	}
	free(bare);
}

/* The public key is one of a pair, or any bytes. */
static bool take_key_of_pair(struct input *in, uint8_t key[SRQ_KEY_LEN])
{
	enum srq_side side = take(in, 1) % 2 ? SRQ_HOST : SRQ_OPERATOR;
	bool of_a_pair = take(in, 1) % 2;
	struct srq_pair own, other;
	uint8_t expected[SRQ_KEY_LEN];
	bool made;

	take_bytes(in, own.private, sizeof(own.private));
	take_bytes(in, other.private, sizeof(other.private));
	srq_pair_complete(&own);
	if (of_a_pair)
		srq_pair_complete(&other);
	else
		memcpy(other.public, other.private, sizeof(other.public));
	check_private_text(own.private, in);
	made = expect_pair(expected, &own, side, other.public) &&
	       is_canonical(other.public) &&
	       memcmp(other.public, own.public, SRQ_KEY_LEN);
	assert(srq_public_key_ok(&own, other.public) == made);
	assert(!srq_key_from_pair(key, &own, side, other.public) == made);
	assert(!made || !memcmp(key, expected, sizeof(expected)));
	/* A pair has any key but its own. */
	if (of_a_pair && memcmp(other.public, own.public, SRQ_KEY_LEN)) {
		assert(made);
		side = side == SRQ_HOST ? SRQ_OPERATOR : SRQ_HOST;
		assert(!srq_key_from_pair(key, &other, side, own.public));
		assert(!memcmp(key, expected, sizeof(expected)));
	}
	return made;
}

static void take_keys(struct input *in, struct srq_keys *keys)
{
	uint8_t key[SRQ_KEY_LEN];

	switch (take(in, 1) % 4) {
	case 0:
		take_key_of_password(in, key);
		break;
	case 1:
		if (take_key_of_pair(in, key))
			break;
		/* fall through */
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
