/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `send_sysrq status` knows of one host, and how it is printed for people:
 * a few lines for one host. table.h, json.h and prometheus.h print the same in
 * other forms.
 */
#ifndef SRQ_REPORT_H
#define SRQ_REPORT_H

#include <stdio.h>

#include "lib/sysrq.h"

enum report_state {
	REPORT_ALIVE,
	REPORT_SILENT,
	REPORT_CLOSED, /* the port is closed, or the password or key is wrong */
	REPORT_UNREACHABLE,
	REPORT_UNKNOWN, /* the name has no address */
	REPORT_STATES,
};

/* One host. What it points to is the caller's, and stays while it is used. */
struct report_host {
	const char *name; /* what the caller's user calls it */
	enum report_state state;
	/* Where it is alive; else not read: */
	const char *place; /* "192.0.2.7:9" */
	const struct sysrq_status *status;
	uint64_t needed; /* letters */
	bool armed;	 /* they may be pressed now */
	/* Where it is not: */
	const char *error; /* why, such as strerror()'s; NULL: as state says */
	uint64_t timeout;  /* ns; how long a silent one was waited for */
};

void report_block(FILE *out, const struct report_host *host, bool colour);

/* --- What all forms share --- */

enum {
	REPORT_NAME_MAX = 1024, /* more of a name is not printed */
	REPORT_ERROR_MAX = 256,
};

/* "alive"; not where it is alive and not armed. */
const char *report_state_text(enum report_state state);
/* "alive", or "not armed" */
const char *report_word(const struct report_host *host);
/* The same in a field of that many columns, or as wide as it is. */
void report_put_word(FILE *out, const struct report_host *host, int field,
		     bool colour);
/* Why it is not alive. */
void report_error_text(char out[REPORT_ERROR_MAX],
		       const struct report_host *host);
/* The letters that are needed and may not be pressed. */
void report_missing_text(char out[SYSRQ_LETTERS + 1],
			 const struct report_host *host);

#endif
