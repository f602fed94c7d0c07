// SPDX-License-Identifier: GPL-2.0
/* The public functions for keys: they call core/key. */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "core/key.h"
#include "core/letter.h"
#include "core/message.h"
#include "lib/sysrq.h"

static_assert((int)SYSRQ_KEY_LEN == (int)SRQ_KEY_LEN, "key");
static_assert((int)SYSRQ_PUBLIC_TEXT_LEN == (int)SRQ_KEY_TEXT_LEN, "text");
static_assert((int)SYSRQ_PRIVATE_TEXT_LEN == (int)SRQ_PRIVATE_TEXT_LEN, "text");
static_assert((int)SYSRQ_PASSWORD_MAX == (int)SRQ_PASSWORD_MAX, "password");
static_assert((int)SYSRQ_REALM_MAX == (int)SRQ_REALM_MAX, "realm");

static void to_core(struct srq_pair *to, const struct sysrq_pair *from)
{
	memcpy(to->private, from->secret, SRQ_KEY_LEN);
	memcpy(to->public, from->public_key.bytes, SRQ_KEY_LEN);
}

/* Fills in the public key. */
static void complete(struct sysrq_pair *pair)
{
	struct srq_pair core;

	memcpy(core.private, pair->secret, SRQ_KEY_LEN);
	srq_pair_complete(&core);
	memcpy(pair->public_key.bytes, core.public, SRQ_KEY_LEN);
	srq_wipe(&core, sizeof(core));
}

int sysrq_pair_generate(struct sysrq_pair *pair)
{
	if (sodium_init() < 0)
		return -EIO;
	randombytes_buf(pair->secret, sizeof(pair->secret));
	complete(pair);
	return 0;
}

int sysrq_public_from_text(struct sysrq_public *key, const char *text,
			   size_t len)
{
	return srq_key_from_text(key->bytes, text, len) ? 0 : -EINVAL;
}

int sysrq_pair_from_text(struct sysrq_pair *pair, const char *text, size_t len)
{
	if (!srq_private_from_text(pair->secret, text, len))
		return -EINVAL;
	complete(pair);
	return 0;
}

void sysrq_public_to_text(const struct sysrq_public *key,
			  char text[SYSRQ_PUBLIC_TEXT_LEN + 1])
{
	srq_key_to_text(text, key->bytes);
}

void sysrq_pair_to_text(const struct sysrq_pair *pair,
			char text[SYSRQ_PRIVATE_TEXT_LEN + 1])
{
	srq_private_to_text(text, pair->secret);
}

void sysrq_pair_wipe(struct sysrq_pair *pair)
{
	srq_wipe(pair, sizeof(*pair));
}

int sysrq_key_from_pair(struct sysrq_key *key, const struct sysrq_pair *pair,
			const struct sysrq_public *host)
{
	struct srq_pair own;
	int err;

	key->of_password = false;
	to_core(&own, pair);
	err = srq_key_from_pair(key->bytes, &own, SRQ_OPERATOR, host->bytes);
	srq_wipe(&own, sizeof(own));
	if (err == SRQ_KEY_REFUSED)
		return -EINVAL;
	return err ? -ENOMEM : 0;
}

int sysrq_key_from_password(struct sysrq_key *key, const void *password,
			    size_t password_len, const char *realm)
{
	if (password_len > SRQ_PASSWORD_MAX || strlen(realm) > SRQ_REALM_MAX)
		return -EINVAL;
	key->of_password = true;
	/* With lengths that are good, memory is all that can be missing. */
	return srq_key_from_password(key->bytes, password, password_len, realm,
				     strlen(realm))
		       ? -ENOMEM
		       : 0;
}

void sysrq_key_wipe(struct sysrq_key *key)
{
	srq_wipe(key, sizeof(*key));
}

const char *sysrq_version(void)
{
	return SRQ_VERSION;
}
