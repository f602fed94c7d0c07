/* SPDX-License-Identifier: GPL-2.0 */
/* The status of hosts in Prometheus' text format. */
#ifndef SRQ_PROMETHEUS_H
#define SRQ_PROMETHEUS_H

#include "client/output/report.h"

/* Each name is there once. */
void prometheus_report(FILE *out, const struct report_host *hosts,
		       size_t count);

#endif
