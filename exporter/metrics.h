/* SPDX-License-Identifier: GPL-2.0 */
/* Prints what the exporter tells about itself. */
#ifndef SRQ_EXPORTER_METRICS_H
#define SRQ_EXPORTER_METRICS_H

#include <stdio.h>

/* Print the metrics to out. prober: a struct prober. */
void metrics_write(FILE *out, const void *prober);

#endif
