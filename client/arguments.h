/* SPDX-License-Identifier: GPL-2.0 */
/* Finds arguments that were not meant as the hosts that they would be. */
#ifndef SRQ_ARGUMENTS_H
#define SRQ_ARGUMENTS_H

#include <stdbool.h>

/*
 * Check count hosts, which sysrq commands follow in the same array. A host of
 * the configuration is meant, whatever its name. Other hosts must not be letters
 * or digits: "web7 s u b" would reset web7 at once. Unless the subcommand press
 * is named, they must not look like a subcommand, either; nor must the sysrq
 * commands. False: the reason has been told on stderr.
 */
bool arguments_check(char **hosts, int count, const char *config_file,
		     bool press_named);

#endif
