// SPDX-License-Identifier: GPL-2.0
/* send_sysrq genkey: a new random key. */
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
	"  send_sysrq --key-file key web7 sisub\n"
	"\n"
	"The host must have the same key in its table of operators, or one that\n"
	"send_sysrq derive makes from it.\n";

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int genkey_main(int argc, char **argv, const struct password_variable *variable)
{
	struct sysrq_key key;
	enum exit_status status;
	int opt;

	(void)variable;
	opterr = 0; /* the one sentence is ours */
	opt = getopt_long(argc, argv, ":", long_options, NULL);
	if (opt == 'h') {
		fputs(help, stdout);
		return EXIT_ALL_DONE;
	}
	if (opt != -1) {
		options_bad("send_sysrq genkey", opt, argv[optind - 1]);
		return EXIT_USAGE;
	}
	if (optind < argc) {
		tell_bad("genkey", argv[optind], "no argument");
		return EXIT_USAGE;
	}
	sysrq_key_generate(&key);
	status = keyfile_print(&key);
	sysrq_key_wipe(&key);
	return status;
}
