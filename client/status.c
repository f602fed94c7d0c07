// SPDX-License-Identifier: GPL-2.0
/* send_sysrq status: shows which hosts are alive, and what they permit. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/loop.h"
#include "client/output/progress.h"
#include "client/output/json.h"
#include "client/output/nagios.h"
#include "client/output/prometheus.h"
#include "client/output/table.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "client/press/steps.h"
#include "client/subcommand.h"
#include "client/hosts/targets.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "lib/sysrq.h"

enum { OPT_NEED = 256, OPT_JSON, OPT_NAGIOS, OPT_PROMETHEUS };

static const struct option long_options[] = {
	COMMON_OPTIONS,
	COMMON_OPTION_HOSTS,
	{ "need", required_argument, NULL, OPT_NEED },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "nagios", no_argument, NULL, OPT_NAGIOS },
	{ "prometheus", no_argument, NULL, OPT_PROMETHEUS },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: send_sysrq status [options] <remote host>...\n"
	"Show which hosts are alive, even if all their programs hang, and which letters\n"
	"they permit.\n"
	"\n";

static const char usage_options[] =
	"  --need LETTERS        letters that each host must permit, as in a command: sub\n"
	"                        (default: one permitted letter is enough)\n"
	"  --json                print one JSON object for each host, on one line\n"
	"  --nagios              print one line for Nagios or Icinga, of one host\n"
	"  --prometheus          print metrics for node_exporter's textfile collector\n";

static const char usage_rest[] =
	"Only one of --password-file, --key-file and --hosts may be - (standard input).\n"
	"Hosts may be a list with ranges and groups, such as web[01-40],db1,@rack3.\n"
	"\n"
	"Exit status (with several hosts, the highest number counts):\n"
	"   0  all hosts are alive and permit the needed letters\n"
	"   1  a host is not armed: it is alive, but does not permit a needed letter\n"
	"   2  a host is not alive: it has panicked, or is silent, closed, unreachable or\n"
	"      unknown\n"
	"   3  wrong command line, a fault of this machine, or the only host is not known\n";

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NAGIOS, FORMAT_PROMETHEUS };

static const char *const format_names[] = {
	[FORMAT_JSON] = "--json",
	[FORMAT_NAGIOS] = "--nagios",
	[FORMAT_PROMETHEUS] = "--prometheus",
};

struct options {
	struct target_options common;
	enum format format;
	uint64_t needed; /* a set of letters; 0: any letter is enough */
	char **hosts;    /* host_count of them, in argv */
	int host_count;
};

static bool set_format(struct options *o, enum format format)
{
	if (o->format != FORMAT_TEXT && o->format != format)
		return tell_clash(format_names[o->format],
				  format_names[format]);
	o->format = format;
	return true;
}

static bool take(void *data, int opt)
{
	struct options *o = data;

	switch (opt) {
	case OPT_NEED:
		return steps_parse_set(&o->needed, "--need", optarg);
	case OPT_JSON:
		return set_format(o, FORMAT_JSON);
	case OPT_NAGIOS:
		return set_format(o, FORMAT_NAGIOS);
	case OPT_PROMETHEUS:
		return set_format(o, FORMAT_PROMETHEUS);
	default:
		return options_take(&o->common, opt);
	}
}

static bool check(void *data, char **arguments, int count)
{
	struct options *o = data;

	o->hosts = arguments;
	o->host_count = count;
	if (!count && !o->common.hosts_file) {
		tell("no remote host given, expected send_sysrq status "
		     "[options] <remote host>...; see send_sysrq status "
		     "--help");
		return false;
	}
	return options_check(&o->common);
}

/* --- Asking --- */

struct command {
	const struct options *options;
	struct targets targets;
	struct report_host *reports; /* one for each target */
	struct table table;
	struct progress progress;
	size_t answered; /* hosts that have answered, or will not answer */
	size_t alive;
	uint64_t began;
	uint64_t redraw;
	bool colour;
	bool unwritten; /* JSON: an object is missing */
};

/* What a host has answered. Its report points to it. */
struct answer {
	struct sysrq_status status; /* the first member */
	char place[];
};

static const uint64_t redraw_every = SYSRQ_SECOND / 10;

static void print_json(struct command *command,
		       const struct report_host *report)
{
	char name[REPORT_NAME_MAX + 1];

	if (json_report(stdout, report) || ferror(stdout))
		return;
	command->unwritten = true;
	text_printable(name, sizeof(name), report->name);
	tell("out of memory: cannot write the status of %s", name);
}

static void print(struct command *command, const struct report_host *report)
{
	progress_erase(&command->progress);
	if (command->options->format == FORMAT_JSON)
		print_json(command, report);
	else if (command->options->format == FORMAT_NAGIOS)
		nagios_report(stdout, report);
	else if (command->options->format == FORMAT_PROMETHEUS)
		return;
	else if (command->targets.count == 1)
		report_block(stdout, report, command->colour);
	else
		table_row(&command->table, report);
	command->redraw = 0;
}

static struct report_host *report_of(const struct command *command,
				     const struct target *target)
{
	return &command->reports[target - command->targets.list];
}

/* Copy what the host has answered: its memory is for the next ones. */
static void keep_answer(struct report_host *report,
			const struct sysrq_host *host)
{
	char place[PLACE_MAX];
	struct answer *answer;

	text_of_place(place, sysrq_host_address(host));
	answer = malloc(sizeof(*answer) + strlen(place) + 1);
	if (!answer) {
		report->state = REPORT_UNKNOWN;
		report->status = NULL;
		report->error = strerror(ENOMEM);
		report->of_here = true;
		return;
	}
	answer->status = *report->status;
	strcpy(answer->place, place);
	report->status = &answer->status;
	report->place = answer->place;
}

static void fill(struct command *command, struct report_host *report,
		 struct sysrq_host *host)
{
	report_set(report, host, command->options->needed);
	report->timeout = command->options->common.timeout;
	if (report_answers(report))
		keep_answer(report, host);
}

/* Report a target. That of the same host, if there is one, is filled. */
static void finish(struct command *command, const struct target *target)
{
	struct report_host *report = report_of(command, target);

	if (target->problem) {
		report->state = REPORT_UNKNOWN;
		report->error = target->problem;
		report->of_here = target->of_here;
	} else if (target->same) {
		*report = *report_of(command, target->same);
		report->name = target->name;
	}
	command->answered++;
	command->alive += report_answers(report);
	print(command, report);
}

static void ask(struct command *command, struct target *target)
{
	if (!sysrq_host_ask(target->host))
		return;
	target->problem = strerror(ENOMEM);
	target->of_here = true;
	finish(command, target);
}

static void on_found(void *data, struct target *target)
{
	struct command *command = data;
	struct target *same = target->same;

	/* The host of a target that is finished is freed. */
	if (same && !same->host && !same->problem &&
	    !report_answers(report_of(command, same)))
		same_next(same);
	if (target->problem ||
	    (target->same && (!target->same->host || target->same->problem)))
		finish(command, target);
	else if (!target->same)
		ask(command, target);
}

static void on_event(void *data, const struct sysrq_event *event)
{
	struct target *first = sysrq_host_data(event->host), *next;

	if (event->type != SYSRQ_EVENT_END)
		return;
	fill(data, report_of(data, first), event->host);
	finish(data, first);
	sysrq_host_free(event->host);
	first->host = NULL;
	if (report_answers(report_of(data, first))) {
		for (next = first->next_same; next; next = next->next_same)
			finish(data, next);
	} else if ((next = same_next(first))) {
		ask(data, next);
	}
}

static uint64_t tick(void *data, uint64_t now)
{
	struct command *command = data;

	written_flush();
	if (command->targets.count < 2)
		return LOOP_NEVER;
	if (now >= command->redraw) {
		command->redraw = now + redraw_every;
		progress_draw(&command->progress, (unsigned int)command->alive,
			      (unsigned int)command->targets.count,
			      (unsigned int)(command->targets.count -
					     command->answered),
			      now - command->began);
	}
	return command->redraw;
}

static bool interrupt(void *data)
{
	struct command *command = data;

	progress_erase(&command->progress);
	return false;
}

static bool finished(const void *data)
{
	const struct command *command = data;

	return command->answered == command->targets.count;
}

/* Begin the reports and the table. */
static void begin(struct command *command)
{
	size_t longest = 0;

	for (size_t i = 0; i < command->targets.count; i++) {
		const char *name = command->targets.list[i].name;
		size_t len = strlen(name);

		longest = len > longest ? len : longest;
		command->reports[i].name = name;
	}
	if (command->targets.count > 1 &&
	    command->options->format == FORMAT_TEXT)
		table_begin(&command->table, stdout, command->colour,
			    terminal_width(stdout), longest);
}

static enum status_exit exit_of(const struct report_host *report, size_t count)
{
	/* Of other hosts something is known. */
	if (report->of_here && count == 1)
		return STATUS_FAULT;
	if (report->state != REPORT_ALIVE)
		return STATUS_SILENT;
	return report->armed ? STATUS_ARMED : STATUS_NOT_ARMED;
}

static enum status_exit worst(const struct command *command)
{
	enum status_exit status =
		command->unwritten ? STATUS_FAULT : STATUS_ARMED;

	for (size_t i = 0; i < command->targets.count; i++) {
		enum status_exit one =
			exit_of(&command->reports[i], command->targets.count);

		status = one > status ? one : status;
	}
	return status;
}

static void free_reports(struct command *command)
{
	for (size_t i = 0; i < command->targets.count; i++) {
		if (!command->targets.list[i].same)
			free((void *)command->reports[i].status);
	}
	free(command->reports);
}

static enum status_exit ask_all(struct command *command)
{
	static const struct loop_calls calls = { on_found, on_event, tick,
						 interrupt, finished };
	enum status_exit status;

	command->reports =
		calloc(command->targets.count, sizeof(*command->reports));
	if (!command->reports) {
		tell("out of memory; nothing was sent");
		return STATUS_FAULT;
	}
	command->colour = terminal_colour(stdout);
	command->progress.out =
		command->options->format == FORMAT_TEXT ? stdout : stderr;
	command->began = sysrq_now();
	begin(command);
	loop_run(&command->targets, &calls, command);
	progress_erase(&command->progress);
	if (command->options->format == FORMAT_PROMETHEUS)
		prometheus_report(stdout, command->reports,
				  command->targets.count);
	status = written("the status") ? worst(command) : STATUS_FAULT;
	if (command->targets.count > 1)
		table_summary(stderr, command->reports, command->targets.count);
	free_reports(command);
	return status;
}

/* Nagios and Icinga ask for each host alone. */
static bool fits(const struct options *o, const struct targets *targets)
{
	if (o->format != FORMAT_NAGIOS || targets->count == 1)
		return true;
	tell("--nagios takes one host, not %zu; nothing was sent",
	     targets->count);
	return false;
}

const struct command_line status_line = {
	.command = "send_sysrq status",
	.letters = COMMON_LETTERS COMMON_LETTERS_HOSTS,
	.options = long_options,
	.help = { usage, common_help, common_help_hosts, usage_options,
		  options_help, usage_rest },
	.take = take,
	.check = check,
};

int status_main(int argc, char **argv, const struct password_variable *variable)
{
	struct options options = { .format = FORMAT_TEXT };
	struct command command = { .options = &options };
	enum options_result result;
	enum status_exit status = STATUS_FAULT;

	options_begin(&options.common);
	options.common.all_known = false; /* it shows them as unknown */
	result = options_read(&status_line, argc, argv, &options);
	if (result != OPTIONS_READ) {
		target_options_free(&options.common);
		return result == OPTIONS_SHOWN ? STATUS_ARMED : STATUS_FAULT;
	}
	if (options.format == FORMAT_NAGIOS)
		nagios_begin();
	if (targets_make(&command.targets, &options.common, options.hosts,
			 options.host_count, variable) == EXIT_ALL_DONE &&
	    fits(&options, &command.targets))
		status = ask_all(&command);
	targets_free(&command.targets);
	if (options.format == FORMAT_NAGIOS)
		nagios_end(stdout, command.answered);
	return written("the status") ? status : STATUS_FAULT;
}
