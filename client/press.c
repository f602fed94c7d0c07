// SPDX-License-Identifier: GPL-2.0
/* send_sysrq HOST... KEYS: presses keys, as it has always done. */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/options.h"
#include "client/press/confirm.h"
#include "client/loop.h"
#include "client/press/many.h"
#include "client/press/run.h"
#include "client/subcommand.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

enum {
	OPT_WAIT = 256,
	OPT_ONE_WAY,
	OPT_NO_ONE_WAY,
	OPT_HOST_ADDRESS,
	OPT_UNTIL_BACK,
	OPT_JSON,
	OPT_VERSION,
};

enum { BACK_DEFAULT_S = 600, BACK_MAX_MS = 86400000 };

static const struct option long_options[] = {
	COMMON_OPTIONS,
	COMMON_OPTION_HOSTS,
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "one-way", no_argument, NULL, OPT_ONE_WAY },
	{ "no-one-way", no_argument, NULL, OPT_NO_ONE_WAY },
	{ "host-address", required_argument, NULL, OPT_HOST_ADDRESS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "yes", no_argument, NULL, 'y' },
	{ "until-back", optional_argument, NULL, OPT_UNTIL_BACK },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: send_sysrq [options] <remote host>... <sysrq commands>\n"
	"       send_sysrq status [options] <remote host>...   who is alive\n"
	"       send_sysrq log [options] <remote host>         its kernel log\n"
	"       send_sysrq genkey             print a new random key\n"
	"       send_sysrq derive [options]   print a host's key, from a master key\n"
	"Press magic SysRq keys on a remote host, e.g. send_sysrq web7 sisub\n"
	"\n";

static const char usage_press[] =
	"  --wait SECONDS        after each key, before the next; or for some keys:\n"
	"                        --wait s=30,e=5\n"
	"  --one-way             send without asking first, where replies cannot\n"
	"                        get back; the clocks must agree\n"
	"  --no-one-way          never send so, not even when no answer comes\n"
	"  --host-address ADDR   host's own address, for one-way through NAT\n"
	"  -q, --quiet           do not print what the kernel does, for w and the like\n"
	"  -y, --yes             do not ask before keys are pressed on many hosts\n"
	"  --until-back[=SECONDS]  after a reboot, wait for the host (600 s)\n"
	"  --json                an object a line and host\n"
	"  --version, --help     each subcommand has a --help of its own\n"
	"FILE may be - for standard input. A host may be a range, as in web[01-40].\n"
	"\n"
	"Sysrq commands are keys, or names and recipes with commas between them:\n"
	"  sisub   sync,unmount,reboot\n"
	"  safe-reboot    e, i, s, u, b: s and u until complete, at most 10 minutes\n"
	"  safe-poweroff  the same with o at its end\n"
	"  diagnose       w, l, m and the whole log, into a file\n"
	"\n"
	"Waits by default: s and u until complete, at most 10 s; e 2 s; others 1 s;\n"
	"none after the last key unless it is s or u.\n";

static const struct {
	enum exit_status status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE, "all pressed; what was waited for is complete" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "carried out, but not all complete: not reported so,\n"
	  "      dropped for a newer command, or host alive after b or c" },
	{ EXIT_USAGE, "bad invocation, or not confirmed; nothing sent" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; outcome unknown" },
	{ EXIT_END_NOT_SEEN, "accepted, or maybe; its end was not seen" },
	{ EXIT_NO_ANSWER, "no answer; nothing sent" },
	{ EXIT_PORT_CLOSED, "port closed, or password or key not the host's" },
	{ EXIT_UNREACHABLE, "host unreachable or name unknown" },
	{ EXIT_NOT_MASK, "key not permitted by the host's sysrq mask" },
	{ EXIT_NOT_PERMITTED, "key not permitted to this operator or by the "
			      "firewall rule" },
	{ EXIT_NO_SUCH_LETTER, "host knows no such key" },
	{ EXIT_CLOCK, "one-way: clock too far off" },
	{ EXIT_REFUSED, "refused for another reason" },
	{ EXIT_MACHINE, "this machine has no memory for it, or cannot write\n"
			"      the file; nothing sent" },
	{ EXIT_NOT_BACK, "did not come back in time" },
};

static void show_letters(void)
{
	unsigned int shown = 0;

	printf("\nKeys (0-9: loglevel of the console):\n");
	for (char letter = 'A'; letter <= 'z'; letter++) {
		const char *name = sysrq_letter_name(letter);
		bool first = shown % 2 == 0;

		if (!name || !name[1])
			continue; /* no name but its letter */
		printf(first ? "  %c %-32s" : "%c %s\n", letter, name);
		shown++;
	}
	if (shown % 2)
		printf("\n");
}

static void show_help(void)
{
	fputs(usage, stdout);
	fputs(common_help, stdout);
	fputs(common_help_hosts, stdout);
	fputs(usage_press, stdout);
	show_letters();
	printf("\nExit status (of several hosts, the highest):\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
}

/* --- The command line --- */

struct options {
	struct target_options common;
	struct waits waits;
	struct plan plan;
	const char *host_address; /* NULL: none given */
	bool yes;
	bool json;
	char **hosts; /* of argv */
	int host_count;
	const char *keys;
};

static bool set_way(struct plan *plan, enum sysrq_way way)
{
	if (plan->way != SYSRQ_WAY_ANY && plan->way != way)
		return tell_clash("--one-way", "--no-one-way");
	plan->way = way;
	return true;
}

static bool parse_address(const char *text, unsigned char out[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + sizeof(mapped)) == 1;
}

static bool set_option(struct options *o, int opt, char **argv)
{
	unsigned char address[16];
	const char *part;
	uint32_t ms = BACK_DEFAULT_S * 1000;

	switch (opt) {
	case OPT_WAIT:
		if (!waits_parse(&o->waits, optarg, &part))
			return tell_bad(
				"--wait", part,
				"seconds from 0 to 600, or key=seconds such "
				"as s=30,e=5");
		return true;
	case OPT_ONE_WAY:
		return set_way(&o->plan, SYSRQ_WAY_ONE_WAY);
	case OPT_NO_ONE_WAY:
		return set_way(&o->plan, SYSRQ_WAY_SESSION);
	case OPT_HOST_ADDRESS:
		o->host_address = optarg;
		if (parse_address(optarg, address))
			return true;
		return tell_bad("--host-address", optarg,
				"an IPv4 or IPv6 address");
	case OPT_UNTIL_BACK:
		if (optarg && !text_to_ms(optarg, 1000, BACK_MAX_MS, &ms))
			return tell_bad("--until-back", optarg,
					"seconds from 1 to 86400");
		o->plan.until_back = ms * SYSRQ_MILLISECOND;
		return true;
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
	default:
		return options_take(&o->common, "send_sysrq", opt, argv);
	}
}

static bool check(struct options *o)
{
	struct steps *steps = &o->plan.steps;

	if (!options_check(&o->common) ||
	    !steps_parse(steps, &o->waits, o->keys))
		return false;
	if (o->plan.until_back && steps->list[steps->count - 1].letter != 'b')
		return tell_bad("--until-back", o->keys,
				"sysrq commands that end in b (reboot)");
	if (!steps->diagnose)
		return true;
	if (o->plan.way == SYSRQ_WAY_ONE_WAY)
		return tell_clash("diagnose", "--one-way");
	o->plan.way = SYSRQ_WAY_SESSION;
	return true;
}

/* False: *status is what to exit with. */
static bool parse(struct options *o, int argc, char **argv,
		  enum exit_status *status)
{
	int opt, least;

	*o = (struct options){ .yes = false };
	options_begin(&o->common);
	waits_begin(&o->waits);
	opterr = 0; /* the one sentence is ours */
	*status = EXIT_USAGE;
	while ((opt = getopt_long(argc, argv, ":" COMMON_LETTERS "qy",
				  long_options, NULL)) != -1) {
		if (opt == OPT_HELP || opt == OPT_VERSION) {
			if (opt == OPT_HELP)
				show_help();
			else
				printf("send_sysrq %s\n", sysrq_version());
			*status = EXIT_ALL_DONE;
			return false;
		}
		if (!set_option(o, opt, argv))
			return false;
	}
	least = o->common.hosts_file ? 1 : 2;
	if (argc - optind < least) {
		tell("%d arguments given, expected %d: "
		     "send_sysrq [options] <remote host> <sysrq commands>; "
		     "see send_sysrq --help",
		     argc - optind, least);
		return false;
	}
	o->hosts = argv + optind;
	o->host_count = argc - optind - 1;
	o->keys = argv[argc - 1];
	return check(o);
}

/* --- Doing it --- */

struct command {
	const struct options *options;
	struct targets targets;
	struct run *runs;
	struct many many;
	size_t over;
};

static struct run *run_of(const struct command *command,
			  const struct sysrq_event *event)
{
	const struct target *target = sysrq_host_data(event->host);

	return &command->runs[target - command->targets.list];
}

/* Go on with a run; count it once it is over. */
static uint64_t go_on(struct command *command, struct run *run, uint64_t now)
{
	uint64_t next = UINT64_MAX;

	while (run->state != RUN_OVER) {
		next = run_tick(run, now);
		if (next > now)
			break;
	}
	if (run->state == RUN_OVER && !run->counted) {
		run->counted = true;
		command->over++;
		if (!command->options->plan.alone)
			many_over(&command->many, run, now);
	}
	return next;
}

static void on_event(void *data, const struct sysrq_event *event)
{
	struct command *command = data;
	struct run *run = run_of(command, event);

	if (run->state != RUN_OVER)
		run_event(run, event, sysrq_now());
	run->touched = true;
}

static uint64_t tick(void *data, uint64_t now)
{
	struct command *command = data;
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < command->targets.count; i++) {
		struct run *run = &command->runs[i];

		if (run->touched || run->next <= now)
			run->next = go_on(command, run, now);
		run->touched = false;
		if (run->next < next)
			next = run->next;
	}
	if (!command->options->plan.alone) {
		uint64_t draw = many_tick(&command->many, now);

		next = draw < next ? draw : next;
	}
	return next;
}

static bool interrupt(void *data)
{
	struct command *command = data;
	bool any = false;

	for (size_t i = 0; i < command->targets.count; i++) {
		command->runs[i].touched = true;
		if (command->runs[i].state != RUN_OVER &&
		    run_interrupt(&command->runs[i], sysrq_now()))
			any = true;
	}
	/* Of several hosts it is told what became of each. */
	return any || !command->options->plan.alone;
}

static bool finished(const void *data)
{
	const struct command *command = data;

	return command->over == command->targets.count;
}

static enum exit_status press_all(struct command *command)
{
	const struct loop loop = {
		.ctx = command->targets.ctx,
		.data = command,
		.event = on_event,
		.tick = tick,
		.interrupt = interrupt,
		.finished = finished,
	};
	enum exit_status status = EXIT_ALL_DONE;
	uint64_t now = sysrq_now();

	command->runs = calloc(command->targets.count, sizeof(struct run));
	if (!command->runs) {
		tell("no memory; nothing was sent");
		return EXIT_MACHINE;
	}
	many_begin(&command->many, &command->targets, command->options->json,
		   now);
	for (size_t i = 0; i < command->targets.count; i++)
		run_begin(&command->runs[i], &command->options->plan,
			  &command->targets.list[i], now);
	loop_run(&loop);
	if (!command->options->plan.alone)
		many_end(&command->many);
	/* Who looks at a terminal sees that; who reads JSON may not. */
	if (command->options->json && (fflush(stdout) || ferror(stdout))) {
		tell("cannot write what became of it");
		status = EXIT_MACHINE;
	}
	for (size_t i = 0; i < command->targets.count; i++) {
		if (command->runs[i].status > status)
			status = command->runs[i].status;
		run_free(&command->runs[i]);
	}
	free(command->runs);
	return status;
}

static bool set_destination(const struct options *o,
			    const struct targets *targets)
{
	unsigned char address[16];

	if (!o->host_address)
		return true;
	if (targets->count > 1)
		return tell_bad("--host-address", o->host_address,
				"one host with it");
	parse_address(o->host_address, address);
	if (targets->list[0].host)
		sysrq_host_set_destination(targets->list[0].host, address);
	return true;
}

static bool confirmed(const struct options *o, const struct targets *targets)
{
	if (targets->count < 2 || o->yes || !isatty(STDIN_FILENO) ||
	    !steps_destructive(&o->plan.steps))
		return true;
	if (confirm(&o->plan.steps, targets))
		return true;
	tell("not confirmed; nothing was sent");
	return false;
}

enum exit_status press_main(int argc, char **argv,
			    const struct password_variable *variable)
{
	struct options options;
	struct command command = { .options = &options };
	enum exit_status status;

	if (!parse(&options, argc, argv, &status))
		return status;
	status = targets_make(&command.targets, &options.common, options.hosts,
			      options.host_count, !options.json, variable);
	if (status == EXIT_ALL_DONE &&
	    (!set_destination(&options, &command.targets) ||
	     !confirmed(&options, &command.targets)))
		status = EXIT_USAGE;
	if (status == EXIT_ALL_DONE) {
		options.plan.timeout = options.common.timeout;
		options.plan.alone =
			command.targets.count == 1 && !options.json;
		status = press_all(&command);
	}
	targets_free(&command.targets);
	return status;
}
