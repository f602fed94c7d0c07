/* SPDX-License-Identifier: GPL-2.0 */
/* The options that pressing, status and log share. */
#ifndef SRQ_OPTIONS_H
#define SRQ_OPTIONS_H

#include "client/hosts/targets.h"

enum {
	OPT_PASSWORD_FILE = 512,
	OPT_KEY_FILE,
	OPT_REALM,
	OPT_TIMEOUT,
	OPT_HOSTS,
	OPT_HELP,
};

#define COMMON_LETTERS "p:F:46"

/* Entries for getopt_long(). */
#define COMMON_OPTIONS                                                 \
	{ "port", required_argument, NULL, 'p' },                      \
		{ "password-file", required_argument, NULL,            \
		  OPT_PASSWORD_FILE },                                 \
		{ "key-file", required_argument, NULL, OPT_KEY_FILE }, \
		{ "realm", required_argument, NULL, OPT_REALM },       \
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },   \
		{ "config", required_argument, NULL, 'F' },            \
	{                                                              \
		"help", no_argument, NULL, OPT_HELP                    \
	}
#define COMMON_OPTION_HOSTS                                 \
	{                                                   \
		"hosts", required_argument, NULL, OPT_HOSTS \
	}

/* Their part of --help. */
extern const char common_help[];
extern const char common_help_hosts[];

void options_begin(struct target_options *o);

/*
 * Take an option that getopt_long() returned, its value in optarg. command: what
 * --help stands behind. False: the fault has been told on stderr.
 */
bool options_take(struct target_options *o, const char *command, int opt,
		  char **argv);

/*
 * Tell of an option that getopt_long() did not take. command: what --help stands
 * behind. opt: what it returned, '?' or ':'. arg: what it had last taken of
 * argv. Returns false.
 */
bool options_bad(const char *command, int opt, const char *arg);

/* Do all options together make sense? False as above. */
bool options_check(const struct target_options *o);

#endif
