/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is printed of the pressing of letters on one host: a line for its status,
 * one for each step with what the kernel printed for it, and on a terminal how
 * long the running step has taken.
 */
#ifndef SRQ_ONE_H
#define SRQ_ONE_H

#include "client/output/logtext.h"
#include "client/press/run.h"

struct one {
	struct logtext logtext;
	bool terminal;	 /* stdout is one */
	bool line_open;	 /* the running step stands there */
	uint64_t redraw; /* when to show it next, ns */
	int name_width;
};

/* Its data is a struct one. */
extern const struct run_listener one_listener;

void one_begin(struct one *one, const struct plan *plan);

/*
 * Time goes by: on a terminal show what is waited for. Returns when to be called
 * next, ns, or UINT64_MAX.
 */
uint64_t one_tick(struct one *one, const struct run *run, uint64_t now);

#endif
