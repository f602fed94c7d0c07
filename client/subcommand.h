/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands of send_sysrq. */
#ifndef SRQ_SUBCOMMAND_H
#define SRQ_SUBCOMMAND_H

#include "client/hosts/password.h"
#include "client/options.h"
#include "client/output/exit.h"

/*
 * argv[0] is the subcommand's name, or send_sysrq for press_unnamed_main(),
 * which runs if none is named. variable is the password of the environment; the
 * caller wipes it. Returns the exit status of the process; if something was
 * wrong, it has been told on stderr.
 */
typedef int subcommand(int argc, char **argv,
		       const struct password_variable *variable);

subcommand press_unnamed_main;
subcommand press_main;
subcommand status_main;
subcommand log_main;
subcommand genkey_main;
subcommand pubkey_main;
subcommand known_main;
subcommand history_main;
subcommand exporter_main;
subcommand setup_main;

extern const struct command_line press_line;
extern const struct command_line status_line;
extern const struct command_line log_line;
extern const struct command_line genkey_line;
extern const struct command_line pubkey_line;
extern const struct command_line known_line;
extern const struct command_line history_line;
extern const struct command_line exporter_line;
extern const struct command_line setup_line;

/* --- main.c --- */

/* Print a line for each subcommand to stdout, for send_sysrq --help. */
void subcommands_show(void);

/*
 * The subcommand that a text names, or nearly names, in letters of any case: it
 * may be one slip of the keyboard away. NULL: there is none.
 */
const char *subcommands_meant(const char *typed);

/* --- help.c --- */

/* Print send_sysrq --help to stdout. */
void help_press(void);

#endif
