// SPDX-License-Identifier: GPL-2.0
/* send_sysrq: press the magic SysRq keys of a remote host. */
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "keyfile.h"
#include "net.h"
#include "options.h"
#include "password.h"
#include "sentence.h"
#include "show.h"
#include "subcommand.h"

/* A host may have such a name; then keys come next, which are no option. */
static const struct subcommand {
	const char *name;
	enum srq_exit (*run)(int argc, char **argv);
} subcommands[] = {
	{ "genkey", genkey },
	{ "derive", derive },
};

static const struct subcommand *find_subcommand(int argc, char **argv)
{
	if (argc < 2 || (argc > 2 && argv[2][0] != '-'))
		return NULL;
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]);
	     i++) {
		if (!strcmp(argv[1], subcommands[i].name))
			return &subcommands[i];
	}
	return NULL;
}

static enum srq_exit key_from_password(uint8_t key[SRQ_KEY_LEN],
				       const struct options *options,
				       const struct password_variable *variable)
{
	const char *realm = options->realm ? options->realm : "";
	struct password password;
	int err;

	if (!password_read(&password, options->password_file, variable,
			   options->host))
		return EXIT_USAGE;
	err = srq_key_from_password(key, password.text, password.len, realm,
				    strlen(realm));
	srq_wipe(&password, sizeof(password));
	return err ? EXIT_MACHINE : EXIT_ALL_DONE;
}

static enum srq_exit make_keys(struct srq_keys *keys,
			       const struct options *options,
			       const struct password_variable *variable)
{
	uint8_t key[SRQ_KEY_LEN];
	enum srq_exit status;

	if (options->key_file)
		status = keyfile_read(key, options->key_file, options->realm);
	else
		status = key_from_password(key, options, variable);
	if (status == EXIT_ALL_DONE && srq_keys_derive(keys, key))
		status = EXIT_MACHINE;
	srq_wipe(key, sizeof(key));
	if (status == EXIT_MACHINE)
		fprintf(stderr, "send_sysrq: no memory to make the key; "
				"nothing was sent\n");
	return status;
}

static void fill_ask(struct srq_ask *ask, const struct options *options,
		     const struct net *net)
{
	ask->way = options->way;
	ask->timeout = options->timeout;
	ask->count = options->count;
	memcpy(ask->steps, options->steps, sizeof(ask->steps));
	ask->address_count = net->count;
	for (uint8_t i = 0; i < net->count; i++) {
		if (options->has_host_address)
			memcpy(ask->addresses[i], options->host_address,
			       SRQ_ADDRESS_LEN);
		else
			net_destination(net, i, ask->addresses[i]);
	}
}

static enum srq_exit send_keys(int argc, char **argv,
			       struct password_variable *variable)
{
	struct srq_session session;
	struct options options;
	struct srq_ask ask;
	struct show show;
	struct net net;
	enum srq_exit status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	if (!net_resolve(&net, options.host, options.port, options.family))
		return EXIT_UNREACHABLE;
	status = make_keys(&ask.keys, &options, variable);
	srq_wipe(variable, sizeof(*variable));
	if (status != EXIT_ALL_DONE)
		return status;

	fill_ask(&ask, &options, &net);
	show_begin(&show, &session, options.host,
		   (const char(*)[PLACE_MAX])net.places, options.port);
	net_run(&net, &session, &ask, &show);
	srq_wipe(&ask.keys, sizeof(ask.keys));
	return sentence_exit(&session);
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
	const struct subcommand *subcommand = find_subcommand(argc, argv);
	struct password_variable variable;
	enum srq_exit status;

	open_streams();
	signal(SIGPIPE, SIG_IGN); /* a reader that is gone ends no rescue */
	setrlimit(RLIMIT_CORE, &no_core); /* keys are in memory */

	password_fetch(&variable);
	if (sodium_init() < 0) {
		fprintf(stderr, "send_sysrq: libsodium does not start; "
				"nothing was sent\n");
		status = EXIT_MACHINE;
	} else if (subcommand) {
		status = subcommand->run(argc - 1, argv + 1);
	} else {
		status = send_keys(argc, argv, &variable);
	}
	srq_wipe(&variable, sizeof(variable));
	return (int)status;
}
