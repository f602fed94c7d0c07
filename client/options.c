// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "client/options.h"
#include "client/hosts/knownline.h"
#include "lib/sysrq.h"
#include "client/output/text.h"
#include "client/output/tell.h"

enum {
	DEFAULT_TIMEOUT_MS = 5000,
	LOOK_UP_LEAST_MS = 12000,
	TIMEOUT_MIN_MS = 100,
	TIMEOUT_MAX_MS = 3600000,
};

const char options_help[] = "  -h, --help            print this help\n"
			    "  -V, --version         print the version\n";

const char common_help[] =
	"  -p, --port PORT       UDP port of the host (default: 9)\n"
	"  --key-file FILE       your key is in FILE, not in ~/.config/send_sysrq/key\n"
	"  --known-as NAME       the host has the public key that is known for NAME\n"
	"  --password            use a password, and ask for it\n"
	"  --password-file FILE  use a password, the first line of FILE\n"
	"  --realm TEXT          with a password: the module's parameter realm\n"
	"  --timeout SECONDS     how long to wait for an answer (default: 5)\n"
	"  -4, -6                use only IPv4, only IPv6\n"
	"  --ethernet MAC%IFACE  the host has lost its IPv4 address: send to its network\n"
	"                        card, as in 52:54:00:12:34:56%eth0 (as root)\n"
	"  -F, --config FILE     read FILE, not ~/.config/send_sysrq/config and\n"
	"                        /etc/send_sysrq/config; the word none: read no file\n";

const char common_help_hosts[] =
	"  --hosts FILE          more hosts, one on each line; # begins a comment\n"
	"  -x, --exclude HOSTS   leave these hosts out\n";

/* --- Any subcommand --- */

/*
 * name is a long option of one of the lines, or the beginning of one: has it a
 * value? A full name counts before those that begin with it.
 */
static bool long_has_value(const struct command_line *const *lines,
			   size_t count, const char *name)
{
	size_t len = strlen(name);
	bool value = false;

	for (size_t l = 0; l < count; l++) {
		for (const struct option *o = lines[l]->options; o && o->name;
		     o++) {
			if (!strcmp(o->name, name))
				return o->has_arg == required_argument;
			if (!strncmp(o->name, name, len))
				value |= o->has_arg == required_argument;
		}
	}
	return value;
}

/* The next argument is the value of the last of these short options. */
static bool shorts_have_value(const struct command_line *line,
			      const char *letters)
{
	for (; *letters; letters++) {
		const char *known = strchr(line->letters, *letters);

		if (known && *letters != ':' && known[1] == ':')
			return !letters[1];
	}
	return false;
}

int options_first(const struct command_line *const *lines, size_t count,
		  char *const *argv)
{
	for (int i = 1; argv[i]; i++) {
		const char *text = argv[i];
		bool value = false;

		if (text[0] != '-' || !text[1])
			return i;
		if (!strcmp(text, "--"))
			return 0;
		if (text[1] == '-')
			value = long_has_value(lines, count, text + 2);
		for (size_t l = 0; l < count && text[1] != '-' && !value; l++)
			value = shorts_have_value(lines[l], text + 1);
		if (value && argv[i + 1])
			i++;
	}
	return 0;
}

/*
 * Tell that an option is wrong. opt is the result of getopt_long(), '?' or ':'.
 * arg is the last argument that it has read.
 */
static enum options_result wrong(const char *command, int opt, const char *arg)
{
	bool is_long = !strncmp(arg, "--", 2);
	char letter[] = { '-', (char)optopt, '\0' };
	bool is_letter = optopt > ' ' && optopt <= '~' && !is_long;
	int name = (int)strcspn(arg, "="); /* the value may be a secret */

	if (opt == ':')
		tell("%s: no value given; see %s --help", arg, command);
	else if (is_letter)
		tell("'%s' is not an option; see %s --help", letter, command);
	else
		tell("'%.*s' %s; see %s --help", name, arg,
		     is_long && optopt ? "takes no value" : "is not an option",
		     command);
	return OPTIONS_WRONG;
}

static void show(const struct command_line *line, int opt)
{
	signal(SIGPIPE, SIG_DFL); /* safe: no letter is pressed */
	if (opt == 'V')
		printf("send_sysrq %s\n", sysrq_version());
	else if (line->show_help)
		line->show_help();
	for (int i = 0; opt == 'h' && i < OPTIONS_HELP_PARTS && line->help[i];
	     i++)
		fputs(line->help[i], stdout);
}

enum options_result options_read(const struct command_line *line, int argc,
				 char **argv, void *data)
{
	int opt;

	opterr = 0; /* getopt_long() prints nothing: wrong() tells it */
	while ((opt = getopt_long(argc, argv, line->letters, line->options,
				  NULL)) != -1) {
		if (opt == '?' || opt == ':')
			return wrong(line->command, opt, argv[optind - 1]);
		if (opt == 'h' || opt == 'V') {
			show(line, opt);
			return OPTIONS_SHOWN;
		}
		if (!line->take(data, opt))
			return OPTIONS_WRONG;
	}
	if (argc == 2 && !strcmp(argv[1], "help")) {
		show(line, 'h');
		return OPTIONS_SHOWN;
	}
	if (!line->check(data, argv + optind, argc - optind))
		return OPTIONS_WRONG;
	return OPTIONS_READ;
}

/* --- Pressing, status and log --- */

void options_begin(struct target_options *o)
{
	*o = (struct target_options){
		.family = AF_UNSPEC,
		.timeout = DEFAULT_TIMEOUT_MS * SYSRQ_MILLISECOND,
		.look_up_least = LOOK_UP_LEAST_MS * SYSRQ_MILLISECOND,
		.all_known = true,
	};
}

static bool set_family(struct target_options *o, int family)
{
	if (o->family != AF_UNSPEC && o->family != family)
		return tell_clash("-4", "-6");
	o->family = family;
	return true;
}

bool options_take_file(const char **file, const char *option)
{
	if (!*optarg)
		return tell_bad(option, optarg, "the name of a file");
	*file = optarg;
	return true;
}

static bool leave_out(struct target_options *o, const char *list)
{
	size_t size = (o->left_out_count + 1) * sizeof(*o->left_out);
	const char **lists = realloc(o->left_out, size);

	if (!lists)
		return tell_bad("-x", list, "fewer hosts: out of memory");
	o->left_out = lists;
	o->left_out[o->left_out_count++] = list;
	return true;
}

bool options_take(struct target_options *o, int opt)
{
	uint32_t v;

	switch (opt) {
	case OPT_PASSWORD_FILE:
		return options_take_file(&o->password_file, "--password-file");
	case OPT_KEY_FILE:
		return options_take_file(&o->key_file, "--key-file");
	case 'F':
		return options_take_file(&o->config_file, "--config");
	case OPT_KNOWN_AS:
		o->known_as = optarg;
		return true;
	case 'p':
		if (!text_to_number(optarg, 1, 65535, &v))
			return tell_bad("--port", optarg,
					"a number from 1 to 65535");
		o->port = (uint16_t)v;
		return true;
	case OPT_PASSWORD:
		o->ask_password = true;
		return true;
	case OPT_REALM:
		o->realm = optarg;
		if (strlen(optarg) > SYSRQ_REALM_MAX)
			return tell_bad("--realm", optarg, "at most 255 bytes");
		return true;
	case OPT_TIMEOUT:
		if (!text_to_ms(optarg, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, &v))
			return tell_bad("--timeout", optarg,
					"seconds from 0.1 to 3600");
		o->timeout = v * SYSRQ_MILLISECOND;
		return true;
	case OPT_HOSTS:
		if (o->hosts_file)
			return tell_bad("--hosts", optarg,
					"this option only once");
		return options_take_file(&o->hosts_file, "--hosts");
	case 'x':
		return leave_out(o, optarg);
	case OPT_ETHERNET:
		return ethernet_read(&o->ethernet, optarg);
	case '4':
		return set_family(o, AF_INET);
	case '6':
		return set_family(o, AF_INET6);
	default: /* there is no other option */
		return false;
	}
}

bool options_check(const struct target_options *o)
{
	const char *files[] = { o->hosts_file, o->key_file, o->password_file };
	unsigned int stdins = 0;
	char name[KNOWN_NAME_MAX + 1];

	const struct {
		const char *name;
		bool given;
	} pair[] = { { "--key-file", o->key_file },
		     { "--known-as", o->known_as },
		     { "--ethernet", o->ethernet.text } },
	  password[] = { { "--password-file", o->password_file },
			 { "--password", o->ask_password } };

	for (int i = 0; i < 6; i++) {
		if (pair[i / 2].given && password[i % 2].given)
			return tell_clash(pair[i / 2].name,
					  password[i % 2].name);
	}
	if (o->known_as && !known_name(name, o->known_as))
		return tell_bad("--known-as", o->known_as,
				"the name or address of one host");
	if (o->ethernet.text && o->family == AF_INET6)
		return tell_clash("--ethernet", "-6");
	if (o->ethernet.text && o->no_ethernet)
		return tell_clash("--ethernet", o->no_ethernet);
	if (o->password_file && o->ask_password)
		return tell_clash("--password", "--password-file");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		stdins += files[i] && !strcmp(files[i], "-");
	if (stdins > 1)
		return tell_bad("--hosts", "-",
				"a file, because standard input is already "
				"used for the password or key");
	return true;
}
