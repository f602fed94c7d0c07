// SPDX-License-Identifier: GPL-2.0
/* send_sysrq log: prints the kernel log of a host. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/output/logtext.h"
#include "client/loop.h"
#include "client/output/sentence.h"
#include "client/subcommand.h"
#include "client/hosts/targets.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "lib/sysrq.h"

enum { OPT_SINCE = 256, OPT_LEVEL };

enum { LINES_MAX = 100000000, SINCE_MAX_MS = 4000000000U };

/* --follow: how often to look for new messages. */
static const uint64_t follow_every = SYSRQ_SECOND / 2;

/* --follow: how often to ask whether a silent host is back. */
static const uint64_t ask_every = 1 * SYSRQ_SECOND;

/* If the boot time moved by more, the host has rebooted. Clocks drift less. */
static const int64_t restart_least = 2 * (int64_t)SYSRQ_SECOND;

static const struct option long_options[] = {
	COMMON_OPTIONS,
	{ "since-boot-seconds", required_argument, NULL, OPT_SINCE },
	{ "lines", required_argument, NULL, 'n' },
	{ "follow", no_argument, NULL, 'f' },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: send_sysrq log [options] <remote host>\n"
	"Print the kernel log of a host, even if all programs of the host hang.\n"
	"\n";

static const char usage_options[] =
	"  --since-boot-seconds N  print only messages whose time stamp is N or higher\n"
	"  -n, --lines N         print only the last N lines\n"
	"  -f, --follow          then print new messages, until you press Ctrl-C\n"
	"  --level LEVEL         print only this level and more severe ones: emerg alert\n"
	"                        crit err warn notice info debug, or 0 to 7\n";

static const char usage_rest[] =
	"The FILE of --password-file or --key-file may be - (standard input).\n"
	"\n"
	"Exit status:\n"
	"   0  the log was printed\n"
	"   2  a wrong command line or file, or the host is not known; nothing was sent\n"
	"   4  the host stopped answering before the end of the log, or took too long\n"
	"   5  the host did not answer\n"
	"   6  the port is closed, or the password, key or realm is wrong\n"
	"   7  the host is unreachable, or its name is unknown\n"
	"   9  this operator may not read the log\n"
	"  13  this machine has too little memory, or cannot write the log\n";

struct options {
	struct target_options common;
	uint64_t since;
	size_t lines;
	unsigned int level;
	bool follow;
	char **hosts; /* one pattern, in argv */
};

static bool take(void *data, int opt)
{
	struct options *o = data;
	uint32_t v;

	switch (opt) {
	case OPT_SINCE:
		if (!text_to_ms(optarg, 0, SINCE_MAX_MS, &v))
			return tell_bad("--since-boot-seconds", optarg,
					"seconds from 0 to 4000000");
		/* text_to_ms() checks it, but the log counts microseconds. */
		o->since = (uint64_t)(strtod(optarg, NULL) * 1e6 + 0.5) * 1000;
		return true;
	case 'n':
		if (!text_to_number(optarg, 0, LINES_MAX, &v))
			return tell_bad("--lines", optarg,
					"a number from 0 to 100000000");
		o->lines = v;
		return true;
	case 'f':
		o->follow = true;
		return true;
	case OPT_LEVEL:
		if (logtext_level(optarg, &o->level))
			return true;
		return tell_bad("--level", optarg,
				"emerg, alert, crit, err, warn, notice, info, "
				"debug or a number from 0 to 7");
	default:
		return options_take(&o->common, opt);
	}
}

static bool check(void *data, char **arguments, int count)
{
	struct options *o = data;

	o->hosts = arguments;
	if (count != 1) {
		tell("%d argument%s given, expected 1: "
		     "send_sysrq log [options] <remote host>; see "
		     "send_sysrq log --help",
		     count, count == 1 ? "" : "s");
		return false;
	}
	return options_check(&o->common);
}

/* --- Reading --- */

struct command {
	const struct options *options;
	struct target *target;
	struct sysrq_host *host;
	struct logtext text;
	char name[254];  /* as the user wrote it, safe to print */
	bool asked_anew; /* not the first question: ask_anew() */
	bool silent;     /* --follow: the host does not answer; this was told */
	uint64_t epoch;
	uint64_t next;       /* number of the first record not read */
	uint64_t end;        /* number of the first record not to read */
	uint64_t boot;       /* when the host booted: boot_of() */
	bool from_end;       /* reads only the last lines */
	uint64_t read_again; /* --follow: when to read on; 0: reading */
	uint64_t ask_again;  /* when to ask for the status; 0: not now */
	bool over;
	enum exit_status status;
};

static void fail(struct command *command, enum exit_status status)
{
	command->status = status;
	command->over = true;
}

static void no_memory(struct command *command, const char *what)
{
	if (!command->over)
		tell("out of memory: cannot %s the log", what);
	fail(command, EXIT_MACHINE);
}

static void read_on(struct command *command)
{
	command->read_again = 0;
	if (sysrq_host_read_log(command->host, command->next, command->end))
		no_memory(command, "read");
}

/*
 * The first record to read for --lines. If every line is printed, so many
 * records are enough, because each record has at least one line.
 */
static uint64_t first_wanted(const struct options *o, uint64_t log_next)
{
	if (o->lines == LOGTEXT_ALL || o->level < 7 || o->since ||
	    o->lines >= log_next)
		return 0;
	return log_next - o->lines;
}

/*
 * When the host booted, in ns of our clock, modulo 2^64: it may have been up for
 * longer than this machine, and a malicious host may report any time.
 */
static uint64_t boot_of(const struct sysrq_status *status)
{
	return status->heard - status->boot_time;
}

/*
 * True: the host has rebooted, or was restored, since the last status. A new epoch
 * alone may mean that its keys were changed.
 */
static bool is_restart(const struct command *command,
		       const struct sysrq_status *status)
{
	int64_t later = (int64_t)(boot_of(status) - command->boot);

	return status->epoch != command->epoch &&
	       (status->log_next < command->next || later > restart_least);
}

static void on_status(struct command *command)
{
	const struct sysrq_status *status = sysrq_host_status(command->host);

	if (!command->asked_anew) {
		command->next =
			first_wanted(command->options, status->log_next);
		command->from_end = command->next > 0;
	} else if (is_restart(command, status)) {
		tell("%s %s", command->name,
		     status->restored ? "was restored" : "has restarted");
		command->next = 0;
	} else if (command->silent) {
		tell("%s answers again", command->name);
	}
	command->silent = false;
	/* A log that grows as fast as it is read would have no end. */
	command->end = command->options->follow ? UINT64_MAX : status->log_next;
	command->epoch = status->epoch;
	command->boot = boot_of(status);
}

static void not_permitted(struct command *command)
{
	tell("%s does not permit this operator to read its log", command->name);
	fail(command, EXIT_NOT_PERMITTED);
}

static void on_end(struct command *command)
{
	const struct sysrq_outcome *o = sysrq_host_outcome(command->host);
	struct about about = {
		.name = command->name,
		.port = command->target->settings.port,
		.timeout = command->options->common.timeout,
		.outcome = o,
	};

	if (o->end == SYSRQ_END_ANSWERED) {
		/* It may have no record that is wanted. */
		if (sysrq_host_status(command->host)->may_read_log)
			read_on(command);
		else
			not_permitted(command);
		return;
	}
	/* The host answered before. It is down now, and may come back. */
	if (command->asked_anew) {
		if (!command->silent)
			tell("%s does not answer: waiting for it",
			     command->name);
		command->silent = true;
		command->ask_again = sysrq_now() + ask_every;
		return;
	}
	sentence_tell_end(&about);
	fail(command, sentence_exit(o));
}

static void ask_anew(struct command *command)
{
	command->asked_anew = true;
	sysrq_host_ask(command->host);
}

static void log_read(struct command *command)
{
	logtext_flush(&command->text);
	if (command->options->follow)
		command->read_again = sysrq_now() + follow_every;
	else
		command->over = true;
}

static void on_log_end(struct command *command)
{
	const struct sysrq_log *log = sysrq_host_log(command->host);
	bool follow = command->options->follow;

	command->next = log->next;
	/* With --lines, older records are not missed. */
	if (log->missed && !command->from_end)
		tell("%llu records were overwritten before "
		     "they could be read",
		     (unsigned long long)log->missed);
	command->from_end = false;
	if (log->end == SYSRQ_END_CARRIED_OUT) {
		log_read(command);
		return;
	}
	logtext_flush(&command->text);
	if (log->end == SYSRQ_END_REFUSED) {
		not_permitted(command);
	} else if (follow) {
		ask_anew(command);
	} else {
		tell("%s %s: the log above is incomplete", command->name,
		     sentence_log(log));
		fail(command, EXIT_END_NOT_SEEN);
	}
}

static void on_found(void *data, struct target *target)
{
	struct command *command = data;

	if (!target->problem) {
		sysrq_host_ask(target->host);
		return;
	}
	tell_written(target_problem, target);
	fail(command, EXIT_UNREACHABLE);
}

static void on_event(void *data, const struct sysrq_event *event)
{
	struct command *command = data;
	const char *text;
	size_t len;

	switch (event->type) {
	case SYSRQ_EVENT_STATUS:
		on_status(command);
		break;
	case SYSRQ_EVENT_END:
		on_end(command);
		break;
	case SYSRQ_EVENT_TEXT:
		text = sysrq_host_text(command->host, &len);
		if (!logtext_print(&command->text, text, len))
			no_memory(command, "keep the last lines of");
		break;
	case SYSRQ_EVENT_LOG_END:
		on_log_end(command);
		break;
	default:
		break;
	}
}

static uint64_t tick(void *data, uint64_t now)
{
	struct command *command = data;

	if (!written("the log"))
		fail(command, EXIT_MACHINE);
	if (command->read_again && now >= command->read_again)
		read_on(command);
	if (command->ask_again && now >= command->ask_again) {
		command->ask_again = 0;
		sysrq_host_ask(command->host);
	}
	return command->ask_again    ? command->ask_again
	       : command->read_again ? command->read_again
				     : LOOP_NEVER;
}

static bool interrupt(void *data)
{
	struct command *command = data;

	logtext_flush(&command->text);
	written("the log");
	return false;
}

static bool finished(const void *data)
{
	const struct command *command = data;

	return command->over;
}

static enum exit_status read_log(struct command *command,
				 struct targets *targets)
{
	static const struct loop_calls calls = { on_found, on_event, tick,
						 interrupt, finished };
	const struct options *o = command->options;

	command->host = command->target->host;
	text_printable(command->name, sizeof(command->name),
		       command->target->name);
	logtext_begin(&command->text, stdout);
	command->text.level = o->level;
	command->text.since = o->since;
	command->text.last = o->lines;
	command->text.width = terminal_width(stdout);
	command->text.colour = terminal_colour(stdout);
	loop_run(targets, &calls, command);
	return command->status;
}

const struct command_line log_line = {
	.command = "send_sysrq log",
	.letters = COMMON_LETTERS "n:f",
	.options = long_options,
	.help = { usage, common_help, usage_options, options_help, usage_rest },
	.take = take,
	.check = check,
};

int log_main(int argc, char **argv, const struct password_variable *variable)
{
	struct options options = { .lines = LOGTEXT_ALL, .level = 7 };
	struct command command = { .options = &options };
	enum options_result result;
	struct targets targets;
	enum exit_status status;

	options_begin(&options.common);
	result = options_read(&log_line, argc, argv, &options);
	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	signal(SIGPIPE, SIG_DFL); /* safe: no letter is pressed */
	status = targets_make(&targets, &options.common, options.hosts, 1,
			      variable);
	if (status == EXIT_ALL_DONE && targets.count > 1) {
		tell_bad("remote host", options.hosts[0], "only one host");
		status = EXIT_USAGE;
	}
	if (status == EXIT_ALL_DONE) {
		command.target = &targets.list[0];
		status = read_log(&command, &targets);
	}
	targets_free(&targets);
	return status;
}
