/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a plan on all hosts of a command, and prints what comes of it. */
#ifndef SRQ_RUNS_H
#define SRQ_RUNS_H

#include "client/hosts/targets.h"
#include "client/press/run.h"

/*
 * Press the letters of the plan on all targets. json: print JSON. Returns the
 * highest exit status of a host; what is wrong has been told on stderr.
 */
enum exit_status runs_press(struct targets *targets, const struct plan *plan,
			    bool json);

#endif
