/* SPDX-License-Identifier: GPL-2.0 */
/* What `send_sysrq status` prints of hosts: for people, and for programs. */
#ifndef SRQ_REPORT_H
#define SRQ_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "sysrq.h"

enum report_state {
	REPORT_ALIVE,
	REPORT_SILENT,
	REPORT_CLOSED, /* the port, or not its password or key */
	REPORT_UNREACHABLE,
	REPORT_UNKNOWN, /* its name has no address */
};

/* One host. What it points to is the caller's, and stays while it is used. */
struct report_host {
	const char *name; /* what the caller's user calls it */
	enum report_state state;
	/* Where it is alive; else not read: */
	const char *place; /* "192.0.2.7:9" */
	const struct sysrq_status *status;
	uint64_t needed; /* keys, sysrq_bit() */
	bool armed;	 /* they may be pressed now */
	/* Where it is not: */
	const char *error; /* why, such as strerror()'s; NULL: as state says */
	uint64_t timeout;  /* ns; how long a silent one was waited for */
};

/* One host: a few lines. */
void report_block(FILE *out, const struct report_host *host, bool colour);

/* A line for each of many hosts. */
struct report_table {
	FILE *out;
	bool colour;
	int width;	  /* columns of all; 0: nothing is cut */
	int host, kernel; /* of these two */
};

/*
 * Print the header. terminal: its columns, of which it uses 80 at least; 0: it
 * is none, and nothing is cut. longest: bytes of the longest host's name.
 */
void report_table_begin(struct report_table *table, FILE *out, bool colour,
			unsigned int terminal, size_t longest);
void report_row(const struct report_table *table,
		const struct report_host *host);

/* "40 hosts: 38 alive (1 not armed), 2 silent" */
void report_summary(FILE *out, const struct report_host *hosts, size_t count);

/* A text, made valid UTF-8. The caller's; NULL: no memory. */
json_t *report_json_text(const char *text);

/* A line of JSON. False: no memory, or it cannot be written. */
bool report_json(FILE *out, const struct report_host *host);

/* Prometheus' text format. Each name is there once. */
void report_prometheus(FILE *out, const struct report_host *hosts,
		       size_t count);

#endif
