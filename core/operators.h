/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of an operators table, as in /etc/ipt_sysrq/operators:
 *
 *   # name   key                                           permissions
 *   alice    q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=  all,log
 *
 * Any context; nothing is allocated, and a fault's sentence quotes nothing of
 * the text, which holds secrets.
 */
#ifndef SRQ_OPERATORS_H
#define SRQ_OPERATORS_H

#include "core/gate.h"

/* The name of the operator that a password makes. */
#define SRQ_PASSWORD_OPERATOR "passwd"

enum { SRQ_OPERATORS_MAX = 256 };

/* One line. key is a secret: the caller wipes it. */
struct srq_operators_line {
	char name[SRQ_OPERATOR_NAME_MAX + 1];
	uint8_t key[SRQ_KEY_LEN];
	uint64_t permitted; /* letters */
	bool may_read_log;
};

/* Where in a text of len bytes, which need not end in NUL or newline. */
struct srq_operators_reader {
	const char *text;
	size_t len;
	unsigned int line;  /* number of the line that was read last */
	unsigned int count; /* operators so far */
};

enum srq_operators_read {
	SRQ_OPERATORS_END,
	SRQ_OPERATORS_LINE,
	SRQ_OPERATORS_FAULT, /* in the line of that number */
};

void srq_operators_begin(struct srq_operators_reader *reader, const char *text,
			 size_t len);
/*
 * The next operator, past comments and blank lines. FAULT: *fault says what is
 * wrong and what is allowed.
 */
enum srq_operators_read srq_operators_next(struct srq_operators_reader *reader,
					   struct srq_operators_line *line,
					   const char **fault);

#endif
