// SPDX-License-Identifier: GPL-2.0
/* send_sysrq: presses magic SysRq letters on a remote host. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/subcommand.h"
#include "client/output/tell.h"

/*
 * If the first argument is one of these names, it is a subcommand. A host may
 * have the same name. Then write an option before it. The name of a subcommand
 * without hosts also means a host if letters, not an option, follow it.
 */
static const struct {
	const char *name;
	subcommand *run;
	bool takes_host;
	const char *description;
} subcommands[] = {
	{ "status", status_main, true,
	  "show which hosts are alive, and which letters they permit" },
	{ "log", log_main, true, "print the kernel log of a host" },
	{ "genkey", genkey_main, false, "make your key" },
	{ "pubkey", pubkey_main, false, "print your public key" },
	{ "known", known_main, true, "note the public key of a host" },
	{ "setup", setup_main, false,
	  "give this host its key and operators, and load its module" },
};

void subcommands_show(void)
{
	printf("Subcommands; each has its own --help:\n");
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]);
	     i++)
		printf("  send_sysrq %-8s %s\n", subcommands[i].name,
		       subcommands[i].description);
	printf("\n");
}

static subcommand *find_subcommand(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]);
	     i++) {
		if (argc < 2 || strcmp(argv[1], subcommands[i].name))
			continue;
		if (subcommands[i].takes_host || argc == 2 || argv[2][0] == '-')
			return subcommands[i].run;
	}
	return NULL;
}

/*
 * Open /dev/null for each standard stream that is closed. Otherwise a socket or
 * a key file would get its number. Writing to it fails, so that a printed key
 * is not lost without a message.
 */
static void open_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	static const struct rlimit no_core = { 0, 0 };
	struct rlimit files;
	subcommand *run = find_subcommand(argc, argv);
	struct password_variable variable;
	int status;

	open_streams();
	setlocale(LC_CTYPE, "");  /* for logtext.c */
	signal(SIGPIPE, SIG_IGN); /* a closed pipe must not end a rescue */
	setrlimit(RLIMIT_CORE, &no_core); /* keys are in memory */
	/* A diagnosis needs an open file for each host. */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}

	password_fetch(&variable);
	if (sodium_init() < 0) {
		tell("cannot start libsodium; nothing was sent");
		status = EXIT_MACHINE;
	} else if (run) {
		status = run(argc - 1, argv + 1, &variable);
	} else {
		status = press_main(argc, argv, &variable);
	}
	sodium_memzero(&variable, sizeof(variable));
	return status;
}
