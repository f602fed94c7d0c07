// SPDX-License-Identifier: GPL-2.0
/* send_sysrq setup: starts the script that gives this host its key. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/subcommand.h"
#include "client/output/tell.h"

/* The script, below the prefix that this program is installed in. */
static const char script[] = "/libexec/ipt-sysrq/setup";

/* The script reads its options; --help and --version are its own, too. */
static const struct option long_options[] = {
	{ "yes", no_argument, NULL, 'y' },
	{ "operator", required_argument, NULL, 'o' },
	{ "key", required_argument, NULL, 'k' },
	{ "permissions", required_argument, NULL, 'e' },
	{ "port", required_argument, NULL, 'p' },
	{ "from", required_argument, NULL, 'f' },
	{ NULL, 0, NULL, 0 },
};

const struct command_line setup_line = { .letters = HELP_LETTERS,
					 .options = long_options };

/* Make "/usr" of "/usr/bin/send_sysrq". */
static void cut_to_prefix(char *path)
{
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
	}
}

int setup_main(int argc, char **argv, const struct password_variable *variable)
{
	char self[PATH_MAX] = "", path[PATH_MAX + sizeof(script)];
	char **args = calloc((size_t)argc + 2, sizeof(*args));

	(void)variable;
	if (!args || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) {
		tell("cannot find the setup script: %s", strerror(errno));
		free(args);
		return EXIT_MACHINE;
	}
	strcpy(path, self);
	cut_to_prefix(path);
	strcat(path, script);
	args[0] = path;
	args[1] = self;
	/* With the NULL at the end of argv. */
	memcpy(args + 2, argv + 1, (size_t)argc * sizeof(*args));
	execv(path, args);
	if (errno == ENOENT)
		tell("run send_sysrq setup on the host to be rescued; it "
		     "comes with the package iptables-sysrq (there is no %s)",
		     path);
	else
		tell("cannot start %s: %s", path, strerror(errno));
	free(args);
	return EXIT_MACHINE;
}
