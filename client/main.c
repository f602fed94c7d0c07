// SPDX-License-Identifier: GPL-2.0
/* send_sysrq: press the magic SysRq keys of a remote host. */
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
 * As the first argument. A host may have such a name: an option before it says
 * that it is one, and where keys come next, as no option does, so do they for
 * the subcommands that take no host.
 */
static const struct {
	const char *name;
	subcommand *run;
	bool takes_host;
} subcommands[] = {
	{ "status", status_main, true },  { "log", log_main, true },
	{ "genkey", genkey_main, false }, { "derive", derive_main, false },
	{ "setup", setup_main, false },
};

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
 * Else a socket, or a file of secrets, may get the number of a stream that is
 * closed. Not to be written to, so that a key printed there is not lost unsaid.
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
	enum exit_status status;

	open_streams();
	setlocale(LC_CTYPE, "");  /* what a terminal can show */
	signal(SIGPIPE, SIG_IGN); /* a reader that is gone ends no rescue */
	setrlimit(RLIMIT_CORE, &no_core); /* keys are in memory */
	/* A diagnosis of many hosts is as many files. */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}

	password_fetch(&variable);
	if (sodium_init() < 0) {
		tell("libsodium does not start; "
		     "nothing was sent");
		status = EXIT_MACHINE;
	} else if (run) {
		status = run(argc - 1, argv + 1, &variable);
	} else {
		status = press_main(argc, argv, &variable);
	}
	sodium_memzero(&variable, sizeof(variable));
	return (int)status;
}
