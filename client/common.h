/* SPDX-License-Identifier: GPL-2.0 */
/* The options that pressing, status and log share. */
#ifndef SRQ_COMMON_H
#define SRQ_COMMON_H

#include <stdbool.h>
#include <stdint.h>

/* What the command line said; the texts are of argv. */
struct common {
	const char *command;	   /* as usage_bad_option() names it */
	const char *password_file; /* NULL: none given; so are the next */
	const char *key_file;
	const char *realm;
	const char *hosts_file;
	const char *config_file;
	uint16_t port;	  /* 0: none given */
	int family;	  /* AF_UNSPEC, AF_INET or AF_INET6 */
	uint64_t timeout; /* ns */
};

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

void common_begin(struct common *common, const char *command);

/*
 * Take an option that getopt_long() returned, its value in optarg. False:
 * the fault has been told on stderr.
 */
bool common_option(struct common *common, int opt, char **argv);

/* Do all options together make sense? False as above. */
bool common_check(const struct common *common);

#endif
