// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/hosts/keyfile.h"
#include "client/hosts/secretfile.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

static const char option[] = "--key-file";

bool keyfile_read(struct sysrq_key *key, const char *file)
{
	char line[SYSRQ_KEY_TEXT_LEN + 2]; /* longer lines are not keys */
	ssize_t n = secretfile_read(option, file, line, sizeof(line));
	bool ok = n >= 0 && !sysrq_key_from_text(key, line, (size_t)n);

	sodium_memzero(line, sizeof(line));
	if (n >= 0 && !ok)
		tell("%s: the first line of '%s' is not a key, expected %d "
		     "characters of base64, as send_sysrq genkey prints them",
		     option, file, SYSRQ_KEY_TEXT_LEN);
	return ok;
}

enum exit_status keyfile_print(const struct sysrq_key *key)
{
	char line[SYSRQ_KEY_TEXT_LEN + 1];
	size_t done = 0;
	ssize_t n;

	/* Not with stdio: nothing would wipe its buffer. */
	sysrq_key_to_text(key, line);
	line[SYSRQ_KEY_TEXT_LEN] = '\n';
	do {
		n = write(STDOUT_FILENO, line + done, sizeof(line) - done);
		if (n > 0)
			done += (size_t)n;
	} while (n > 0 && done < sizeof(line));
	sodium_memzero(line, sizeof(line));

	/* close() reports errors of network file systems. */
	if (n > 0 && !close(STDOUT_FILENO))
		return EXIT_ALL_DONE;
	tell("cannot write the key: %s", strerror(errno));
	return EXIT_MACHINE;
}
