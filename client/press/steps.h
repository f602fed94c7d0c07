/* SPDX-License-Identifier: GPL-2.0 */
/* From what is asked for, in letters, names or recipes, to steps. */
#ifndef SRQ_STEPS_H
#define SRQ_STEPS_H

#include "client/press/waits.h"
#include "lib/sysrq.h"

struct steps {
	unsigned int count;
	struct sysrq_step list[SYSRQ_STEPS_MAX];
	bool diagnose; /* the log goes with it, into a file */
};

/*
 * Take text apart: letters, or names and recipes with commas between them.
 * False: the reason has been told on stderr.
 */
bool steps_parse(struct steps *steps, const struct waits *waits,
		 const char *text);

/* The letters of letters and names, as a set. False as above; what: "--need". */
bool steps_parse_set(uint64_t *letters, const char *what, const char *text);

/* Does the letter more than look, or what a rescue can undo? */
bool steps_destructive(const struct steps *steps);

#endif
