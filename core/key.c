// SPDX-License-Identifier: GPL-2.0
#include "core/key.h"
#include "core/bytes.h"

static const char password_label[] = "ipt_SYSRQ password ";
static const char pair_label[] = "ipt_SYSRQ v2 pair";
static const char sub_label[] = "ipt_SYSRQ v2 ";

/* out = HMAC-SHA256(key, label || text). The label has no NUL there. */
static int hmac_labelled(uint8_t out[SRQ_HASH_LEN],
			 const uint8_t key[SRQ_KEY_LEN], const char *label,
			 const char *text, size_t text_len)
{
	uint8_t message[sizeof(password_label) + SRQ_REALM_MAX];
	size_t label_len = strlen(label);
	struct srq_hmac *hmac;
	int err;

	memcpy(message, label, label_len);
	memcpy(message + label_len, text, text_len);

	hmac = srq_hmac_new(key, SRQ_KEY_LEN);
	err = hmac ? srq_hmac_digest(hmac, message, label_len + text_len, out)
		   : -1;
	srq_hmac_free(hmac);
	return err;
}

int srq_pbkdf2(uint8_t out[SRQ_HASH_LEN], const void *password,
	       size_t password_len, const void *salt, size_t salt_len,
	       uint32_t rounds)
{
	uint8_t first[sizeof(password_label) + SRQ_REALM_MAX + 4];
	uint8_t u[SRQ_HASH_LEN];
	struct srq_hmac *hmac = NULL;
	int err = -1;

	memset(out, 0, SRQ_HASH_LEN);
	if (salt_len + 4 > sizeof(first))
		return -1;
	memcpy(first, salt, salt_len);
	srq_put32(first + salt_len, 1);

	hmac = srq_hmac_new(password, password_len);
	if (!hmac)
		return -1;
	err = srq_hmac_digest(hmac, first, salt_len + 4, u);
	while (!err) {
		for (size_t i = 0; i < SRQ_HASH_LEN; i++)
			out[i] ^= u[i];
		if (--rounds == 0)
			break;
		err = srq_hmac_digest(hmac, u, sizeof(u), u);
	}
	srq_hmac_free(hmac);
	srq_wipe(u, sizeof(u));
	if (err)
		srq_wipe(out, SRQ_HASH_LEN);
	return err;
}

int srq_key_from_password(uint8_t key[SRQ_KEY_LEN], const char *password,
			  size_t password_len, const char *realm,
			  size_t realm_len)
{
	char salt[sizeof(password_label) - 1 + SRQ_REALM_MAX];
	size_t label_len = sizeof(password_label) - 1;

	if (realm_len > SRQ_REALM_MAX)
		return -1;
	memcpy(salt, password_label, label_len);
	memcpy(salt + label_len, realm, realm_len);
	return srq_pbkdf2(key, password, password_len, salt,
			  label_len + realm_len, SRQ_PASSWORD_ROUNDS);
}

void srq_pair_complete(struct srq_pair *pair)
{
	static const uint8_t base_point[SRQ_X25519_LEN] = { 9 };

	srq_x25519(pair->public, pair->private, base_point);
}

/* Is the number below 2^255 - 19? It is public: branches do no harm. */
static bool is_canonical(const uint8_t public[SRQ_KEY_LEN])
{
	if (public[31] != 0x7f)
		return public[31] < 0x7f;
	for (int i = 30; i > 0; i--) {
		if (public[i] != 0xff)
			return true;
	}
	return public[0] < 0xed;
}

static bool is_others(const struct srq_pair *own,
		      const uint8_t other[SRQ_KEY_LEN])
{
	return is_canonical(other) &&
	       !(own && !memcmp(other, own->public, SRQ_KEY_LEN));
}

bool srq_public_key_ok(const struct srq_pair *own,
		       const uint8_t other[SRQ_KEY_LEN])
{
	/* A point of low order gives zero with every private key. */
	static const uint8_t any[SRQ_KEY_LEN];
	uint8_t shared[SRQ_X25519_LEN];
	bool ok;

	if (!is_others(own, other))
		return false;
	ok = srq_x25519(shared, own ? own->private : any, other);
	srq_wipe(shared, sizeof(shared));
	return ok;
}

int srq_key_from_pair(uint8_t key[SRQ_KEY_LEN], const struct srq_pair *own,
		      enum srq_side side, const uint8_t other[SRQ_KEY_LEN])
{
	const uint8_t *operator= side == SRQ_OPERATOR ? own->public : other;
	const uint8_t *host = side == SRQ_OPERATOR ? other : own->public;
	uint8_t shared[SRQ_X25519_LEN];
	char publics[2 * SRQ_KEY_LEN];
	int err = SRQ_KEY_REFUSED;

	memcpy(publics, operator, SRQ_KEY_LEN);
	memcpy(publics + SRQ_KEY_LEN, host, SRQ_KEY_LEN);
	if (is_others(own, other) && srq_x25519(shared, own->private, other))
		err = hmac_labelled(key, shared, pair_label, publics,
				    sizeof(publics));
	srq_wipe(shared, sizeof(shared));
	if (err)
		srq_wipe(key, SRQ_KEY_LEN);
	return err;
}

int srq_keys_derive(struct srq_keys *keys, const uint8_t key[SRQ_KEY_LEN])
{
	uint8_t id[SRQ_HASH_LEN];
	int err;

	err = hmac_labelled(id, key, sub_label, "key id", 6);
	if (!err)
		err = hmac_labelled(keys->request, key, sub_label, "request",
				    7);
	if (!err)
		err = hmac_labelled(keys->reply, key, sub_label, "reply", 5);
	if (err)
		srq_wipe(keys, sizeof(*keys));
	else
		memcpy(keys->id, id, sizeof(keys->id));
	return err;
}

/* Returns 0xff if lo <= v <= hi, else 0. There is no branch on v, a secret. */
static unsigned int in_range(unsigned int v, unsigned int lo, unsigned int hi)
{
	return ((lo - 1 - v) & (v - hi - 1)) >> 24 & 0xff;
}

static char to_base64(unsigned int v)
{
	unsigned int c = (in_range(v, 0, 25) & (v + 'A')) |
			 (in_range(v, 26, 51) & (v - 26 + 'a')) |
			 (in_range(v, 52, 61) & (v - 52 + '0')) |
			 (in_range(v, 62, 62) & '+') |
			 (in_range(v, 63, 63) & '/');

	return (char)c;
}

/* Returns the value of a base64 digit. Bit 8 is set if c is no such digit. */
static unsigned int from_base64(unsigned char c)
{
	unsigned int upper = in_range(c, 'A', 'Z');
	unsigned int lower = in_range(c, 'a', 'z');
	unsigned int digit = in_range(c, '0', '9');
	unsigned int plus = in_range(c, '+', '+');
	unsigned int slash = in_range(c, '/', '/');
	unsigned int none = ~(upper | lower | digit | plus | slash) & 0xff;

	return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) |
	       (digit & (c - '0' + 52)) | (plus & 62) | (slash & 63) |
	       (none & 1) << 8;
}

void srq_key_to_text(char text[SRQ_KEY_TEXT_LEN + 1],
		     const uint8_t key[SRQ_KEY_LEN])
{
	for (size_t i = 0; i < SRQ_KEY_TEXT_LEN; i += 4) {
		const uint8_t *p = key + i / 4 * 3;
		bool last = i == SRQ_KEY_TEXT_LEN - 4;
		uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 |
			     (last ? 0 : p[2]);

		text[i] = to_base64(v >> 18);
		text[i + 1] = to_base64(v >> 12 & 63);
		text[i + 2] = to_base64(v >> 6 & 63);
		text[i + 3] = last ? '=' : to_base64(v & 63);
	}
	text[SRQ_KEY_TEXT_LEN] = '\0';
}

bool srq_key_from_text(uint8_t key[SRQ_KEY_LEN], const char *text, size_t len)
{
	unsigned int bad = 0;

	if (len != SRQ_KEY_TEXT_LEN || text[len - 1] != '=')
		return false;
	for (size_t i = 0; i < SRQ_KEY_TEXT_LEN; i += 4) {
		bool last = i == SRQ_KEY_TEXT_LEN - 4;
		uint32_t v = 0;

		for (size_t j = 0; j < 4; j++) {
			unsigned int d = 0;

			if (!last || j < 3)
				d = from_base64((unsigned char)text[i + j]);
			bad |= d >> 8;
			v = v << 6 | (d & 63);
		}
		key[i / 4 * 3] = (uint8_t)(v >> 16);
		key[i / 4 * 3 + 1] = (uint8_t)(v >> 8);
		if (last)
			bad |= v & 0xff; /* these bits belong to no byte */
		else
			key[i / 4 * 3 + 2] = (uint8_t)v;
	}
	if (bad)
		srq_wipe(key, SRQ_KEY_LEN);
	return !bad;
}

static const char private_prefix[] = SRQ_PRIVATE_PREFIX;

void srq_private_to_text(char text[SRQ_PRIVATE_TEXT_LEN + 1],
			 const uint8_t private[SRQ_KEY_LEN])
{
	memcpy(text, private_prefix, sizeof(private_prefix) - 1);
	srq_key_to_text(text + sizeof(private_prefix) - 1, private);
}

bool srq_private_from_text(uint8_t private[SRQ_KEY_LEN], const char *text,
			   size_t len)
{
	size_t prefix_len = sizeof(private_prefix) - 1;

	return len == SRQ_PRIVATE_TEXT_LEN &&
	       !memcmp(text, private_prefix, prefix_len) &&
	       srq_key_from_text(private, text + prefix_len, len - prefix_len);
}
