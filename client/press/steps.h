/* SPDX-License-Identifier: GPL-2.0 */
/* Makes steps from sysrq commands: letters, names and recipes. */
#ifndef SRQ_STEPS_H
#define SRQ_STEPS_H

#include "client/press/waits.h"
#include "lib/sysrq.h"

struct steps {
	unsigned int count;
	struct sysrq_step list[SYSRQ_STEPS_MAX];
	bool saves_log;  /* write the log into a file, before and after */
	bool last_words; /* only before; without a file, press nothing */
};

/*
 * Read text: one word of words.h, or several with commas between them. sure:
 * text surely means letters, so it may be the word help or debug. False: text
 * is wrong, as has been told on stderr.
 */
bool steps_parse(struct steps *steps, const struct waits *waits,
		 const char *text, bool sure);

/* True: text is a recipe that writes the log into a file, and stands alone. */
bool steps_saves_log(const char *text);

/*
 * Read text in the same way, and make a set of its letters, which may stand in
 * any order. what is the option that has text as its value, for the message.
 * False: as above.
 */
bool steps_parse_set(uint64_t *letters, const char *what, const char *text);

/* True: one of the letters may do harm that a rescue cannot undo. */
bool steps_destructive(const struct steps *steps);

/* True: one of the letters needs a yes where the configuration says Confirm. */
bool steps_need_yes(const struct steps *steps);

#endif
