// SPDX-License-Identifier: GPL-2.0
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/keyfile.h"
#include "client/hosts/keyring.h"
#include "lib/sysrq.h"

struct keyring_entry {
	struct keyring_entry *next;
	struct sysrq_key key;
	char name[]; /* the key file, or the realm */
};

static const struct keyring_entry *find(const struct keyring_entry *entry,
					const char *name)
{
	while (entry && strcmp(entry->name, name))
		entry = entry->next;
	return entry;
}

/* Put an entry without a key at the front of a list. NULL: out of memory. */
static struct keyring_entry *add(struct keyring_entry **list, const char *name)
{
	struct keyring_entry *entry = malloc(sizeof(*entry) + strlen(name) + 1);

	if (!entry)
		return NULL;
	strcpy(entry->name, name);
	entry->next = *list;
	*list = entry;
	return entry;
}

static void drop_first(struct keyring_entry **list)
{
	struct keyring_entry *entry = *list;

	*list = entry->next;
	sysrq_key_wipe(&entry->key);
	free(entry);
}

static enum exit_status of_file(struct keyring *ring, const char *file,
				const char *realm, struct sysrq_key *key)
{
	const struct keyring_entry *known = find(ring->files, file);

	if (!known) {
		struct keyring_entry *new = add(&ring->files, file);

		if (!new)
			return EXIT_MACHINE;
		if (!keyfile_read(&new->key, file)) {
			drop_first(&ring->files);
			return EXIT_USAGE;
		}
		known = new;
	}
	*key = known->key;
	if (realm && sysrq_key_from_master(key, &known->key, realm))
		return EXIT_MACHINE;
	return EXIT_ALL_DONE;
}

static enum exit_status of_password(struct keyring *ring, const char *realm,
				    const char *who, struct sysrq_key *key)
{
	const struct keyring_entry *known = find(ring->realms, realm);
	struct keyring_entry *new;

	if (known) {
		*key = known->key;
		return EXIT_ALL_DONE;
	}
	if (!ring->has_password &&
	    !password_read(&ring->password, ring->password_file, ring->variable,
			   who))
		return EXIT_USAGE;
	ring->has_password = true;
	new = add(&ring->realms, realm);
	if (!new)
		return EXIT_MACHINE;
	if (sysrq_key_from_password(&new->key, ring->password.text,
				    ring->password.len, realm)) {
		drop_first(&ring->realms);
		return EXIT_MACHINE;
	}
	*key = new->key;
	return EXIT_ALL_DONE;
}

enum exit_status keyring_get(struct keyring *ring, const char *key_file,
			     const char *realm, const char *who,
			     struct sysrq_key *key)
{
	if (key_file)
		return of_file(ring, key_file, realm, key);
	return of_password(ring, realm ? realm : "", who, key);
}

void keyring_clear(struct keyring *ring)
{
	while (ring->files)
		drop_first(&ring->files);
	while (ring->realms)
		drop_first(&ring->realms);
	sodium_memzero(&ring->password, sizeof(ring->password));
}
