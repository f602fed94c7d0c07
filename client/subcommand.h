/* SPDX-License-Identifier: GPL-2.0 */
/* What send_sysrq does: presses letters, or what its first argument names. */
#ifndef SRQ_SUBCOMMAND_H
#define SRQ_SUBCOMMAND_H

#include "client/hosts/password.h"
#include "client/output/exit.h"

/*
 * argv[0] is the subcommand's name, or send_sysrq. Returns the status to exit
 * with; the message, if there is one, has been told.
 */
typedef int subcommand(int argc, char **argv,
		       const struct password_variable *variable);

subcommand press_main;
subcommand status_main;
subcommand log_main;
subcommand genkey_main;
subcommand derive_main;
subcommand setup_main;

/* --- main.c --- */

/* Print a line for each subcommand, for --help. */
void subcommands_show(void);

/* --- help.c --- */

/* Print send_sysrq --help. */
void help_press(void);

#endif
