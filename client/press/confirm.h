/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the user before harmful letters are pressed on many hosts. */
#ifndef SRQ_CONFIRM_H
#define SRQ_CONFIRM_H

#include "client/press/steps.h"
#include "client/hosts/targets.h"

/*
 * Show the letters and the hosts on stderr, and read the answer from standard
 * input. False: the answer was not yes; nothing has been told.
 */
bool confirm(const struct steps *steps, const struct targets *targets);

#endif
