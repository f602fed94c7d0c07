// SPDX-License-Identifier: GPL-2.0
/* send_sysrq [press] [options] <remote host>... <sysrq commands> */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/arguments.h"
#include "client/options.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/press/confirm.h"
#include "client/press/dry.h"
#include "client/press/history.h"
#include "client/runs.h"
#include "client/subcommand.h"
#include "lib/sysrq.h"

enum {
	OPT_WAIT = 256,
	OPT_ONE_WAY,
	OPT_NO_ONE_WAY,
	OPT_ONE_WAY_FOR,
	OPT_HOST_ADDRESS,
	OPT_UNTIL_BACK,
	OPT_JSON,
	OPT_DRY_RUN,
};

enum { BACK_DEFAULT_S = 600, DAY_MS = 86400000 };

static const struct option long_options[] = {
	COMMON_OPTIONS,
	COMMON_OPTION_HOSTS,
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "one-way", no_argument, NULL, OPT_ONE_WAY },
	{ "no-one-way", no_argument, NULL, OPT_NO_ONE_WAY },
	{ "one-way-for", required_argument, NULL, OPT_ONE_WAY_FOR },
	{ "host-address", required_argument, NULL, OPT_HOST_ADDRESS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "yes", no_argument, NULL, 'y' },
	{ "until-back", optional_argument, NULL, OPT_UNTIL_BACK },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ NULL, 0, NULL, 0 },
};

/* --- The command line --- */

struct options {
	struct target_options common;
	struct waits waits;
	struct plan plan;
	const char *host_address; /* in argv; NULL: not given */
	bool yes;
	bool json;
	bool dry_run;
	bool named;   /* the subcommand press was named */
	char **hosts; /* host_count of them, in argv */
	int host_count;
	const char *letters;
};

static bool set_way(struct plan *plan, enum sysrq_way way)
{
	if (plan->way != SYSRQ_WAY_ANY && plan->way != way)
		return tell_clash("--one-way", "--no-one-way");
	plan->way = way;
	return true;
}

/* Read an address; IPv4 becomes ::ffff:a.b.c.d. False: it is no address. */
static bool parse_address(const char *text, unsigned char out[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + sizeof(mapped)) == 1;
}

/* Read the value of an option, as ns. False: it is wrong, as has been told. */
static bool take_seconds(const char *option, uint64_t *ns)
{
	uint32_t ms;

	if (!text_to_ms(optarg, 1000, DAY_MS, &ms))
		return tell_bad(option, optarg, "seconds from 1 to 86400");
	*ns = ms * SYSRQ_MILLISECOND;
	return true;
}

static bool take(void *data, int opt)
{
	struct options *o = data;
	unsigned char address[16];
	const char *part;

	switch (opt) {
	case OPT_WAIT:
		return waits_parse(&o->waits, optarg, &part) ||
		       tell_bad("--wait", part,
				"seconds from 0 to 600, or letter=seconds "
				"such as s=30,e=5");
	case OPT_ONE_WAY:
		return set_way(&o->plan, SYSRQ_WAY_ONE_WAY);
	case OPT_NO_ONE_WAY:
		return set_way(&o->plan, SYSRQ_WAY_SESSION);
	case OPT_ONE_WAY_FOR:
		return take_seconds("--one-way-for", &o->plan.one_way_for);
	case OPT_HOST_ADDRESS:
		o->host_address = optarg;
		o->common.no_ethernet = "--host-address";
		return parse_address(optarg, address) ||
		       tell_bad("--host-address", optarg,
				"an IPv4 or IPv6 address");
	case OPT_UNTIL_BACK:
		o->common.no_ethernet = "--until-back";
		o->plan.until_back = BACK_DEFAULT_S * SYSRQ_SECOND;
		return !optarg ||
		       take_seconds("--until-back", &o->plan.until_back);
	case 'q':
		o->plan.quiet = true;
		return true;
	case 'y':
		o->yes = true;
		return true;
	case OPT_JSON:
		o->json = true;
		o->plan.quiet = true;
		return true;
	case OPT_DRY_RUN:
		o->common.no_ethernet = "--dry-run";
		o->dry_run = o->common.names_only = true;
		return true;
	default:
		return options_take(&o->common, opt);
	}
}

/* Check the steps and the options together. False: it has been told. */
static bool check_steps(struct options *o)
{
	struct steps *steps = &o->plan.steps;

	if (o->plan.until_back &&
	    !strchr("bc", steps->list[steps->count - 1].letter))
		return tell_bad("--until-back", o->letters,
				"sysrq commands that end in b (reboot) or c "
				"(crash)");
	if (o->plan.way == SYSRQ_WAY_SESSION && o->plan.one_way_for)
		return tell_clash("--no-one-way", "--one-way-for");
	if (!steps->saves_log)
		return true;
	if (o->plan.way == SYSRQ_WAY_ONE_WAY)
		return tell_clash(o->letters, "--one-way");
	o->plan.way = SYSRQ_WAY_SAME_EPOCH; /* of the log */
	return true;
}

static bool check(void *data, char **arguments, int count)
{
	struct options *o = data;
	int least = o->common.hosts_file ? 1 : 2;

	if (count && !arguments_check(arguments, count - 1,
				      o->common.config_file, o->named))
		return false;
	if (count < least) {
		tell("%d argument%s given, expected at least %d: "
		     "send_sysrq [options] <remote host> <sysrq commands>; "
		     "see send_sysrq --help",
		     count, count == 1 ? "" : "s", least);
		return false;
	}
	o->hosts = arguments;
	o->host_count = count - 1;
	o->letters = arguments[count - 1];
	if (o->dry_run && o->json)
		return tell_clash("--dry-run", "--json");
	return options_check(&o->common) &&
	       steps_parse(&o->plan.steps, &o->waits, o->letters, o->named) &&
	       check_steps(o);
}

/* Pass --host-address on to the host. False: the reason has been told. */
static bool set_destination(const struct options *o,
			    const struct targets *targets)
{
	unsigned char address[16];

	if (!o->host_address)
		return true;
	if (targets->count > 1)
		return tell_bad("--host-address", o->host_address,
				"only one remote host with this option");
	parse_address(o->host_address, address);
	if (targets->list[0].host)
		sysrq_host_set_destination(targets->list[0].host, address);
	return true;
}

const struct command_line press_line = {
	.command = "send_sysrq",
	.letters = COMMON_LETTERS COMMON_LETTERS_HOSTS "qy",
	.options = long_options,
	.show_help = help_press,
	.take = take,
	.check = check,
};

static enum exit_status act(struct options *options,
			    const struct password_variable *variable)
{
	struct targets targets;
	enum exit_status status =
		targets_make(&targets, &options->common, options->hosts,
			     options->host_count, variable);

	if (status == EXIT_ALL_DONE && options->dry_run) {
		status = dry_show(&options->plan, &targets);
	} else if (status == EXIT_ALL_DONE) {
		history_begin();
		options->plan.timeout = options->common.timeout;
		status = set_destination(options, &targets) &&
					 confirm(&options->plan.steps, &targets,
						 options->yes)
				 ? runs_press(&targets, &options->plan,
					      options->json)
				 : EXIT_USAGE;
	}
	targets_free(&targets);
	return status;
}

static int press(int argc, char **argv,
		 const struct password_variable *variable, bool named)
{
	struct options options = { .named = named };
	enum options_result result;

	options_begin(&options.common);
	waits_begin(&options.waits);
	result = options_read(&press_line, argc, argv, &options);
	if (result == OPTIONS_READ)
		return act(&options, variable);
	target_options_free(&options.common);
	return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
}

int press_main(int argc, char **argv, const struct password_variable *variable)
{
	return press(argc, argv, variable, true);
}

int press_unnamed_main(int argc, char **argv,
		       const struct password_variable *variable)
{
	return press(argc, argv, variable, false);
}
