/* SPDX-License-Identifier: GPL-2.0 */
/* Reads the options of every subcommand, and those that three of them share. */
#ifndef SRQ_OPTIONS_H
#define SRQ_OPTIONS_H

#include <stdbool.h>

#include "client/hosts/targets.h"

/* Values for struct option. A subcommand's own values begin at 256. */
enum {
	OPT_PASSWORD_FILE = 512,
	OPT_PASSWORD,
	OPT_KNOWN_AS,
	OPT_KEY_FILE,
	OPT_REALM,
	OPT_TIMEOUT,
	OPT_HOSTS,
	OPT_HELP,
	OPT_VERSION,
};

/* --- Any subcommand --- */

struct option;

enum { OPTIONS_HELP_PARTS = 4 };

/*
 * How a subcommand reads its command line. Each function gets the data of
 * options_read().
 */
struct command_line {
	const char *command; /* the words before --help: "send_sysrq log" */
	const char *letters; /* short options for getopt_long(); ":" is first */
	const struct option *options; /* long options for getopt_long() */
	const char *help[OPTIONS_HELP_PARTS]; /* texts that --help prints */
	/* Answer OPT_HELP or OPT_VERSION on stdout. NULL: print help. */
	void (*show)(int opt);
	/*
	 * Store an option that is in letters or options; optarg is its value.
	 * NULL: there is none but --help. False: the value is wrong, as has
	 * been told on stderr.
	 */
	bool (*take)(void *data, int opt);
	/*
	 * Check the options together, and count of arguments, which follow
	 * them. False: something is wrong, as has been told on stderr.
	 */
	bool (*check)(void *data, char **arguments, int count);
};

enum options_result {
	OPTIONS_READ,
	OPTIONS_SHOWN, /* help or version: nothing else is to be done */
	OPTIONS_WRONG, /* the reason has been told on stderr */
};

/*
 * Read argv, whose order changes as getopt_long() says: optind is the first
 * argument afterwards. data goes to the functions of line.
 */
enum options_result options_read(const struct command_line *line, int argc,
				 char **argv, void *data);

/* --- Pressing, status and log --- */

#define COMMON_LETTERS "p:F:46"

/* Entries for getopt_long(). */
#define COMMON_OPTIONS                                                 \
	{ "port", required_argument, NULL, 'p' },                      \
		{ "password-file", required_argument, NULL,            \
		  OPT_PASSWORD_FILE },                                 \
		{ "password", no_argument, NULL, OPT_PASSWORD },       \
		{ "key-file", required_argument, NULL, OPT_KEY_FILE }, \
		{ "known-as", required_argument, NULL, OPT_KNOWN_AS }, \
		{ "realm", required_argument, NULL, OPT_REALM },       \
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },   \
		{ "config", required_argument, NULL, 'F' },            \
	{                                                              \
		"help", no_argument, NULL, OPT_HELP                    \
	}
#define COMMON_LETTERS_HOSTS "x:"
#define COMMON_OPTION_HOSTS                              \
	{ "hosts", required_argument, NULL, OPT_HOSTS }, \
	{                                                \
		"exclude", required_argument, NULL, 'x'  \
	}

/* The help for COMMON_OPTIONS, and for COMMON_OPTION_HOSTS. */
extern const char common_help[];
extern const char common_help_hosts[];

/* Set the defaults. */
void options_begin(struct target_options *o);

/* Store a common option; as take() of struct command_line. */
bool options_take(struct target_options *o, int opt);

/*
 * Check the common options together. False: something is wrong, as has been
 * told on stderr.
 */
bool options_check(const struct target_options *o);

#endif
