/* SPDX-License-Identifier: GPL-2.0 */
/* Says how long the host waits after each letter, before the next letter. */
#ifndef SRQ_WAITS_H
#define SRQ_WAITS_H

#include "lib/sysrq.h"

/* The values of --wait, in ms. Below 0: not given. */
struct waits {
	int32_t all;
	int32_t letter[128]; /* the index is the letter */
};

/* No value is given. */
void waits_begin(struct waits *waits);

/*
 * Take the value of one --wait: "5", "s=30,e=5" or both with a comma between
 * them. value is changed. False: value is wrong, and *bad is its wrong part;
 * nothing has been told.
 */
bool waits_parse(struct waits *waits, char *value, const char **bad);

/*
 * Make the step for a letter, with the wait of --wait or else the default wait.
 * last: no step follows.
 */
struct sysrq_step waits_step(const struct waits *waits, char letter, bool last);

/*
 * Change the wait of a step if --wait was given for it. A step without a wait
 * does not wait until it is complete.
 */
void waits_set(const struct waits *waits, struct sysrq_step *step);

#endif
