// SPDX-License-Identifier: GPL-2.0
/* send_sysrq derive: makes the key of one host from a master key. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "client/hosts/keyfile.h"
#include "client/options.h"
#include "client/subcommand.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

static const char command[] = "send_sysrq derive";

static const char help[] =
	"Usage: send_sysrq derive --key-file FILE --realm TEXT\n"
	"Print the key of one host, made from a master key. The printed key is for the\n"
	"table of operators on that host. The master key stays with you:\n"
	"\n"
	"  (umask 077; send_sysrq genkey > master.key)\n"
	"  send_sysrq derive --key-file master.key --realm w7\n"
	"  send_sysrq status --key-file master.key --realm w7 web7\n"
	"\n"
	"  --key-file FILE       the first line of FILE is the master key; - is standard\n"
	"                        input\n"
	"  --realm TEXT          a text that is different for each host; may be ''\n";

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "realm", required_argument, NULL, OPT_REALM },
	{ NULL, 0, NULL, 0 },
};

struct options {
	const char *key_file; /* both are in argv; NULL: not given */
	const char *realm;
};

static bool take(void *data, int opt)
{
	struct options *o = data;

	if (opt == OPT_KEY_FILE)
		o->key_file = optarg;
	else
		o->realm = optarg;
	return true;
}

static bool lacks(const char *option, const char *value)
{
	tell("%s is missing: give %s with it; see %s --help", option, value,
	     command);
	return false;
}

static bool check(void *data, char **arguments, int count)
{
	const struct options *o = data;

	if (count)
		return tell_bad("derive", arguments[0], "no argument");
	if (!o->key_file)
		return lacks("--key-file", "the file of the master key");
	if (!o->realm)
		return lacks("--realm", "the realm of the host, or '',");
	if (strlen(o->realm) > SYSRQ_REALM_MAX)
		return tell_bad("--realm", o->realm, "at most 255 bytes");
	return true;
}

const struct command_line derive_line = {
	.command = command,
	.letters = HELP_LETTERS,
	.options = long_options,
	.help = { help, options_help },
	.take = take,
	.check = check,
};

int derive_main(int argc, char **argv, const struct password_variable *variable)
{
	struct options options = { .key_file = NULL };
	enum options_result result =
		options_read(&derive_line, argc, argv, &options);
	struct sysrq_key master, key;
	enum exit_status status;

	(void)variable;
	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	if (!keyfile_read(&master, options.key_file)) {
		status = EXIT_USAGE;
	} else if (sysrq_key_from_master(&key, &master, options.realm)) {
		tell("out of memory: cannot make the key");
		status = EXIT_MACHINE;
	} else {
		status = keyfile_print(&key);
	}
	sysrq_key_wipe(&master);
	sysrq_key_wipe(&key);
	return status;
}
