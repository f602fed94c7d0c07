/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands of send_sysrq. press_main() runs if none is named. */
#ifndef SRQ_SUBCOMMAND_H
#define SRQ_SUBCOMMAND_H

#include "client/hosts/password.h"
#include "client/output/exit.h"

/*
 * argv[0] is the subcommand's name, or send_sysrq for press_main(). variable is
 * the password of the environment; the caller wipes it. Returns the exit status
 * of the process; if something was wrong, it has been told on stderr.
 */
typedef int subcommand(int argc, char **argv,
		       const struct password_variable *variable);

subcommand press_main;
subcommand status_main;
subcommand log_main;
subcommand genkey_main;
subcommand pubkey_main;
subcommand known_main;
subcommand setup_main;

/* --- main.c --- */

/* Print a line for each subcommand to stdout, for send_sysrq --help. */
void subcommands_show(void);

/* --- help.c --- */

/* Print send_sysrq --help to stdout. */
void help_press(void);

#endif
