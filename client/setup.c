// SPDX-License-Identifier: GPL-2.0
/* send_sysrq setup: starts the script that gives this host its key. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/libexec.h"
#include "client/subcommand.h"
#include "client/output/tell.h"

/* For a machine without the script: its own help is longer. */
static const char usage[] =
	"Usage: send_sysrq setup [--yes] [--operator NAME --key PUBLIC_KEY\n"
	"           [--permissions \"all log\"]] [--port N] [--from NETWORKS]\n"
	"           [--panic-on-lockup] [--after-panic]\n"
	"Give a host its key, and add an operator. Run this as root on each host that\n"
	"you may have to rescue. It comes with the package iptables-sysrq, which this\n"
	"machine does not have. \"man send_sysrq\" describes the options.\n";

/* The script reads its options; --help and --version are its own, too. */
static const struct option long_options[] = {
	{ "yes", no_argument, NULL, 'y' },
	{ "operator", required_argument, NULL, 'o' },
	{ "key", required_argument, NULL, 'k' },
	{ "permissions", required_argument, NULL, 'e' },
	{ "port", required_argument, NULL, 'p' },
	{ "from", required_argument, NULL, 'f' },
	{ "panic-on-lockup", no_argument, NULL, 'l' },
	{ "after-panic", no_argument, NULL, 'a' },
	{ NULL, 0, NULL, 0 },
};

const struct command_line setup_line = { .letters = HELP_LETTERS,
					 .options = long_options };

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	}
	return argc == 2 && !strcmp(argv[1], "help");
}

/* The script could not be started: errno says why. */
static int not_started(const char *path, int argc, char **argv)
{
	if (errno == ENOENT && asks_for_help(argc, argv)) {
		fputs(usage, stdout);
		return EXIT_ALL_DONE;
	}
	if (errno == ENOENT)
		tell("run send_sysrq setup on the host to be rescued; it "
		     "comes with the package iptables-sysrq (there is no %s)",
		     path);
	else
		tell("cannot start %s: %s", path, strerror(errno));
	return EXIT_MACHINE;
}

int setup_main(int argc, char **argv, const struct password_variable *variable)
{
	char self[PATH_MAX], path[LIBEXEC_MAX];
	char **args = calloc((size_t)argc + 2, sizeof(*args));
	int status;

	(void)variable;
	if (!args || !libexec_find(self, path, "ipt-sysrq/setup")) {
		tell("cannot find the setup script: %s", strerror(errno));
		free(args);
		return EXIT_MACHINE;
	}
	args[0] = path;
	args[1] = self;
	/* With the NULL at the end of argv. */
	memcpy(args + 2, argv + 1, (size_t)argc * sizeof(*args));
	execv(path, args);
	status = not_started(path, argc, argv);
	free(args);
	return status;
}
