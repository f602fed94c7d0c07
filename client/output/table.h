/* SPDX-License-Identifier: GPL-2.0 */
/* Prints the status of many hosts as a table, one line for each host. */
#ifndef SRQ_TABLE_H
#define SRQ_TABLE_H

#include "client/output/report.h"

/* table_begin() sets all members. */
struct table {
	FILE *out;
	bool colour;
	int width;  /* columns of a line; 0: nothing is cut */
	int host;   /* columns of the host's name */
	int kernel; /* columns of the kernel's release */
};

/*
 * Print the header. terminal is the terminal's number of columns; 0: out is not
 * a terminal, and nothing is cut. A line has at least 80 columns. longest is
 * the number of bytes in the longest name of a host.
 */
void table_begin(struct table *table, FILE *out, bool colour,
		 unsigned int terminal, size_t longest);
/* Print the line of one host. */
void table_row(const struct table *table, const struct report_host *host);

/* Print "40 hosts: 38 alive (1 not armed), 2 silent" to out. */
void table_summary(FILE *out, const struct report_host *hosts, size_t count);

#endif
