/* SPDX-License-Identifier: GPL-2.0 */
/* The status of many hosts, a line for each. */
#ifndef SRQ_TABLE_H
#define SRQ_TABLE_H

#include "client/output/report.h"

struct table {
	FILE *out;
	bool colour;
	int width;	  /* columns of all; 0: nothing is cut */
	int host, kernel; /* of these two */
};

/*
 * Print the header. terminal: its columns, of which it uses 80 at least; 0: it
 * is none, and nothing is cut. longest: bytes of the longest host's name.
 */
void table_begin(struct table *table, FILE *out, bool colour,
		 unsigned int terminal, size_t longest);
void table_row(const struct table *table, const struct report_host *host);

/* "40 hosts: 38 alive (1 not armed), 2 silent" */
void table_summary(FILE *out, const struct report_host *hosts, size_t count);

#endif
