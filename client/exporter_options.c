// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <getopt.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "client/exporter_options.h"
#include "client/hosts/resolve.h"
#include "client/subcommand.h"
#include "client/output/tell.h"
#include "client/output/text.h"

enum { OPT_LISTEN = 256, LISTEN_PORT = 19009 };

static const struct option long_options[] = {
	HELP_OPTIONS,
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "port", required_argument, NULL, 'p' },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "config", required_argument, NULL, 'F' },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
	"Usage: send_sysrq exporter [options]\n"
	"Tell Prometheus by HTTP which hosts are alive, even if all their programs hang:\n"
	"/probe?target=web7 asks the known host web7. It never presses a letter.\n"
	"\n"
	"  --listen ADDRESS:PORT  where Prometheus asks (default: 127.0.0.1:19009)\n"
	"  --key-file FILE       your key is in FILE, not in ~/.config/send_sysrq/key\n"
	"  -p, --port PORT       UDP port of the hosts (default: 9)\n"
	"  --timeout SECONDS     how long to wait for an answer, if Prometheus does not\n"
	"                        want it sooner (default: 5)\n"
	"  -4, -6                use only IPv4, only IPv6\n"
	"  -F, --config FILE     read FILE, not ~/.config/send_sysrq/config and\n"
	"                        /etc/send_sysrq/config; the word none: read no file\n";

static bool set_listen(struct exporter_options *o, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char address[INET6_ADDRSTRLEN + IF_NAMESIZE];
	struct lookup lookup;
	uint32_t port;
	bool six = len > 2 && text[0] == '[' && text[len - 1] == ']';

	text += six;
	len -= six ? 2 : 0;
	if (!len || len >= sizeof(address) ||
	    !text_to_number(colon + 1, 0, 65535, &port))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!is_address(address) || !strchr(address, ':') == six)
		return false;
	resolve_address(&lookup, address, (uint16_t)port, AF_UNSPEC);
	if (!lookup.list)
		return false;
	memcpy(&o->listen, lookup.list->ai_addr, lookup.list->ai_addrlen);
	freeaddrinfo(lookup.list);
	return true;
}

static bool take(void *data, int opt)
{
	struct exporter_options *o = data;

	if (opt != OPT_LISTEN)
		return options_take(&o->common, opt);
	return set_listen(o, optarg) ||
	       tell_bad("--listen", optarg,
			"an address and a port, such as 127.0.0.1:19009 or "
			"[::1]:19009");
}

static bool check(void *data, char **arguments, int count)
{
	const struct exporter_options *o = data;

	if (count)
		return tell_bad("exporter", arguments[0],
				"no argument: Prometheus names the hosts");
	if (o->common.key_file && !strcmp(o->common.key_file, "-"))
		return tell_bad("--key-file", "-",
				"a file, as it is read for each question");
	return options_check(&o->common);
}

const struct command_line exporter_line = {
	.command = "send_sysrq exporter",
	.letters = HELP_LETTERS "p:F:46",
	.options = long_options,
	.help = { help, options_help },
	.take = take,
	.check = check,
};

enum options_result exporter_options_read(struct exporter_options *options,
					  int argc, char **argv)
{
	*options = (struct exporter_options){
		.listen.four = { .sin_family = AF_INET,
				 .sin_port = htons(LISTEN_PORT),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
	};
	options_begin(&options->common);
	options->common.pair_only = true;
	return options_read(&exporter_line, argc, argv, options);
}
