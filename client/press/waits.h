/* SPDX-License-Identifier: GPL-2.0 */
/* How long the host waits after each letter before it presses the next. */
#ifndef SRQ_WAITS_H
#define SRQ_WAITS_H

#include "lib/sysrq.h"

/* What --wait has set; a field below 0 was not. Milliseconds. */
struct waits {
	int32_t all;
	int32_t letter[128]; /* by the letter itself */
};

void waits_begin(struct waits *waits);

/*
 * Take the value of one --wait, "5" or "s=30,e=5" or both together. It is
 * taken apart in place. False where it is none: *bad is the part at fault.
 */
bool waits_parse(struct waits *waits, char *value, const char **bad);

/* The step for a letter: its default wait, or what --wait has set. */
struct sysrq_step waits_step(const struct waits *waits, char letter, bool last);

/* Give a step that has a wait what --wait has set, if it has. */
void waits_set(const struct waits *waits, struct sysrq_step *step);

#endif
