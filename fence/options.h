/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of the agent, from the command line or from standard input. One
 * table has all that is known of them: the parser, --help and the metadata read it.
 */
#ifndef SRQ_FENCE_OPTIONS_H
#define SRQ_FENCE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/sysrq.h"

enum option_id {
	OPTION_ACTION,
	OPTION_PLUG,
	OPTION_IP,
	OPTION_IPPORT,
	OPTION_HOST_KEY,
	OPTION_KEY_FILE,
	OPTION_KEY,
	OPTION_REBOOT_ONLY,
	OPTION_SYNC_TIMEOUT,
	OPTION_POWER_TIMEOUT,
	OPTION_POWER_WAIT,
	OPTION_DISABLE_TIMEOUT,
	OPTION_DELAY,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_VERBOSE_LEVEL,
	OPTION_DEBUG_FILE,
	OPTION_VERSION,
	OPTION_HELP,
	OPTIONS
};

/* What values an option takes, in the words of the metadata's schema */
enum option_type { TYPE_STRING, TYPE_INTEGER, TYPE_SECOND, TYPE_BOOLEAN };

struct option_row {
	const char *name; /* on standard input; with "-" for "_": after -- */
	const char *old_name; /* on standard input, deprecated; NULL: none */
	char letter;          /* the short option; 0: none */
	bool secret; /* on standard input only, and not in the metadata */
	enum option_type type;
	const char *value;    /* what follows the option; NULL: nothing */
	const char *fallback; /* the default; NULL: none */
	uint32_t least, most; /* TYPE_INTEGER; in ms for TYPE_SECOND */
	const char *description;
};

extern const struct option_row options_table[OPTIONS];

/* The values as texts. NULL: not given, and without a default. */
struct options {
	const char *value[OPTIONS];
	/* What Pacemaker calls the node; NULL: Pacemaker did not ask, or named none. */
	const char *nodename;
	struct sysrq_public host_key; /* if that was given */
	struct sysrq_pair pair;       /* if has_pair: wipe it after use */
	bool has_pair;
};

/*
 * Read the command line or, if it is empty, standard input. Takes FENCE_SYSRQ_KEY
 * out of the environment. False: the reason has been told on stderr. The caller
 * calls options_wipe() in any case.
 */
bool options_get(struct options *options, int argc, char **argv);

/* Wipe the keys. */
void options_wipe(struct options *options);

/* The values of options that have one, as options_get() has checked them */
bool option_is_on(const struct options *options, enum option_id id);
uint32_t option_number(const struct options *options, enum option_id id);
uint64_t option_ns(const struct options *options, enum option_id id);

/* Write the name of the long option: "--power-timeout". */
enum { OPTION_LONG_MAX = 32 };
void option_long_name(char out[OPTION_LONG_MAX], const struct option_row *row);

#endif
