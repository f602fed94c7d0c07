/* SPDX-License-Identifier: GPL-2.0 */
/* What send_sysrq does besides sending. */
#ifndef SRQ_SUBCOMMAND_H
#define SRQ_SUBCOMMAND_H

#include "exit.h"

/*
 * argv[0] is the subcommand's name. The status to exit with; what there is to
 * say has been said.
 */
enum srq_exit genkey(int argc, char **argv);
enum srq_exit derive(int argc, char **argv);

#endif
