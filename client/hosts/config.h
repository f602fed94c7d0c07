/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the configuration: ~/.config/send_sysrq/config (or send_sysrq/config
 * below $XDG_CONFIG_HOME), then /etc/send_sysrq/config. send_sysrq_config(5)
 * describes it.
 */
#ifndef SRQ_CONFIG_H
#define SRQ_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "client/hosts/names.h"
#include "lib/sysrq.h"

struct config;

enum { SETTING_NO = 1, SETTING_YES };

/* The settings of one host. A setting that no file has is NULL or 0. */
struct settings {
	struct hosts addresses; /* names and addresses; empty: none is set */
	char *key_file; /* relative to the working folder, or absolute */
	char *realm;    /* at most SYSRQ_REALM_MAX bytes */
	uint16_t port;
	uint16_t confirm; /* SETTING_NO or SETTING_YES */
	uint16_t log;     /* the same */
	bool partial; /* the system's file was left out: it may have others */
};

/*
 * Read files. file NULL: the two files above, if they exist. If that of the system may
 * not be used, it is left out, as is told on stderr; if all is true, that is a fault. "none": no file.
 * Otherwise: only this file, which must exist. The caller frees *config with
 * config_free(). False: the reason has been told on stderr, and there is
 * nothing to free.
 */
bool config_load(struct config **config, const char *file, bool all);

/*
 * Find the settings of a host, which is named as on the command line. For each
 * setting the first line that fits the host counts. The caller frees settings
 * with settings_free(). False: it is empty, and the reason has been told on
 * stderr.
 */
bool config_find(const struct config *config, const char *host,
		 struct settings *settings);

/* True: a Host line has exactly this name, not only a pattern that fits it. */
bool config_names(const struct config *config, const char *typed);

/* Free the texts, and empty settings. Not settings itself. */
void settings_free(struct settings *settings);

/* Free config. NULL is allowed. */
void config_free(struct config *config);

#endif
