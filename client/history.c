// SPDX-License-Identifier: GPL-2.0
/* send_sysrq history: prints what this user has pressed. */
#include <getopt.h>
#include <stdio.h>

#include "client/hosts/names.h"
#include "client/options.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "client/press/history.h"
#include "client/subcommand.h"

static const char help[] =
	"Usage: send_sysrq history [-n NUMBER] [<remote host>...]\n"
	"Print the letters that you have pressed on these hosts, or on all: when, who,\n"
	"on which host, which letters, and how it ended. The newest line is the last one.\n"
	"\n"
	"  -n, --lines NUMBER    print only the last lines\n";

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ "lines", required_argument, NULL, 'n' },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	uint32_t most;
	struct hosts hosts; /* empty: all */
};

static bool take(void *data, int opt)
{
	struct arguments *a = data;

	(void)opt; /* -n is the only one */
	return text_to_number(optarg, 1, 999999999, &a->most) ||
	       tell_bad("--lines", optarg, "a number from 1 to 999999999");
}

static bool check(void *data, char **arguments, int count)
{
	struct arguments *a = data;

	for (int i = 0; i < count; i++) {
		if (!hosts_add(&a->hosts, "host", arguments[i]))
			return false;
	}
	return true;
}

const struct command_line history_line = {
	.command = "send_sysrq history",
	.letters = HELP_LETTERS "n:",
	.options = long_options,
	.help = { help, options_help },
	.take = take,
	.check = check,
};

int history_main(int argc, char **argv,
		 const struct password_variable *variable)
{
	struct arguments arguments = { .most = UINT32_MAX };
	enum options_result result =
		options_read(&history_line, argc, argv, &arguments);
	bool ok = result == OPTIONS_READ &&
		  history_print(stdout, arguments.most, &arguments.hosts) &&
		  written("the history");

	(void)variable;
	hosts_free(&arguments.hosts);
	if (result == OPTIONS_WRONG)
		return EXIT_USAGE;
	return ok || result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_MACHINE;
}
