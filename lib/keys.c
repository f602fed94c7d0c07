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
static_assert((int)SYSRQ_KEY_TEXT_LEN == (int)SRQ_KEY_TEXT_LEN, "its text");
static_assert((int)SYSRQ_PASSWORD_MAX == (int)SRQ_PASSWORD_MAX, "password");
static_assert((int)SYSRQ_REALM_MAX == (int)SRQ_REALM_MAX, "realm");

int sysrq_key_generate(struct sysrq_key *key)
{
	if (sodium_init() < 0)
		return -EIO;
	randombytes_buf(key->bytes, sizeof(key->bytes));
	return 0;
}

int sysrq_key_from_password(struct sysrq_key *key, const void *password,
			    size_t password_len, const char *realm)
{
	if (password_len > SRQ_PASSWORD_MAX || strlen(realm) > SRQ_REALM_MAX)
		return -EINVAL;
	/* With lengths that are good, memory is all that can be missing. */
	return srq_key_from_password(key->bytes, password, password_len, realm,
				     strlen(realm))
		       ? -ENOMEM
		       : 0;
}

int sysrq_key_from_master(struct sysrq_key *key, const struct sysrq_key *master,
			  const char *realm)
{
	if (strlen(realm) > SRQ_REALM_MAX)
		return -EINVAL;
	return srq_key_from_master(key->bytes, master->bytes, realm,
				   strlen(realm))
		       ? -ENOMEM
		       : 0;
}

int sysrq_key_from_text(struct sysrq_key *key, const char *text, size_t len)
{
	return srq_key_from_text(key->bytes, text, len) ? 0 : -EINVAL;
}

void sysrq_key_to_text(const struct sysrq_key *key,
		       char text[SYSRQ_KEY_TEXT_LEN + 1])
{
	srq_key_to_text(text, key->bytes);
}

void sysrq_key_wipe(struct sysrq_key *key)
{
	srq_wipe(key, sizeof(*key));
}

const char *sysrq_version(void)
{
	return SRQ_VERSION;
}
