// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/keyfile.h"
#include "client/hosts/keyring.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

struct keyring_file {
	char *path;
	bool exists;
	struct sysrq_pair pair; /* if it exists */
};

struct keyring_realm {
	struct sysrq_key key;
	char realm[];
};

static const void *path_of(const void *item, size_t *len)
{
	return index_text(((const struct keyring_file *)item)->path, len);
}

static const void *realm_of(const void *item, size_t *len)
{
	return index_text(((const struct keyring_realm *)item)->realm, len);
}

static void file_free(struct keyring_file *file)
{
	sysrq_pair_wipe(&file->pair);
	free(file->path);
	free(file);
}

/*
 * Find the pair in a file. name NULL: the user's own file, which may not exist.
 * EXIT_USAGE, EXIT_MACHINE: as for keyring_get().
 */
static enum exit_status find_file(struct keyring *ring, const char *name,
				  const struct keyring_file **found)
{
	char *path = keyfile_path(name);
	struct keyring_file *file =
		path ? index_find(&ring->files, path_of, path, strlen(path))
		     : NULL;
	enum exit_status status = EXIT_ALL_DONE;

	if (!path || file) {
		free(path);
		*found = file;
		return file ? EXIT_ALL_DONE : EXIT_USAGE;
	}
	file = calloc(1, sizeof(*file));
	if (!file) {
		free(path);
		return EXIT_MACHINE;
	}
	file->path = path;
	file->exists = name || keyfile_exists(path);
	/* Only what could be read is found again. */
	if (file->exists && !keyfile_read(&file->pair, path))
		status = EXIT_USAGE;
	else if (!index_add(&ring->files, path_of, file))
		status = EXIT_MACHINE;
	if (status == EXIT_ALL_DONE)
		*found = file;
	else
		file_free(file);
	return status;
}

static enum exit_status of_pair(struct keyring *ring,
				const struct keyring_host *host,
				const struct sysrq_pair **pair)
{
	const struct keyring_file *file;
	enum exit_status status;

	*pair = ring->pair;
	if (*pair || ring->names_only)
		return EXIT_ALL_DONE;
	status = find_file(ring, host->settings->key_file, &file);
	if (status != EXIT_ALL_DONE)
		return status;
	*pair = &file->pair;
	if (file->exists)
		return EXIT_ALL_DONE;
	tell("there is no key file %s: make your key with send_sysrq genkey, or "
	     "give --key-file; nothing was sent",
	     file->path);
	return EXIT_USAGE;
}

static enum exit_status of_password(struct keyring *ring, const char *realm,
				    const char *who, struct sysrq_key *key)
{
	struct keyring_realm *known =
		index_find(&ring->realms, realm_of, realm, strlen(realm));
	struct password_variable none = { .set = false };

	if (ring->names_only)
		return EXIT_ALL_DONE;
	if (known) {
		*key = known->key;
		return EXIT_ALL_DONE;
	}
	if (!ring->has_password &&
	    !password_read(&ring->password, ring->password_file,
			   ring->ask ? &none : ring->variable, who))
		return EXIT_USAGE;
	ring->has_password = true;
	known = malloc(sizeof(*known) + strlen(realm) + 1);
	if (!known)
		return EXIT_MACHINE;
	strcpy(known->realm, realm);
	if (sysrq_key_from_password(&known->key, ring->password.text,
				    ring->password.len, realm) ||
	    !index_add(&ring->realms, realm_of, known)) {
		sysrq_key_wipe(&known->key);
		free(known);
		return EXIT_MACHINE;
	}
	*key = known->key;
	return EXIT_ALL_DONE;
}

/* --known-as counts alone. Else the host is known by its name, or by an address
 * that the configuration has for it. */
static const struct sysrq_public *find_host(const struct keyring *ring,
					    const struct keyring_host *host)
{
	const struct hosts *addresses = &host->settings->addresses;
	const struct sysrq_public *key;

	if (ring->known_as)
		return known_find(ring->known, ring->known_as);
	key = known_find(ring->known, host->name);
	for (size_t i = 0; !key && i < addresses->count; i++)
		key = known_find(ring->known, addresses->names[i]);
	return key;
}

/* A password does not say which host is meant, and another host may have it. */
static enum exit_status tell_partial(void)
{
	tell("no password is used without the system's configuration, which may "
	     "have the Address and Realm of the host: give -F FILE, or -F none; "
	     "nothing was sent");
	return EXIT_USAGE;
}

enum exit_status keyring_get(struct keyring *ring,
			     const struct keyring_host *host, const char *who,
			     struct shared *shared)
{
	const struct settings *settings = host->settings;
	const char *realm = settings->realm ? settings->realm : "";
	const struct keyring_file *file;
	enum exit_status status;

	*shared = (struct shared){ .pair = NULL };
	if ((ring->password_file || ring->ask) && settings->partial)
		return tell_partial();
	if (ring->password_file || ring->ask)
		return of_password(ring, realm, who, &shared->key);
	if (!ring->host && !ring->known &&
	    !known_load(&ring->known, ring->pair_only))
		return EXIT_USAGE;
	shared->host = ring->host ? ring->host : find_host(ring, host);
	if (shared->host)
		return of_pair(ring, host, &shared->pair);
	if (ring->known_as || settings->key_file || ring->no_password)
		return EXIT_UNREACHABLE;
	/* It may be known in a file that was skipped. */
	if (settings->partial || known_partial(ring->known))
		return EXIT_UNREACHABLE;
	if (ring->variable->set)
		return of_password(ring, realm, who, &shared->key);
	status = find_file(ring, NULL, &file);
	if (status != EXIT_ALL_DONE)
		return status;
	return file->exists ? EXIT_UNREACHABLE
			    : of_password(ring, realm, who, &shared->key);
}

void keyring_clear(struct keyring *ring)
{
	for (size_t i = 0; i < ring->files.size; i++) {
		if (ring->files.slots[i])
			file_free(ring->files.slots[i]);
	}
	for (size_t i = 0; i < ring->realms.size; i++) {
		struct keyring_realm *realm = ring->realms.slots[i];

		if (!realm)
			continue;
		sysrq_key_wipe(&realm->key);
		free(realm);
	}
	index_free(&ring->files);
	index_free(&ring->realms);
	known_free(ring->known);
	sodium_memzero(&ring->password, sizeof(ring->password));
}
