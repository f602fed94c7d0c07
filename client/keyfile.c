// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "keyfile.h"
#include "secretfile.h"

static const char option[] = "--key-file";

static bool read_key(uint8_t key[SRQ_KEY_LEN], const char *file)
{
	char line[SRQ_KEY_TEXT_LEN + 2]; /* a CR more shows as one */
	ssize_t n = secretfile_read(option, file, line, sizeof(line));
	bool ok = n >= 0 && srq_key_from_text(key, line, (size_t)n);

	srq_wipe(line, sizeof(line));
	if (n >= 0 && !ok)
		fprintf(stderr,
			"send_sysrq: %s: the first line of '%s' is no key, "
			"expected %d characters of base64, as send_sysrq "
			"genkey prints them\n",
			option, file, SRQ_KEY_TEXT_LEN);
	return ok;
}

enum srq_exit keyfile_read(uint8_t key[SRQ_KEY_LEN], const char *file,
			   const char *realm)
{
	uint8_t master[SRQ_KEY_LEN];
	int err;

	if (!realm)
		return read_key(key, file) ? EXIT_ALL_DONE : EXIT_USAGE;
	if (!read_key(master, file))
		return EXIT_USAGE;
	err = srq_key_from_master(key, master, realm, strlen(realm));
	srq_wipe(master, sizeof(master));
	return err ? EXIT_MACHINE : EXIT_ALL_DONE;
}

enum srq_exit keyfile_print(const uint8_t key[SRQ_KEY_LEN])
{
	char line[SRQ_KEY_TEXT_LEN + 1];
	size_t done = 0;
	ssize_t n;

	/* Not by stdio, whose buffer nobody wipes. */
	srq_key_to_text(line, key);
	line[SRQ_KEY_TEXT_LEN] = '\n';
	do {
		n = write(STDOUT_FILENO, line + done, sizeof(line) - done);
		if (n > 0)
			done += (size_t)n;
	} while (n > 0 && done < sizeof(line));
	srq_wipe(line, sizeof(line));

	/* Of a file over the network the fault may come to light here. */
	if (n > 0 && !close(STDOUT_FILENO))
		return EXIT_ALL_DONE;
	fprintf(stderr, "send_sysrq: cannot write the key: %s\n",
		strerror(errno));
	return EXIT_MACHINE;
}
