/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What files say of hosts: ~/.config/send_sysrq/config (or that below
 * $XDG_CONFIG_HOME), then /etc/send_sysrq/config.
 */
#ifndef SRQ_CONFIG_H
#define SRQ_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/sysrq.h"

struct config;

/* Of one host; what no file says is NULL or 0. */
struct settings {
	char *address;
	char *key_file; /* from the working folder, if it does not begin with / */
	char *realm;	/* at most SYSRQ_REALM_MAX bytes */
	uint16_t port;
};

/*
 * file NULL: the two files above, as far as they exist; "none": no file; else
 * that file, which must exist. False: told in one sentence on stderr, and
 * there is nothing to be freed.
 */
bool config_load(struct config **config, const char *file);

/*
 * What is said of host, by the first that says it, each for itself. False as
 * above. The caller frees settings.
 */
bool config_find(const struct config *config, const char *host,
		 struct settings *settings);

void settings_free(struct settings *settings);

/* NULL is fine. */
void config_free(struct config *config);

#endif
