// SPDX-License-Identifier: GPL-2.0
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/hosts/keyfile.h"
#include "client/hosts/keyring.h"
#include "client/hosts/known.h"
#include "client/hosts/paths.h"
#include "client/hosts/shared.h"
#include "client/output/tell.h"
#include "exporter/files.h"

/* A fault may pass without a change of the file, such as too many open files. */
static const uint64_t try_again = 60 * SYSRQ_SECOND;

static struct stamp stamp_of(const char *path)
{
	struct stamp stamp;
	struct stat st;

	memset(&stamp, 0, sizeof(stamp)); /* its padding is compared, too */
	if (!path || stat(path, &st))
		return stamp;
	stamp.device = st.st_dev;
	stamp.inode = st.st_ino;
	stamp.size = st.st_size;
	stamp.changed = st.st_ctim;
	return stamp;
}

/* Take the stamps. Returns whether one is another than before. */
static bool take_stamps(struct files *files)
{
	bool changed = false;

	for (int i = 0; i < FILES; i++) {
		struct stamp stamp = stamp_of(files->paths[i]);

		changed |= memcmp(&stamp, &files->stamps[i], sizeof(stamp));
		files->stamps[i] = stamp;
	}
	return changed;
}

static bool exists(const struct files *files, int i)
{
	static const struct stamp none;

	return memcmp(&files->stamps[i], &none, sizeof(none)) != 0;
}

/* False: a file has changed since. files_check() sees that, and reads it again. */
static bool stamps_hold(const struct files *files)
{
	for (int i = 0; i < FILES; i++) {
		struct stamp stamp = stamp_of(files->paths[i]);

		if (memcmp(&stamp, &files->stamps[i], sizeof(stamp)))
			return false;
	}
	return true;
}

/* A file that was read is gone. If it did not count any more, all of its hosts would be
 * refused. */
static bool one_is_gone(const struct files *files)
{
	for (int i = 0; i < FILES; i++) {
		if (!files->used[i] || exists(files, i))
			continue;
		tell("%s cannot be found: what it said stays in force until it "
		     "is back, or the exporter starts again",
		     files->paths[i]);
		return true;
	}
	return false;
}

static void use(struct files *files, struct config *config, struct known *known)
{
	config_free(files->config);
	known_free(files->known);
	files->config = config;
	files->known = known;
	for (int i = 0; i < FILES; i++)
		files->used[i] = exists(files, i);
}

void files_read(struct files *files)
{
	struct config *config = NULL;
	struct known *known = NULL;

	take_stamps(files);
	files->read = sysrq_now();
	files->good = !one_is_gone(files) &&
		      config_load(&config, files->common->config_file, true) &&
		      known_load(&known, false) && known_whole(known) &&
		      stamps_hold(files);
	/* At the start the other lines are better than none. */
	if (files->good || (known && !files->known)) {
		use(files, config, known);
	} else {
		config_free(config);
		known_free(known);
	}
}

void files_check(struct files *files)
{
	if (take_stamps(files) ||
	    (!files->good && sysrq_now() >= files->read + try_again))
		files_read(files);
}

/* A pipe would be empty at the second question, or never answer. */
static bool is_file(const char *given)
{
	char *path = keyfile_path(given);
	struct stat st;
	bool ok = path && (stat(path, &st) || S_ISREG(st.st_mode));

	if (path && !ok)
		tell("--key-file: '%s' given, expected a file, as it is read for "
		     "each question",
		     path);
	free(path);
	return ok;
}

bool files_open(struct files *files, const struct target_options *common)
{
	const char *config = common->config_file;
	struct sysrq_pair pair;
	bool ok = true;

	*files = (struct files){ .common = common };
	if (!config)
		files->paths[0] = path_of_user("config");
	else if (strcmp(config, "none") != 0)
		files->paths[0] = strdup(config);
	files->paths[1] = config ? NULL : strdup(PATH_OF_SYSTEM "config");
	files->paths[2] = path_of_user("known_hosts");
	files->paths[3] = strdup(PATH_OF_SYSTEM "known_hosts");
	/* Of a key in the user's folder the first question tells what is wrong. */
	if (common->key_file) {
		ok = is_file(common->key_file) &&
		     keyfile_read(&pair, common->key_file);
		sysrq_pair_wipe(&pair);
	}
	if (ok)
		files_read(files);
	return ok && files->known;
}

enum exit_status files_make_host(const struct files *files,
				 struct targets *targets, struct target *target)
{
	static const struct password_variable none = { .set = false };
	struct keyring ring = { .variable = &none,
				.no_password = "",
				.known = files->known };
	const struct keyring_host host = { .name = target->name,
					   .settings = &target->settings };
	struct shared shared;
	enum exit_status status =
		target_settle(target, files->common, files->config);

	/* A name such as 0x7f.1 is no host. Of a known host, the configuration is bad. */
	if (status == EXIT_USAGE && !known_find(files->known, target->name))
		return EXIT_UNREACHABLE;
	if (status != EXIT_ALL_DONE)
		return status;
	if (!is_file(target->settings.key_file))
		return EXIT_USAGE;
	status = keyring_get(&ring, &host, target->name, &shared);
	if (status == EXIT_ALL_DONE) {
		shared_make(&shared, 1);
		status = target_make_host(targets, target, &shared);
	}
	sodium_memzero(&shared, sizeof(shared));
	ring.known = NULL; /* it stays */
	keyring_clear(&ring);
	return status;
}

void files_close(struct files *files)
{
	config_free(files->config);
	known_free(files->known);
	for (int i = 0; i < FILES; i++)
		free(files->paths[i]);
}
