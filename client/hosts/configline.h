/* SPDX-License-Identifier: GPL-2.0 */
/* A line of a configuration file, before its words are read. */
#ifndef SRQ_CONFIGLINE_H
#define SRQ_CONFIGLINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Cut the newline, and a byte-order mark in line 1, off len bytes. False: there is
 * a control character, as has been told on stderr.
 */
bool configline_check(const char *file, unsigned int number, char *line,
		      size_t len);

#endif
