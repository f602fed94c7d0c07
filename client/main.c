// SPDX-License-Identifier: GPL-2.0
/* send_sysrq: press the magic SysRq keys of a remote host. */
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net.h"
#include "options.h"
#include "password.h"
#include "sentence.h"
#include "show.h"

static enum srq_exit make_keys(struct srq_keys *keys,
			       const struct options *options,
			       struct password_variable *variable)
{
	uint8_t key[SRQ_KEY_LEN];
	struct password password;
	bool ok;

	ok = password_read(&password, options->password_file, variable,
			   options->host);
	srq_wipe(variable, sizeof(*variable));
	if (!ok)
		return EXIT_USAGE;
	ok = !srq_key_from_password(key, password.text, password.len,
				    options->realm, strlen(options->realm)) &&
	     !srq_keys_derive(keys, key);
	srq_wipe(&password, sizeof(password));
	srq_wipe(key, sizeof(key));
	if (!ok)
		fprintf(stderr, "send_sysrq: no memory to make the key; "
				"nothing was sent\n");
	return ok ? EXIT_ALL_DONE : EXIT_MACHINE;
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

/* Else a socket may get the number of a stream that is closed. */
static void open_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct srq_session session;
	static const struct rlimit no_core = { 0, 0 };
	struct password_variable variable;
	struct options options;
	struct srq_ask ask;
	struct show show;
	struct net net;
	int status;

	open_streams();
	signal(SIGPIPE, SIG_IGN); /* a reader that is gone ends no rescue */
	setrlimit(RLIMIT_CORE, &no_core); /* keys are in memory */

	password_fetch(&variable);
	if (sodium_init() < 0) {
		fprintf(stderr, "send_sysrq: libsodium does not start; "
				"nothing was sent\n");
		return EXIT_MACHINE;
	}
	if (!options_parse(&options, argc, argv, &status))
		return status;
	if (!net_resolve(&net, options.host, options.port, options.family))
		return EXIT_UNREACHABLE;
	status = (int)make_keys(&ask.keys, &options, &variable);
	if (status)
		return status;

	fill_ask(&ask, &options, &net);
	show_begin(&show, &session, options.host,
		   (const char(*)[PLACE_MAX])net.places, options.port);
	net_run(&net, &session, &ask, &show);
	status = (int)sentence_exit(&session);
	srq_wipe(&ask.keys, sizeof(ask.keys));
	return status;
}
