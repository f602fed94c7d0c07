/* SPDX-License-Identifier: GPL-2.0 */
/* What send_sysrq does besides sending. */
#ifndef SRQ_SUBCOMMAND_H
#define SRQ_SUBCOMMAND_H

#include "client/output/exit.h"
#include "client/hosts/password.h"

/*
 * argv[0] is the subcommand's name. The status to exit with; what there is to
 * say has been said.
 */
typedef enum exit_status subcommand(int argc, char **argv,
				    const struct password_variable *variable);

subcommand press_main; /* argv[0] is send_sysrq */
subcommand status_main;
subcommand log_main;
subcommand genkey_main;
subcommand derive_main;
subcommand setup_main;

#endif
