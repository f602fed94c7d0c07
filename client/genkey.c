// SPDX-License-Identifier: GPL-2.0
/* send_sysrq genkey and pubkey: make the operator's key, and print its public
 * one. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

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

static const char help[] =
	"  --key-file FILE  the file of the key (default: ~/.config/send_sysrq/key)\n"
	"  --help           print this help\n";

static const struct option long_options[] = {
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "help", no_argument, NULL, OPT_HELP },
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
	o->key_file = optarg;
	return true;
}

static bool check(void *data, char **arguments, int count)
{
	const struct options *o = data;

	return !count || tell_bad(o->name, arguments[0], "no argument");
}

static enum exit_status create(struct sysrq_pair *pair, const char *path)
{
	return keyfile_create(pair, path);
}

static enum exit_status read_pair(struct sysrq_pair *pair, const char *path)
{
	return keyfile_read(pair, path) ? EXIT_ALL_DONE : EXIT_USAGE;
}

/* Get the pair as get() does, and print its public key. */
static int run(const struct command_line *line, int argc, char **argv,
	       struct options *options,
	       enum exit_status (*get)(struct sysrq_pair *pair,
				       const char *path))
{
	enum options_result result = options_read(line, argc, argv, options);
	struct sysrq_pair pair;
	enum exit_status status;
	char *path;

	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	path = keyfile_path(options->key_file);
	if (!path)
		return EXIT_USAGE;
	status = get(&pair, path);
	if (status == EXIT_ALL_DONE)
		status = keyfile_print(&pair.public_key);
	sysrq_pair_wipe(&pair);
	free(path);
	return status;
}

int genkey_main(int argc, char **argv, const struct password_variable *variable)
{
	static const struct command_line line = {
		.command = "send_sysrq genkey",
		.letters = ":",
		.options = long_options,
		.help = { genkey_help, help },
		.take = take,
		.check = check,
	};
	struct options options = { .name = "genkey" };

	(void)variable;
	return run(&line, argc, argv, &options, create);
}

int pubkey_main(int argc, char **argv, const struct password_variable *variable)
{
	static const struct command_line line = {
		.command = "send_sysrq pubkey",
		.letters = ":",
		.options = long_options,
		.help = { pubkey_help, help },
		.take = take,
		.check = check,
	};
	struct options options = { .name = "pubkey" };

	(void)variable;
	return run(&line, argc, argv, &options, read_pair);
}
