/* SPDX-License-Identifier: GPL-2.0 */
/* What is printed on stdout of the pressing of keys on one host. */
#ifndef SRQ_SHOW_H
#define SRQ_SHOW_H

#include "lib/sysrq.h"

struct show {
	struct sysrq_host *host;
	char name[254];	 /* what the host is called, safe to print */
	bool terminal;	 /* stdout is one */
	bool line_open;	 /* the running step stands there */
	uint64_t redraw; /* when to show it next, ns */
	int name_width;
};

void show_begin(struct show *show, struct sysrq_host *host, const char *name);

/* Who it is; from now on it is called as it calls itself. */
void show_status(struct show *show);

/* That step has its last fate. */
void show_step(struct show *show, unsigned int step);

/* The word for a fate: "done". */
const char *show_fate(enum sysrq_fate fate);

/*
 * On a terminal, the running step with the time it has taken so far, or, after
 * the last one, how long its return has been waited for. Both return when to
 * call again, ns, or UINT64_MAX.
 */
uint64_t show_running(struct show *show, uint64_t now);
uint64_t show_waiting(struct show *show, uint64_t since, uint64_t now);

/* Before anything else is printed. */
void show_close_line(struct show *show);

#endif
