/* SPDX-License-Identifier: GPL-2.0 */
/* Prints the status of hosts in Prometheus' text format. */
#ifndef SRQ_PROMETHEUS_H
#define SRQ_PROMETHEUS_H

#include "client/output/report.h"

/* Print count hosts to out. No two hosts may have the same name. */
void prometheus_report(FILE *out, const struct report_host *hosts,
		       size_t count);

/* Print the lines before the samples of a family. type: gauge or counter. */
void prometheus_head(FILE *out, const char *name, const char *help,
		     const char *type);

#endif
