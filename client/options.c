// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "keyname.h"
#include "ns.h"
#include "options.h"
#include "text.h"
#include "usage.h"
#include "waits.h"

enum {
	DEFAULT_PORT = 9,
	DEFAULT_TIMEOUT_MS = 5000,
	TIMEOUT_MIN_MS = 100,
	TIMEOUT_MAX_MS = 3600000,
};

enum {
	OPT_PASSWORD_FILE = 256,
	OPT_KEY_FILE,
	OPT_REALM,
	OPT_TIMEOUT,
	OPT_WAIT,
	OPT_ONE_WAY,
	OPT_NO_ONE_WAY,
	OPT_HOST_ADDRESS,
	OPT_VERSION,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "port", required_argument, NULL, 'p' },
	{ "password-file", required_argument, NULL, OPT_PASSWORD_FILE },
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "realm", required_argument, NULL, OPT_REALM },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "one-way", no_argument, NULL, OPT_ONE_WAY },
	{ "no-one-way", no_argument, NULL, OPT_NO_ONE_WAY },
	{ "host-address", required_argument, NULL, OPT_HOST_ADDRESS },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: send_sysrq [options] <remote host> <sysrq commands>\n"
	"       send_sysrq genkey             print a new random key\n"
	"       send_sysrq derive [options]   print a host's key, from a master key\n"
	"Press magic SysRq keys on a remote host, e.g. send_sysrq web7 sisub\n"
	"\n"
	"  -p, --port PORT       UDP port of the host (default 9)\n"
	"  --password-file FILE  password is the first line of FILE; else it is\n"
	"                        SEND_SYSRQ_PASSWORD of the environment, else asked\n"
	"  --key-file FILE       no password: key is the first line of FILE, as genkey\n"
	"                        prints it; with --realm it is a master key, and the\n"
	"                        host has what derive makes of it\n"
	"  --realm TEXT          realm of the host's key (default: empty)\n"
	"  --timeout SECONDS     how long to ask for an answer (default 5)\n"
	"  --wait SECONDS        after each key, before the next; or for some keys:\n"
	"                        --wait s=30,e=5\n"
	"  --one-way             send without asking first, where replies cannot\n"
	"                        get back; the clocks must agree\n"
	"  --no-one-way          never send so, not even when no answer comes\n"
	"  --host-address ADDR   host's own address, for one-way through NAT\n"
	"  -4, -6                use only IPv4, only IPv6\n"
	"  --version, --help     genkey and derive have a --help of their own\n"
	"FILE may be - for standard input.\n"
	"\n"
	"Waits by default: s and u until complete, at most 10 s; e 2 s; others 1 s;\n"
	"none after the last key unless it is s or u.\n";

static const struct {
	enum srq_exit status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE, "all pressed; what was waited for is complete" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "carried out, but not all complete: not reported so,\n"
	  "      dropped for a newer command, or host alive after b or c" },
	{ EXIT_USAGE, "bad invocation; nothing sent" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; outcome unknown" },
	{ EXIT_END_NOT_SEEN, "accepted, or maybe; its end was not seen" },
	{ EXIT_NO_ANSWER, "no answer; nothing sent" },
	{ EXIT_PORT_CLOSED, "port closed, or password or key not the host's" },
	{ EXIT_UNREACHABLE, "host unreachable or name unknown" },
	{ EXIT_NOT_MASK, "key not permitted by the host's sysrq mask" },
	{ EXIT_NOT_PERMITTED, "key not permitted to this operator or by the "
			      "firewall rule" },
	{ EXIT_NO_SUCH_KEY, "host knows no such key" },
	{ EXIT_CLOCK, "one-way: clock too far off" },
	{ EXIT_REFUSED, "refused for another reason" },
	{ EXIT_MACHINE, "this machine has no memory for it, or cannot write\n"
			"      the new key; nothing sent" },
};

static void show_keys(void)
{
	unsigned int shown = 0;

	printf("\nKeys (0-9: loglevel of the console):\n");
	for (int i = srq_key_index('a'); i <= srq_key_index('Z'); i++) {
		char key = srq_key_of_index(i);
		const char *name = srq_key_name(key);
		bool first = shown % 2 == 0;

		if (!name[1])
			continue; /* no name but its letter */
		printf(first ? "  %c %-32s" : "%c %s\n", key, name);
		shown++;
	}
	if (shown % 2)
		printf("\n");
}

static void show_help(void)
{
	fputs(usage, stdout);
	show_keys();
	printf("\nExit status:\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
}

static bool set_host_address(struct options *o, const char *value)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	o->has_host_address = true;
	if (inet_pton(AF_INET6, value, o->host_address) == 1)
		return true;
	memcpy(o->host_address, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, value, o->host_address + sizeof(mapped)) == 1)
		return true;
	return usage_bad("--host-address", value, "an IPv4 or IPv6 address");
}

static bool set_way(struct options *o, enum srq_way way)
{
	if (o->way != SRQ_WAY_ANY && o->way != way)
		return usage_clash("--one-way", "--no-one-way");
	o->way = way;
	return true;
}

static bool set_family(struct options *o, int family)
{
	if (o->family != AF_UNSPEC && o->family != family)
		return usage_clash("-4", "-6");
	o->family = family;
	return true;
}

static bool set_option(struct options *o, struct waits *waits, int opt)
{
	const char *part;
	uint32_t v;

	switch (opt) {
	case 'p':
		if (!text_to_number(optarg, 1, 65535, &v))
			return usage_bad("--port", optarg,
					 "a number from 1 to 65535");
		o->port = (uint16_t)v;
		return true;
	case OPT_PASSWORD_FILE:
		o->password_file = optarg;
		return true;
	case OPT_KEY_FILE:
		o->key_file = optarg;
		return true;
	case OPT_REALM:
		o->realm = optarg;
		if (strlen(optarg) > SRQ_REALM_MAX)
			return usage_bad("--realm", optarg,
					 "at most 255 bytes");
		return true;
	case OPT_TIMEOUT:
		if (!text_to_ms(optarg, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, &v))
			return usage_bad("--timeout", optarg,
					 "seconds from 0.1 to 3600");
		o->timeout = v * MILLISECOND;
		return true;
	case OPT_WAIT:
		if (!waits_parse(waits, optarg, &part))
			return usage_bad(
				"--wait", part,
				"seconds from 0 to 600, or key=seconds such "
				"as s=30,e=5");
		return true;
	case OPT_ONE_WAY:
		return set_way(o, SRQ_WAY_ONE_WAY);
	case OPT_NO_ONE_WAY:
		return set_way(o, SRQ_WAY_SESSION);
	case OPT_HOST_ADDRESS:
		return set_host_address(o, optarg);
	case '4':
		return set_family(o, AF_INET);
	case '6':
		return set_family(o, AF_INET6);
	default:
		return false;
	}
}

static bool set_keys(struct options *o, const struct waits *waits,
		     const char *keys)
{
	size_t len = strlen(keys);

	for (size_t i = 0; i < len; i++) {
		if (srq_key_index((unsigned char)keys[i]) < 0)
			return usage_bad("sysrq commands", keys,
					 "keys out of 0-9, a-z and A-Z only");
	}
	if (len < 1 || len > SRQ_STEPS_MAX)
		return usage_bad("sysrq commands", keys, "1 to 16 keys");
	o->count = (uint8_t)len;
	for (size_t i = 0; i < len; i++)
		o->steps[i] = waits_step(waits, keys[i], i == len - 1);
	return true;
}

bool options_parse(struct options *o, int argc, char **argv,
		   enum srq_exit *status)
{
	struct waits waits;
	int opt;

	*o = (struct options){
		.port = DEFAULT_PORT,
		.family = AF_UNSPEC,
		.timeout = DEFAULT_TIMEOUT_MS * MILLISECOND,
		.way = SRQ_WAY_ANY,
	};
	waits_begin(&waits);
	opterr = 0; /* the one sentence is ours */
	*status = EXIT_USAGE;

	while ((opt = getopt_long(argc, argv, ":p:46", long_options, NULL)) !=
	       -1) {
		if (opt == OPT_HELP || opt == OPT_VERSION) {
			if (opt == OPT_HELP)
				show_help();
			else
				printf("send_sysrq %s\n", SRQ_VERSION);
			*status = EXIT_ALL_DONE;
			return false;
		}
		if (opt == '?' || opt == ':')
			return usage_bad_option("send_sysrq", opt,
						argv[optind - 1]);
		if (!set_option(o, &waits, opt))
			return false;
	}
	if (o->key_file && o->password_file)
		return usage_clash("--key-file", "--password-file");
	if (argc - optind != 2) {
		fprintf(stderr,
			"send_sysrq: %d arguments given, expected 2: "
			"send_sysrq [options] <remote host> <sysrq commands>; "
			"see send_sysrq --help\n",
			argc - optind);
		return false;
	}
	o->host = argv[optind];
	if (!*o->host)
		return usage_bad("remote host", o->host,
				 "a name or an address");
	return set_keys(o, &waits, argv[optind + 1]);
}
