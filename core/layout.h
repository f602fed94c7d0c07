/* SPDX-License-Identifier: GPL-2.0 */
/* Where the fields of a body are. Only message.c and request.c need it. */
#ifndef SRQ_LAYOUT_H
#define SRQ_LAYOUT_H

#include "core/bytes.h"
#include "core/message.h"

enum {
	HEADER_LEN = 16,
	STATUS_LEN = 248,
	COMMAND_LEN = 192,
	RESULT_LEN = 152,
	LOG_LEN = 32,
	STEPS_AT = 56,
	STEP_LEN = 8,
	STATES_AT = 64,
	TIMES_AT = 80,
};

/* Flags of a status */
enum {
	MAY_READ_LOG = 1,
	PANICKED = 2,
	HEARS_AFTER_PANIC = 4,
	RESTORED = 8,
};

/* A flag of a result */
enum { RESULT_RESTORED = 1 };

static inline void srq_write_header(uint8_t *body, enum srq_type type,
				    uint8_t code, size_t length, uint64_t id)
{
	memset(body, 0, HEADER_LEN);
	body[0] = (uint8_t)type;
	body[1] = code;
	srq_put16(body + 2, (uint16_t)length);
	srq_put64(body + 8, id);
}

static inline void srq_begin_body(uint8_t *body, size_t body_len,
				  enum srq_type type, uint8_t code,
				  size_t length, uint64_t id)
{
	memset(body, 0, body_len);
	srq_write_header(body, type, code, length, id);
}

/* Is the body of this type, and does it claim length bytes at least? */
static inline bool srq_body_is(const uint8_t *body, size_t body_len,
			       enum srq_type type, size_t length)
{
	struct srq_header header;

	return srq_read_header(body, body_len, &header) &&
	       header.type == type && header.length >= length;
}

#endif
