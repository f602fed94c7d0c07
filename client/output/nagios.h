/* SPDX-License-Identifier: GPL-2.0 */
/* Prints the status of a host as a plugin of Nagios or Icinga does. */
#ifndef SRQ_NAGIOS_H
#define SRQ_NAGIOS_H

#include <stdbool.h>
#include <stdio.h>

#include "client/output/report.h"

/*
 * Print one line to out: the state, a sentence and, of a host that answers,
 * performance data. By the Monitoring Plugins Development Guidelines.
 */
void nagios_report(FILE *out, const struct report_host *host);

/*
 * Nagios takes the first line for the state, so from begin to end messages wait.
 * nagios_end() prints them to out, below the line of nagios_report(). reported false:
 * there is none, and the last message, which says why, makes it.
 */
void nagios_begin(void);
void nagios_end(FILE *out, bool reported);

#endif
