// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/hosts/folder.h"
#include "client/hosts/keyfile.h"
#include "client/hosts/paths.h"
#include "client/hosts/secretfile.h"
#include "client/output/tell.h"
#include "client/output/written.h"

static const char option[] = "--key-file";

char *keyfile_path(const char *file)
{
	char *path = file ? strdup(file) : path_of_user("key");

	if (!path)
		tell("cannot find the key file: %s",
		     errno ? strerror(errno)
			   : "HOME is not set, so give --key-file");
	return path;
}

bool keyfile_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

/* Tell what is in the line of a file, if it is no private key. */
static void tell_no_key(const char *path, const char *line, size_t len)
{
	struct sysrq_public public_key;

	if (!sysrq_public_from_text(&public_key, line, len))
		tell("%s: '%s' has a public key, expected a private key, as "
		     "send_sysrq genkey makes it",
		     option, path);
	else
		tell("%s: the first line of '%s' is not a private key, "
		     "expected 'sysrq-private:' and 44 characters of base64, "
		     "as send_sysrq genkey makes it",
		     option, path);
}

bool keyfile_read(struct sysrq_pair *pair, const char *path)
{
	char line[SYSRQ_PRIVATE_TEXT_LEN + 2]; /* longer lines are not keys */
	ssize_t n = secretfile_read(option, path, line, sizeof(line));
	bool ok = n >= 0 && !sysrq_pair_from_text(pair, line, (size_t)n);

	if (n >= 0 && !ok)
		tell_no_key(path, line, (size_t)n);
	sodium_memzero(line, sizeof(line));
	return ok;
}

static bool write_line(int fd, const struct sysrq_pair *pair)
{
	char line[SYSRQ_PRIVATE_TEXT_LEN + 1];
	ssize_t n;

	/* Not with stdio: nothing would wipe its buffer. */
	sysrq_pair_to_text(pair, line);
	line[SYSRQ_PRIVATE_TEXT_LEN] = '\n';
	n = write(fd, line, sizeof(line));
	sodium_memzero(line, sizeof(line));
	/* A disk that is nearly full takes a part of the line. */
	if (n >= 0 && n < (ssize_t)sizeof(line))
		errno = ENOSPC;
	return n == (ssize_t)sizeof(line) && !fsync(fd);
}

static enum exit_status cannot_create(const char *path)
{
	tell("cannot create the key file %s: %s", path, strerror(errno));
	return EXIT_MACHINE;
}

enum exit_status keyfile_create(struct sysrq_pair *pair, const char *path,
				bool given)
{
	int fd, err;

	if (!folder_make_for(path))
		return cannot_create(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST) {
		tell("%s exists already, and is not changed: send_sysrq "
		     "pubkey%s%s prints its public key",
		     path, given ? " --key-file " : "", given ? path : "");
		return EXIT_USAGE;
	}
	if (fd < 0)
		return cannot_create(path);
	sysrq_pair_generate(pair);
	if (write_line(fd, pair)) {
		close(fd);
		return EXIT_ALL_DONE;
	}
	err = errno;
	close(fd);
	unlink(path);
	errno = err;
	return cannot_create(path);
}

enum exit_status keyfile_print(const struct sysrq_public *key)
{
	char text[SYSRQ_PUBLIC_TEXT_LEN + 1];

	sysrq_public_to_text(key, text);
	puts(text);
	return written("the key") ? EXIT_ALL_DONE : EXIT_MACHINE;
}
