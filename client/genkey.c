// SPDX-License-Identifier: GPL-2.0
/* send_sysrq genkey: prints a new random key. */
#include <getopt.h>
#include <stdio.h>

#include "client/hosts/keyfile.h"
#include "client/options.h"
#include "client/subcommand.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

static const char help[] =
	"Usage: send_sysrq genkey\n"
	"Print a new random key, 44 characters of base64, for --key-file:\n"
	"\n"
	"  (umask 077; send_sysrq genkey > key)\n"
	"  send_sysrq status --key-file key web7\n"
	"\n"
	"The host must have this key in its table of operators (see man ipt_sysrq), or a\n"
	"key that send_sysrq derive makes from this key.\n"
	"\n";

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ NULL, 0, NULL, 0 },
};

static bool check(void *data, char **arguments, int count)
{
	(void)data;
	return !count || tell_bad("genkey", arguments[0], "no argument");
}

const struct command_line genkey_line = {
	.command = "send_sysrq genkey",
	.letters = HELP_LETTERS,
	.options = long_options,
	.help = { help, options_help },
	.check = check,
};

int genkey_main(int argc, char **argv, const struct password_variable *variable)
{
	enum options_result result =
		options_read(&genkey_line, argc, argv, NULL);
	struct sysrq_key key;
	enum exit_status status;

	(void)variable;
	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	sysrq_key_generate(&key);
	status = keyfile_print(&key);
	sysrq_key_wipe(&key);
	return status;
}
