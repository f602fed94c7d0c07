// SPDX-License-Identifier: GPL-2.0
/* send_sysrq derive: the key that one host has of a master key. */
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
	"Print the key for one host's table of operators, made from a master key\n"
	"that no host needs to have:\n"
	"\n"
	"  (umask 077; send_sysrq genkey > master.key)\n"
	"  send_sysrq derive --key-file master.key --realm web7\n"
	"  send_sysrq --key-file master.key --realm web7 web7 sisub\n"
	"\n"
	"  --key-file FILE  master key is the first line of FILE; -: standard input\n"
	"  --realm TEXT     what is to be this host's alone, as its name is; may be ''\n"
	"  --help\n";

static const struct option long_options[] = {
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "realm", required_argument, NULL, OPT_REALM },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool lacks(const char *option, const char *expected)
{
	tell("%s: nothing given, expected %s; see %s --help", option, expected,
	     command);
	return false;
}

/* False: *status is what to exit with. */
static bool parse(int argc, char **argv, const char **file, const char **realm,
		  enum exit_status *status)
{
	int opt;

	*file = NULL;
	*realm = NULL;
	*status = EXIT_USAGE;
	opterr = 0; /* the one sentence is ours */
	while ((opt = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		switch (opt) {
		case OPT_KEY_FILE:
			*file = optarg;
			break;
		case OPT_REALM:
			*realm = optarg;
			break;
		case OPT_HELP:
			fputs(help, stdout);
			*status = EXIT_ALL_DONE;
			return false;
		default:
			return options_bad(command, opt, argv[optind - 1]);
		}
	}
	if (optind < argc)
		return tell_bad("derive", argv[optind], "no argument");
	if (!*file)
		return lacks("--key-file", "the file of the master key");
	if (!*realm)
		return lacks("--realm", "the host's, or ''");
	if (strlen(*realm) > SYSRQ_REALM_MAX)
		return tell_bad("--realm", *realm, "at most 255 bytes");
	return true;
}

int derive_main(int argc, char **argv, const struct password_variable *variable)
{
	struct sysrq_key master, key;
	const char *file, *realm;
	enum exit_status status;

	(void)variable;
	if (!parse(argc, argv, &file, &realm, &status))
		return status;
	if (!keyfile_read(&master, file)) {
		status = EXIT_USAGE;
	} else if (sysrq_key_from_master(&key, &master, realm)) {
		tell("no memory to make the key");
		status = EXIT_MACHINE;
	} else {
		status = keyfile_print(&key);
	}
	sysrq_key_wipe(&master);
	sysrq_key_wipe(&key);
	return status;
}
