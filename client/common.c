// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <string.h>
#include <sys/socket.h>

#include "common.h"
#include "ns.h"
#include "sysrq.h"
#include "text.h"
#include "usage.h"

enum {
	DEFAULT_TIMEOUT_MS = 5000,
	TIMEOUT_MIN_MS = 100,
	TIMEOUT_MAX_MS = 3600000,
};

const char common_help[] =
	"  -p, --port PORT       UDP port of the host (default 9)\n"
	"  --password-file FILE  password is the first line of FILE; else it is\n"
	"                        SEND_SYSRQ_PASSWORD of the environment, else asked\n"
	"  --key-file FILE       no password: key is the first line of FILE, as genkey\n"
	"                        prints it; with --realm it is a master key, and the\n"
	"                        host has what derive makes of it\n"
	"  --realm TEXT          realm of the host's key (default: empty)\n"
	"  --timeout SECONDS     how long to ask for an answer (default 5)\n"
	"  -4, -6                use only IPv4, only IPv6\n"
	"  -F, --config FILE     configuration; none: none. Without it it is\n"
	"                        ~/.config/send_sysrq/config, /etc/send_sysrq/config\n";

const char common_help_hosts[] =
	"  --hosts FILE          more hosts, one a line; # begins a comment\n";

void common_begin(struct common *common, const char *command)
{
	*common = (struct common){
		.command = command,
		.family = AF_UNSPEC,
		.timeout = DEFAULT_TIMEOUT_MS * MILLISECOND,
	};
}

static bool set_family(struct common *common, int family)
{
	if (common->family != AF_UNSPEC && common->family != family)
		return usage_clash("-4", "-6");
	common->family = family;
	return true;
}

bool common_option(struct common *common, int opt, char **argv)
{
	uint32_t v;

	switch (opt) {
	case 'p':
		if (!text_to_number(optarg, 1, 65535, &v))
			return usage_bad("--port", optarg,
					 "a number from 1 to 65535");
		common->port = (uint16_t)v;
		return true;
	case OPT_PASSWORD_FILE:
		common->password_file = optarg;
		return true;
	case OPT_KEY_FILE:
		common->key_file = optarg;
		return true;
	case OPT_REALM:
		common->realm = optarg;
		if (strlen(optarg) > SYSRQ_REALM_MAX)
			return usage_bad("--realm", optarg,
					 "at most 255 bytes");
		return true;
	case OPT_TIMEOUT:
		if (!text_to_ms(optarg, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, &v))
			return usage_bad("--timeout", optarg,
					 "seconds from 0.1 to 3600");
		common->timeout = v * MILLISECOND;
		return true;
	case OPT_HOSTS:
		if (common->hosts_file)
			return usage_bad("--hosts", optarg, "one such option");
		common->hosts_file = optarg;
		return true;
	case 'F':
		common->config_file = optarg;
		return true;
	case '4':
		return set_family(common, AF_INET);
	case '6':
		return set_family(common, AF_INET6);
	default:
		return usage_bad_option(common->command, opt, argv[optind - 1]);
	}
}

bool common_check(const struct common *common)
{
	const char *files[] = { common->hosts_file, common->key_file,
				common->password_file };
	unsigned int stdins = 0;

	if (common->key_file && common->password_file)
		return usage_clash("--key-file", "--password-file");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		stdins += files[i] && !strcmp(files[i], "-");
	if (stdins > 1)
		return usage_bad("--hosts", "-",
				 "a file, where standard input is for the "
				 "password or key");
	return true;
}
