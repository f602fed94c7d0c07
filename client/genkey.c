// SPDX-License-Identifier: GPL-2.0
/* send_sysrq genkey and pubkey: make the operator's key, and print its public
 * one. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/keyfile.h"
#include "client/options.h"
#include "client/subcommand.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

static const char genkey_help[] =
	"Usage: send_sysrq genkey [--key-file FILE]\n"
	"Make your key, ~/.config/send_sysrq/key, and print its public key. A host takes\n"
	"your commands if its table of operators has this public key:\n"
	"\n"
	"  ssh root@web7 send_sysrq setup --yes --operator alice --key PUBLIC_KEY\n"
	"\n"
	"The file stays with you. It is never overwritten.\n"
	"\n";

static const char pubkey_help[] =
	"Usage: send_sysrq pubkey [--key-file FILE]\n"
	"Print the public key of your key, 44 characters of base64.\n"
	"\n";

static const char key_file_help[] =
	"  --key-file FILE  the file of the key (default: ~/.config/send_sysrq/key)\n";

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ NULL, 0, NULL, 0 },
};

struct options {
	const char *name;
	const char *key_file; /* in argv; NULL: not given */
};

static bool take(void *data, int opt)
{
	struct options *o = data;

	(void)opt; /* there is one option */
	return options_take_file(&o->key_file, "--key-file");
}

static bool check(void *data, char **arguments, int count)
{
	const struct options *o = data;

	return !count || tell_bad(o->name, arguments[0], "no argument");
}

static enum exit_status read_pair(struct sysrq_pair *pair, const char *path,
				  bool given)
{
	if (strcmp(path, "-") && !keyfile_exists(path)) {
		tell("there is no key file %s: make your key with send_sysrq "
		     "genkey%s%s",
		     path, given ? " --key-file " : "", given ? path : "");
		return EXIT_USAGE;
	}
	return keyfile_read(pair, path) ? EXIT_ALL_DONE : EXIT_USAGE;
}

/* Get the pair as get() does, and print its public key. */
static int run(const struct command_line *line, int argc, char **argv,
	       const char *name,
	       enum exit_status (*get)(struct sysrq_pair *pair,
				       const char *path, bool given))
{
	struct options options = { .name = name };
	enum options_result result = options_read(line, argc, argv, &options);
	struct sysrq_pair pair;
	enum exit_status status;
	char *path;

	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	path = keyfile_path(options.key_file);
	if (!path)
		return EXIT_USAGE;
	status = get(&pair, path, options.key_file);
	if (status == EXIT_ALL_DONE)
		status = keyfile_print(&pair.public_key);
	sysrq_pair_wipe(&pair);
	free(path);
	return status;
}

const struct command_line genkey_line = {
	.command = "send_sysrq genkey",
	.letters = HELP_LETTERS,
	.options = long_options,
	.help = { genkey_help, key_file_help, options_help },
	.take = take,
	.check = check,
};

const struct command_line pubkey_line = {
	.command = "send_sysrq pubkey",
	.letters = HELP_LETTERS,
	.options = long_options,
	.help = { pubkey_help, key_file_help, options_help },
	.take = take,
	.check = check,
};

int genkey_main(int argc, char **argv, const struct password_variable *variable)
{
	(void)variable;
	return run(&genkey_line, argc, argv, "genkey", keyfile_create);
}

int pubkey_main(int argc, char **argv, const struct password_variable *variable)
{
	(void)variable;
	return run(&pubkey_line, argc, argv, "pubkey", read_pair);
}
