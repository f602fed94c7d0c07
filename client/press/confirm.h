/* SPDX-License-Identifier: GPL-2.0 */
/* Asks before many hosts are hit at once. */
#ifndef SRQ_CONFIRM_H
#define SRQ_CONFIRM_H

#include "client/press/steps.h"
#include "client/hosts/targets.h"

/*
 * Show what will be done, on stderr, and ask on standard input. False: the
 * answer was not yes.
 */
bool confirm(const struct steps *steps, const struct targets *targets);

#endif
