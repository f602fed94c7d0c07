// SPDX-License-Identifier: GPL-2.0
/* How keys are made from passwords and from key pairs */
#include "tests/proof/proof.h"

enum { REALM_TRIED = SRQ_REALM_MAX + 3 }; /* some are longer than may be */

static char realm[REALM_TRIED];
static char password[SRQ_PASSWORD_MAX];

/* To Eva, the end of an array is no place for a text of no bytes. */
static const char *tail(const char *text, size_t size, size_t len)
{
	return len ? text + size - len : text;
}

/* The salt may be longer than those that are made of a realm. */
static void any_salt(const char *salt, size_t len)
{
	uint8_t out[SRQ_HASH_LEN];

	srq_pbkdf2(out, password, sizeof(password), salt, len,
		   Frama_C_unsigned_int_interval(1, UINT32_MAX));
	//@ assert out_set: \initialized(&out[0 .. 31]);
}

void main_password(void)
{
	static char salt[400];

	any(salt, sizeof(salt));
	any(realm, sizeof(realm));
	any(password, sizeof(password));
	any_salt(salt, sizeof(salt));
	any_salt(salt + sizeof(salt) - SRQ_REALM_MAX, SRQ_REALM_MAX);
	//@ loop unroll REALM_TRIED + 1;
	for (size_t len = 0; len <= REALM_TRIED; len++) {
		size_t most = len < SRQ_PASSWORD_MAX ? len : SRQ_PASSWORD_MAX;
		uint8_t key[SRQ_KEY_LEN];

		if (!is_edge(len, SRQ_REALM_MAX))
			continue;
		if (srq_key_from_password(
			    key, tail(password, sizeof(password), most), most,
			    tail(realm, sizeof(realm), len), len) == 0) {
			//@ assert key_set: \initialized(&key[0 .. 31]);
		}
	}
}

void main_pair(void)
{
	struct srq_pair own;
	struct srq_keys keys;
	uint8_t other[SRQ_KEY_LEN], key[SRQ_KEY_LEN];

	any(own.private, sizeof(own.private));
	srq_pair_complete(&own);
	any(other, sizeof(other));
	srq_public_key_ok(NULL, other);
	srq_public_key_ok(&own, other);
	srq_key_from_pair(key, &own, any_bool() ? SRQ_OPERATOR : SRQ_HOST,
			  other);
	//@ assert key_set: \initialized(&key[0 .. 31]);
	srq_keys_derive(&keys, key);
	//@ assert keys_set: \initialized((char *)&keys + (0 .. sizeof(keys) - 1));
}
