/* SPDX-License-Identifier: GPL-2.0 */
/* Prints the status of a host as one line of JSON. */
#ifndef SRQ_JSON_H
#define SRQ_JSON_H

#include <jansson.h>

#include "client/output/report.h"

/*
 * Make a JSON string of text; U+FFFD replaces bytes that are not valid UTF-8.
 * The caller calls json_decref(). NULL: out of memory; nothing has been told.
 */
json_t *json_text(const char *text);

/*
 * Print a host's status to out. False: out of memory, or out cannot be written;
 * nothing has been told.
 */
bool json_report(FILE *out, const struct report_host *host);

#endif
