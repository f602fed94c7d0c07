/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fills the texts of sentence.c: {host}, {named letter} and so on stand in them
 * for parts that differ.
 */
#ifndef SRQ_PARTS_H
#define SRQ_PARTS_H

#include "client/output/sentence.h"

/* Write text to out, with its parts filled in. why replaces {why}; or NULL. */
void parts_put(FILE *out, const char *text, const struct about *about,
	       const char *why);

#endif
