/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts that differ in sentence.c's texts: {host}, {named letter} and so on
 * stand for them there.
 */
#ifndef SRQ_PARTS_H
#define SRQ_PARTS_H

#include "client/output/sentence.h"

/* Write text with its parts put in. why: what {why} stands for, or NULL. */
void parts_put(FILE *out, const char *text, const struct about *about,
	       const char *why);

#endif
