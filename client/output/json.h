/* SPDX-License-Identifier: GPL-2.0 */
/* JSON, a line for each host. */
#ifndef SRQ_JSON_H
#define SRQ_JSON_H

#include <jansson.h>

#include "client/output/report.h"

/* A text, made valid UTF-8. The caller's; NULL: no memory. */
json_t *json_text(const char *text);

/* A host's status. False: no memory, or it cannot be written. */
bool json_report(FILE *out, const struct report_host *host);

#endif
