// SPDX-License-Identifier: GPL-2.0
/* send_sysrq known: notes the public key of a host. */
#include <getopt.h>
#include <stdio.h>

#include "client/hosts/knownfile.h"
#include "client/options.h"
#include "client/subcommand.h"
#include "client/output/tell.h"

static const char help[] =
	"Usage: send_sysrq known NAMES KEY\n"
	"Note the public key of a host in ~/.config/send_sysrq/known_hosts. NAMES are\n"
	"the names and addresses by which you call this host, with commas between them.\n"
	"KEY is the key that send_sysrq setup prints on that host:\n"
	"\n"
	"  send_sysrq known web7,192.0.2.7 \"$(ssh root@web7 send_sysrq setup --yes \\\n"
	"      --operator alice --key \"$(send_sysrq pubkey)\")\"\n"
	"\n"
	"The line takes the place of the lines that have one of these names.\n"
	"\n";

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *names;
	const char *key;
};

static bool check(void *data, char **arguments, int count)
{
	struct arguments *a = data;

	if (count > 2)
		return tell_bad("known", arguments[2],
				"two arguments, the names with commas "
				"between them and the key");
	if (count < 2) {
		tell("known: %s missing: give the names of a host and its "
		     "public key; see send_sysrq known --help",
		     count ? "the key is" : "the names and the key are");
		return false;
	}
	a->names = arguments[0];
	a->key = arguments[1];
	return true;
}

const struct command_line known_line = {
	.command = "send_sysrq known",
	.letters = HELP_LETTERS,
	.options = long_options,
	.help = { help, options_help },
	.check = check,
};

int known_main(int argc, char **argv, const struct password_variable *variable)
{
	struct arguments arguments;
	enum options_result result =
		options_read(&known_line, argc, argv, &arguments);

	(void)variable;
	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	return knownfile_set(arguments.names, arguments.key);
}
