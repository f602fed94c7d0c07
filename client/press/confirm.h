/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the user before harmful letters are pressed. */
#ifndef SRQ_CONFIRM_H
#define SRQ_CONFIRM_H

#include "client/press/steps.h"
#include "client/hosts/targets.h"

/*
 * Ask the user, unless yes is true, whether the letters may be pressed: if they
 * are harmful and there are several hosts and a terminal, or if a host of the
 * configuration has Confirm, which takes a terminal. The letters and the hosts
 * are shown on stderr, or on /dev/tty if stderr is no terminal; the answer comes
 * from standard input. False: they may not, as has been told.
 */
bool confirm(const struct steps *steps, const struct targets *targets,
	     bool yes);

#endif
