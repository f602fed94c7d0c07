/* SPDX-License-Identifier: GPL-2.0 */
/* Reads the options of every subcommand, and those that four of them share. */
#ifndef SRQ_OPTIONS_H
#define SRQ_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

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
	OPT_ETHERNET,
};

/* --- Any subcommand --- */

struct option;

/* Every subcommand begins its short and its long options with these. */
#define HELP_LETTERS ":hV"
#define HELP_OPTIONS                              \
	{ "help", no_argument, NULL, 'h' },       \
	{                                         \
		"version", no_argument, NULL, 'V' \
	}
extern const char options_help[]; /* the help for them */

enum { OPTIONS_HELP_PARTS = 6 };

/*
 * How a subcommand reads its command line. Each function gets the data of
 * options_read().
 */
struct command_line {
	const char *command; /* the words before --help: "send_sysrq log" */
	const char *letters; /* short options for getopt_long() */
	const struct option *options; /* long options for getopt_long() */
	const char *help[OPTIONS_HELP_PARTS]; /* texts that --help prints */
	void (*show_help)(void); /* prints --help; NULL: help is printed */
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
 * Find the first argument in argv that is neither an option of one of count
 * lines nor the value of one. A short option has a value in each of the lines
 * that know it, or in none. Returns its index. 0: there is none before "--".
 */
int options_first(const struct command_line *const *lines, size_t count,
		  char *const *argv);

/*
 * Read argv, whose order changes as getopt_long() says: optind is the first
 * argument afterwards. The word help alone is --help. data goes
 * to the functions of line.
 */
enum options_result options_read(const struct command_line *line, int argc,
				 char **argv, void *data);

/* --- Pressing, status, log and the exporter --- */

#define COMMON_LETTERS HELP_LETTERS "p:F:46"

/* Entries for getopt_long(). */
#define COMMON_OPTIONS                                                 \
	HELP_OPTIONS, { "port", required_argument, NULL, 'p' },        \
		{ "password-file", required_argument, NULL,            \
		  OPT_PASSWORD_FILE },                                 \
		{ "password", no_argument, NULL, OPT_PASSWORD },       \
		{ "key-file", required_argument, NULL, OPT_KEY_FILE }, \
		{ "known-as", required_argument, NULL, OPT_KNOWN_AS }, \
		{ "realm", required_argument, NULL, OPT_REALM },       \
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },   \
		{ "ethernet", required_argument, NULL, OPT_ETHERNET }, \
	{                                                              \
		"config", required_argument, NULL, 'F'                 \
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

/* Store optarg, the value of that option, which names a file. False: it is empty, as has
 * been told on stderr. */
bool options_take_file(const char **file, const char *option);

/*
 * Check the common options together. False: something is wrong, as has been
 * told on stderr.
 */
bool options_check(const struct target_options *o);

#endif
