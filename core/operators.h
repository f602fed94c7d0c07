/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the text of an operators table, as in /etc/ipt_sysrq/operators:
 *
 *   # name   key                                           permissions
 *   alice    q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeFA=  all log
 *
 * Any context; nothing is allocated. The keys are public. But somebody may have
 * written a secret there, so the sentence of a fault quotes only what can be no
 * part of one (core/permissions.h).
 */
#ifndef SRQ_OPERATORS_H
#define SRQ_OPERATORS_H

#include "core/gate.h"
#include "core/permissions.h"

/* The name of the operator that the parameter passwd makes */
#define SRQ_PASSWORD_OPERATOR "passwd"

enum { SRQ_OPERATORS_MAX = 256 };

/* One line of the table. key is the operator's public key, in any 32 bytes: it
 * is not yet judged. */
struct srq_operators_line {
	char name[SRQ_OPERATOR_NAME_MAX + 1];
	uint8_t key[SRQ_KEY_LEN];
	uint64_t permitted; /* a set of letters */
	bool may_read_log;
};

/* How far the text is read: text to end is left. It needs no NUL. */
struct srq_operators_reader {
	const char *text;
	const char *end;
	unsigned int line;  /* number of the last line, from 1 */
	unsigned int count; /* of operators so far */
	char fault[SRQ_PERMISSIONS_FAULT_MAX];
};

enum srq_operators_read {
	SRQ_OPERATORS_END,
	SRQ_OPERATORS_LINE,
	SRQ_OPERATORS_FAULT, /* reader->line is the number of the bad line */
};

/* text stays the caller's, and must outlive the reader. */
void srq_operators_begin(struct srq_operators_reader *reader, const char *text,
			 size_t len);
/*
 * Reads the next operator, past comments and blank lines.
 *
 * LINE: *line is the operator.
 * FAULT: *fault is a sentence that says what is wrong and what is allowed. It
 * is valid until the next call, and as long as the reader. *line is wiped.
 * END: there is no operator left.
 */
enum srq_operators_read srq_operators_next(struct srq_operators_reader *reader,
					   struct srq_operators_line *line,
					   const char **fault);

#endif
