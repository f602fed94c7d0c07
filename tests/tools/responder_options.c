// SPDX-License-Identifier: GPL-2.0
/* What the hosts are like. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/tools/responder.h"

struct common common = { .seed = 1 };

static const struct options defaults = {
	.password = "test",
	.realm = "",
	.silent_after = -1,
	.mask = 1,
	.complete = 50,
	.tolerance = 60,
	.supersede = -1,
	.uptime = 1000000,
	.new_epoch_after = -1,
	.listens = -1,
	.run_on = 1,
	.back = -1,
	.output = 3,
	.operator_letters = SRQ_ALL_LETTERS,
	.rule_letters = SRQ_ALL_LETTERS,
	.known_letters = SRQ_ALL_LETTERS,
};

static uint64_t letter_set(const char *letters)
{
	uint64_t set = 0;

	for (; *letters; letters++)
		set |= srq_letter_bit((unsigned char)*letters);
	return set;
}

enum {
	AFTER_LOG = 256,
	ANY,
	BACK,
	BOOTING,
	BUSY,
	COPY_REFUSALS,
	EVERYWHERE,
	FULL,
	ENDLESS,
	HOST,
	HOST_KEY,
	LIST,
	LISTENS,
	SHARED,
	LOG,
	LOG_CUT,
	LOG_FILE,
	LOG_GROW,
	NO_LOG,
	OUTPUT,
	OUTRUN_FAR,
	PANICKED,
	QUIET,
	REBOOTS_IN,
	REFUSALS_ONLY,
	RESTART_LOG,
	RESTORED,
	RUN_ON,
	SILENT,
};

static const struct option options[] = {
	{ "password", 1, NULL, 'P' },
	{ "realm", 1, NULL, 'R' },
	{ "key", 1, NULL, 'K' },
	{ "family", 1, NULL, 'f' },
	{ "port", 1, NULL, 'p' },
	{ "drop-in", 1, NULL, 'i' },
	{ "drop-out", 1, NULL, 'o' },
	{ "seed", 1, NULL, 's' },
	{ "silent-after", 1, NULL, 'a' },
	{ "delay", 1, NULL, 'd' },
	{ "mask", 1, NULL, 'm' },
	{ "operator", 1, NULL, 'O' },
	{ "rule", 1, NULL, 'r' },
	{ "known", 1, NULL, 'k' },
	{ "complete", 1, NULL, 'c' },
	{ "clock-offset", 1, NULL, 't' },
	{ "tolerance", 1, NULL, 'T' },
	{ "supersede", 1, NULL, 'S' },
	{ "newer", 0, NULL, 'n' },
	{ "outrun", 1, NULL, 'u' },
	{ "new-epochs", 1, NULL, 'e' },
	{ "new-epoch-after", 1, NULL, 'E' },
	{ "mute", 0, NULL, 'M' },
	{ "no-status", 0, NULL, 'N' },
	{ "no-result", 0, NULL, 'X' },
	{ "immortal", 0, NULL, 'I' },
	{ "stuck", 0, NULL, 'Z' },
	{ "garbage", 0, NULL, 'g' },
	{ "uptime", 1, NULL, 'U' },
	{ "lose", 1, NULL, 'L' },
	{ "shut", 1, NULL, 'C' },
	{ "after-log", 1, NULL, AFTER_LOG },
	{ "any", 0, NULL, ANY },
	{ "back", 1, NULL, BACK },
	{ "booting", 1, NULL, BOOTING },
	{ "busy", 1, NULL, BUSY },
	{ "copy-refusals", 0, NULL, COPY_REFUSALS },
	{ "refusals-only", 0, NULL, REFUSALS_ONLY },
	{ "endless", 0, NULL, ENDLESS },
	{ "everywhere", 0, NULL, EVERYWHERE },
	{ "full", 0, NULL, FULL },
	{ "host", 1, NULL, HOST },
	{ "host-key", 1, NULL, HOST_KEY },
	{ "list", 1, NULL, LIST },
	{ "listens", 1, NULL, LISTENS },
	{ "shared", 1, NULL, SHARED },
	{ "log", 1, NULL, LOG },
	{ "log-cut", 1, NULL, LOG_CUT },
	{ "log-file", 1, NULL, LOG_FILE },
	{ "log-grow", 1, NULL, LOG_GROW },
	{ "no-log", 0, NULL, NO_LOG },
	{ "output", 1, NULL, OUTPUT },
	{ "outrun-far", 0, NULL, OUTRUN_FAR },
	{ "panicked", 0, NULL, PANICKED },
	{ "quiet", 0, NULL, QUIET },
	{ "reboots-in", 1, NULL, REBOOTS_IN },
	{ "restart-log", 0, NULL, RESTART_LOG },
	{ "restored", 0, NULL, RESTORED },
	{ "run-on", 1, NULL, RUN_ON },
	{ "silent", 1, NULL, SILENT },
	{ NULL, 0, NULL, 0 },
};

static bool set_common(int c)
{
	long n = optarg ? atol(optarg) : 0;

	switch (c) {
	case 'f': /* 4, 6 or both */
		common.family = (int)n;
		return true;
	case 'p':
		common.port = n;
		return true;
	case 'i': /* percent of what comes in */
		common.drop_in = n;
		return true;
	case 'o': /* percent of what goes out */
		common.drop_out = n;
		return true;
	case 's':
		common.seed = (uint64_t)n + 1;
		return true;
	case 'd': /* ms that each reply waits */
		common.delay = n;
		return true;
	case 'C': /* ms after the first datagram without a socket */
		common.shut = n;
		return true;
	case ANY: /* every address of this machine is a host */
		common.any = true;
		return true;
	case EVERYWHERE: /* one host, at each address of this machine */
		common.everywhere = true;
		return true;
	case LIST: /* a "known" line for each address in a file */
		common.list = optarg;
		return true;
	case QUIET: /* no line for each datagram */
		common.quiet = true;
		return true;
	case SILENT: /* no answer where the last octet is a multiple of this */
		common.silent = n;
		return true;
	default:
		return false;
	}
}

/* A kernel that panics, and listens after it */
static bool set_panic(struct options *opt, int c)
{
	switch (c) {
	case LISTENS: /* ms after c, in which it is silent */
		opt->listens = atol(optarg);
		return true;
	case PANICKED: /* before all commands */
		opt->panicked = true;
		return true;
	case REBOOTS_IN: /* seconds, after a panic */
		opt->reboots_in = atol(optarg);
		return true;
	case RUN_ON: /* so many CPUs, after a panic */
		opt->run_on = atol(optarg);
		return true;
	default:
		return false;
	}
}

static void set_log(struct options *opt, int c)
{
	long n = optarg ? atol(optarg) : 0;

	switch (c) {
	case AFTER_LOG: /* once its end was sent: reboot, or key (is set anew) */
		opt->after_log = optarg;
		break;
	case LOG: /* records */
		opt->log = records_make((size_t)n);
		break;
	case LOG_FILE:
		opt->log = records_read(optarg);
		if (!opt->log) {
			perror("responder: --log-file");
			exit(2);
		}
		break;
	case LOG_CUT: /* so many records are overwritten */
		opt->log_cut = n;
		break;
	case LOG_GROW: /* a new record every so many ms */
		opt->log_grow = n;
		break;
	case ENDLESS: /* each reply has one record more, for ever */
		opt->endless = true;
		break;
	case NO_LOG: /* the operator may not read it */
		opt->no_log = true;
		break;
	case RESTART_LOG: /* it begins anew with the epoch */
		opt->restart_log = true;
		break;
	case RESTORED: /* from a snapshot, as its status says */
		opt->restored = true;
		break;
	case OUTPUT: /* lines that a letter prints */
		opt->output = n;
		break;
	default:
		exit(2);
	}
}

static void set_option(struct options *opt, int c)
{
	long n = optarg ? atol(optarg) : 0;

	switch (c) {
	case 'P':
		opt->password = optarg;
		break;
	case 'R':
		opt->realm = optarg;
		break;
	case 'K': /* the operator's public key */
		opt->key = optarg;
		break;
	case HOST_KEY: /* the host's private key; default: a random one */
		opt->host_key = optarg;
		break;
	case SHARED: /* the key that operator and host share */
		opt->shared = optarg;
		break;
	case 'a': /* so many replies */
		opt->silent_after = n;
		break;
	case 'm':
		opt->mask = n;
		break;
	case 'O':
		opt->operator_letters = letter_set(optarg);
		break;
	case 'r':
		opt->rule_letters = letter_set(optarg);
		break;
	case 'k':
		opt->known_letters = letter_set(optarg);
		break;
	case 'c': /* s and u are complete after so many ms; -1: never */
		opt->complete = n;
		break;
	case 't': /* seconds that the host's clock is ahead */
		opt->clock_offset = n;
		break;
	case 'T':
		opt->tolerance = n;
		break;
	case 'S': /* ms after a run began: another operator's command */
		opt->supersede = n;
		break;
	case 'n': /* with it: a newer one of the same operator */
		opt->newer = true;
		break;
	case 'u': /* after so many statuses another client's command comes first */
		opt->outrun = n;
		break;
	case OUTRUN_FAR: /* with it: more of them come, so nothing is proven */
		opt->outrun_far = true;
		break;
	case 'e': /* after so many statuses the epoch changes */
		opt->new_epochs = n;
		break;
	case 'E': /* ms into a run: the epoch changes */
		opt->new_epoch_after = n;
		break;
	case 'M':
		opt->mute = true;
		break;
	case 'N':
		opt->no_status = true;
		break;
	case 'X':
		opt->no_result = true;
		break;
	case REFUSALS_ONLY: /* no other result gets back */
		opt->refusals_only = true;
		break;
	case COPY_REFUSALS: /* somebody copies them to all ports of the client */
		opt->copy_refusals = true;
		break;
	case BUSY: /* ms: another operator's run, which has all letters to press */
		opt->busy = n;
		break;
	case FULL: /* the letters that hang leave no room for a run */
		opt->full = true;
		break;
	case 'I': /* alive after b and c */
		opt->immortal = true;
		break;
	case 'Z': /* no pressed letter comes to an end */
		opt->stuck = true;
		break;
	case 'g':
		opt->garbage = true;
		break;
	case 'U': /* seconds since boot and since the key was set */
		opt->uptime = n;
		break;
	case 'L': /* so many replies after the second are lost */
		opt->lose = n;
		break;
	case BACK: /* ms after b, or c if it reboots by itself: booted again */
		opt->back = n;
		break;
	case BOOTING: /* seconds that it has been up by then */
		opt->booting = n;
		break;
	default:
		if (!set_panic(opt, c))
			set_log(opt, c);
	}
}

/* --host: what follows is for this address alone. */
static struct options *options_of(const char *text)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1) {
		fprintf(stderr, "responder: bad --host\n");
		exit(2);
	}
	return &host_options(address.s_addr)->opt;
}

void read_options(int argc, char **argv)
{
	struct options *opt = &home()->opt;
	int c;

	*opt = defaults;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == HOST)
			opt = options_of(optarg);
		else if (!set_common(c))
			set_option(opt, c);
	}
}
