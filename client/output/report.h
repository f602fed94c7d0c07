/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Holds what `send_sysrq status` knows about one host, and prints it as a block
 * of lines. table.h, json.h and prometheus.h print it in other forms.
 */
#ifndef SRQ_REPORT_H
#define SRQ_REPORT_H

#include <stdio.h>

#include "lib/sysrq.h"

enum report_state {
	REPORT_ALIVE,
	REPORT_PANICKED, /* the kernel answers, and does nothing else */
	REPORT_SILENT,
	REPORT_CLOSED, /* the port is closed, or the password or key is wrong */
	REPORT_UNREACHABLE,
	REPORT_UNKNOWN, /* the name has no address */
	REPORT_STATES,
};

/* One host. The caller owns what the pointers point to. */
struct report_host {
	const char *name; /* from the command line or the hosts file */
	enum report_state state;
	/* For a host that answers: REPORT_ALIVE or REPORT_PANICKED */
	const char *place; /* "192.0.2.7:9" */
	const struct sysrq_status *status;
	uint64_t needed; /* a set of letters */
	bool armed;      /* the host permits these letters now */
	/* For the other states: */
	const char *error; /* the reason; NULL: report.c has a text for it */
	bool of_here;      /* REPORT_UNKNOWN, as this machine has a fault */
	uint64_t timeout;  /* ns; REPORT_SILENT: how long it was waited for */
};

/*
 * Set what an ended question says of a host, but for place and timeout. status and
 * error point to what is valid as long as the host. needed: a set of letters; 0:
 * any letter is enough.
 */
void report_set(struct report_host *report, struct sysrq_host *host,
		uint64_t needed);

/* Print the block of one host to out. */
void report_block(FILE *out, const struct report_host *host, bool colour);

/* --- For all forms --- */

enum {
	REPORT_NAME_MAX = 1024, /* bytes; the rest of a name is not printed */
	REPORT_ERROR_MAX = 256,
};

/* True: the host has sent its status. */
static inline bool report_answers(const struct report_host *host)
{
	return host->state <= REPORT_PANICKED;
}

/* The word for a state, such as "alive". */
const char *report_state_text(enum report_state state);
/* The word for a host: that of its state, or "not armed" if it is alive. */
const char *report_word(const struct report_host *host);
/* Print this word to out, with blanks up to field columns. */
void report_put_word(FILE *out, const struct report_host *host, int field,
		     bool colour);
/* Why a host is not alive, or how a panic ends; cut to fit. */
void report_error_text(char out[REPORT_ERROR_MAX],
		       const struct report_host *host);
/* The needed letters that the host does not permit. It must answer. */
void report_missing_text(char out[SYSRQ_WORDS_MAX],
			 const struct report_host *host);

#endif
