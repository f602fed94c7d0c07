/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints the pressing on one host: a line for its status, then a line for each
 * step, followed by what the kernel printed for it. A terminal also shows how
 * long the running step has taken.
 */
#ifndef SRQ_ONE_H
#define SRQ_ONE_H

#include "client/output/logtext.h"
#include "client/press/run.h"

/* one_begin() sets all members; they are for one.c alone. */
struct one {
	struct logtext logtext;
	bool terminal;   /* stdout is a terminal */
	bool line_open;  /* the line of the running step is shown */
	uint64_t redraw; /* ns: when to draw this line next */
	int name_width;
};

/* The data for run_begin() is a struct one. */
extern const struct run_listener one_listener;

void one_begin(struct one *one, const struct plan *plan);

/*
 * On a terminal, show what send_sysrq waits for. Returns when to call it again,
 * in ns, or UINT64_MAX.
 */
uint64_t one_tick(struct one *one, const struct run *run, uint64_t now);

#endif
