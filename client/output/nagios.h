/* SPDX-License-Identifier: GPL-2.0 */
/* Prints the status of a host as a plugin of Nagios or Icinga does. */
#ifndef SRQ_NAGIOS_H
#define SRQ_NAGIOS_H

#include "client/output/report.h"

/*
 * Print one line to out: the state, a sentence and, of a host that answers,
 * performance data. By the Monitoring Plugins Development Guidelines.
 */
void nagios_report(FILE *out, const struct report_host *host);

#endif
