/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Permissions as text: words such as "all log" or "s,u,b", with blanks or a
 * comma between them. A word is
 *
 *   a letter that some kernel has, or its name (core/letter.h);
 *   "loglevel", for the letters 0 to 9;
 *   "all", for all letters, also those without a name;
 *   "log", to read the kernel's log.
 *
 * What one function writes, the other reads, unless it is "" or has a letter
 * without a name. Any context; nothing is allocated.
 */
#ifndef SRQ_PERMISSIONS_H
#define SRQ_PERMISSIONS_H

#include "core/letter.h"

enum {
	SRQ_PERMISSIONS_FAULT_MAX = 256,
	/* All letters and "log", each with a comma or a NUL behind it */
	SRQ_PERMISSIONS_TEXT_MAX = 2 * SRQ_LETTERS + 4,
};

/*
 * Reads the bytes from text to end. *letters becomes a set, and *may_read_log true if
 * the text has the word "log". may_read_log is NULL where nobody can be
 * permitted to read the log: there, "log" is a bad word.
 *
 * Returns NULL, or a sentence that says what is wrong and what is allowed: in
 * fault, or valid for ever. It quotes nothing that could be part of a secret.
 */
const char *srq_permissions_from_text(uint64_t *letters, bool *may_read_log,
				      const char *text, const char *end,
				      char fault[SRQ_PERMISSIONS_FAULT_MAX]);

/*
 * Writes the words, with commas between them, and a NUL: single letters, in the
 * order of their index, but "loglevel" and "all" where they fit. No permission
 * is "".
 */
void srq_permissions_to_text(char text[SRQ_PERMISSIONS_TEXT_MAX],
			     uint64_t letters, bool may_read_log);

#endif
