/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of each body, as the tables of docs/protocol.md, "Body", have
 * them: where a field is, how many bytes it has, and which member of a
 * structure of core/message.h has its value. unit/message.c and unit/vectors.c
 * compare bodies with structures by these tables, and so without any code of
 * core/.
 */
#ifndef SRQ_FIELDS_H
#define SRQ_FIELDS_H

#include <stdlib.h>
#include "core/message.h"

struct field {
	const char *name;
	size_t at, len;      /* in the body: up to 8 bytes are an integer */
	size_t member, size; /* in the structure */
	uint32_t bit; /* the member is a bool, and this bit of the field */
};

/* Each of the tables is of one structure, named so by OF. */
#define ENTRY(...)          \
	{                   \
		__VA_ARGS__ \
	}
#define FIELD(at, len, member)                        \
	ENTRY(#member, at, len, offsetof(OF, member), \
	      sizeof(((OF *)0)->member), 0)
#define FLAG(at, len, bit, member) \
	ENTRY(#member, at, len, offsetof(OF, member), sizeof(bool), bit)
#define SIXTEEN(X)                                                         \
	X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), X(9), X(10), \
		X(11), X(12), X(13), X(14), X(15)

#define OF struct srq_status
static const struct field status_fields[] = {
	FIELD(16, 8, epoch),
	FIELD(24, 8, sequence),
	FIELD(32, 8, real_time),
	FIELD(40, 8, boot_time),
	FIELD(48, 8, log_next),
	FIELD(56, 8, letters),
	FIELD(64, 4, mask),
	FIELD(68, 4, tolerance),
	FLAG(72, 4, 1, may_read_log),
	FLAG(72, 4, 2, panicked),
	FLAG(72, 4, 4, hears_after_panic),
	FLAG(72, 4, 8, restored),
	FIELD(76, 4, cpus),
	FIELD(80, 8, memory),
	FIELD(88, 8, memory_free),
	FIELD(96, 4, load[0]),
	FIELD(100, 4, load[1]),
	FIELD(104, 4, load[2]),
	FIELD(108, 4, key_age),
	FIELD(112, 64, node),
	FIELD(176, 64, release),
	FIELD(240, 4, reboots_in),
};
#undef OF

#define OF struct srq_command
#define STEP(i)                                       \
	FIELD(56 + 8 * i, 1, steps[i].letter),        \
		FIELD(57 + 8 * i, 1, steps[i].flags), \
		FIELD(60 + 8 * i, 4, steps[i].wait_ms)
static const struct field command_fields[] = {
	FIELD(16, 8, epoch),     FIELD(24, 8, order), FIELD(32, 16, address),
	FIELD(48, 1, count),     FIELD(49, 1, heard), SIXTEEN(STEP),
	FIELD(184, 8, deadline),
};
#undef OF

#define OF       struct srq_result
#define STATE(i) FIELD(64 + i, 1, progress.states[i])
#define TIME(i)  FIELD(80 + 4 * i, 4, progress.times[i])
static const struct field result_fields[] = {
	FIELD(16, 8, epoch),
	FIELD(24, 8, sequence),
	FIELD(32, 8, real_time),
	FIELD(40, 8, progress.log_first),
	FIELD(48, 8, log_next),
	FIELD(56, 1, progress.count),
	FIELD(57, 1, progress.finished),
	FLAG(58, 1, 1, restored),
	FIELD(60, 4, tolerance),
	SIXTEEN(STATE),
	SIXTEEN(TIME),
	FIELD(144, 8, boot_time),
};
#undef OF

#define OF struct srq_log
static const struct field log_fields[] = {
	FIELD(16, 8, epoch),
	FIELD(24, 8, first),
};
#undef OF

/* Its text is not among them. */
#define OF struct srq_logdata
static const struct field logdata_fields[] = {
	FIELD(16, 8, epoch),
	FIELD(24, 8, first),
	FIELD(32, 8, next),
	FIELD(40, 8, log_next),
};
#undef OF

/* A body as a structure: that of its type */
union message {
	struct srq_status status;
	struct srq_command command;
	struct srq_result result;
	struct srq_log log;
	struct srq_logdata logdata;
};

struct kind {
	enum srq_type type;
	size_t length; /* without padding */
	size_t body_len;
	const struct field *fields;
	size_t count;
};

#define KIND(type, length, body_len, fields)               \
	{                                                  \
		type, length, body_len, fields,            \
			sizeof(fields) / sizeof(*(fields)) \
	}
static const struct kind kinds[] = {
	{ SRQ_HELLO, 16, 320 - 36 - 16, NULL, 0 },
	KIND(SRQ_STATUS, 248, 320 - 36 - 16, status_fields),
	KIND(SRQ_COMMAND, 192, 320 - 36 - 16, command_fields),
	KIND(SRQ_RESULT, 152, 320 - 36 - 16, result_fields),
	KIND(SRQ_LOG, 32, 1232 - 36 - 16, log_fields),
	KIND(SRQ_LOGDATA, 48, 1232 - 36 - 16, logdata_fields),
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static inline uint64_t big_endian(const uint8_t *bytes, size_t len)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* What the body says of this field */
static inline uint64_t told(const struct field *field, const uint8_t *body)
{
	uint64_t number = big_endian(body + field->at, field->len);

	return field->bit ? !!(number & field->bit) : number;
}

static inline uint64_t member(const struct field *field,
			      const union message *message)
{
	const uint8_t *at = (const uint8_t *)message + field->member;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (field->size) {
	case 1:
		return *at;
	case 2:
		memcpy(&two, at, sizeof(two));
		return two;
	case 4:
		memcpy(&four, at, sizeof(four));
		return four;
	default:
		memcpy(&eight, at, sizeof(eight));
		return eight;
	}
}

static inline void set_member(const struct field *field, union message *message,
			      uint64_t number)
{
	uint8_t *at = (uint8_t *)message + field->member;
	uint32_t four = (uint32_t)number;

	if (field->size == 1)
		*at = (uint8_t)number;
	else if (field->size == 4)
		memcpy(at, &four, sizeof(four));
	else
		memcpy(at, &number, sizeof(number));
}

/* Returns the first field that differs; NULL: there is none. */
static inline const char *differs(const struct kind *kind, const uint8_t *body,
				  const union message *message)
{
	for (size_t i = 0; i < kind->count; i++) {
		const struct field *f = &kind->fields[i];
		const char *at = (const char *)message + f->member;

		if (f->len <= 8 ? told(f, body) != member(f, message)
				: !!memcmp(body + f->at, at, f->len))
			return f->name;
		/* A name has a NUL in the structure. */
		if (f->len == SRQ_NAME_LEN && at[SRQ_NAME_LEN])
			return f->name;
	}
	return NULL;
}

/* Makes the structure of a body. */
static inline void take_apart(const struct kind *kind, const uint8_t *body,
			      union message *message)
{
	memset(message, 0, sizeof(*message));
	for (size_t i = 0; i < kind->count; i++) {
		const struct field *f = &kind->fields[i];

		if (f->len <= 8)
			set_member(f, message, told(f, body));
		else
			memcpy((uint8_t *)message + f->member, body + f->at,
			       f->len);
	}
	if (kind->type == SRQ_LOGDATA) {
		message->logdata.text = (const char *)body + 48;
		message->logdata.text_len = big_endian(body + 2, 2) - 48;
	}
}

static inline bool read_message(const struct kind *kind, const uint8_t *body,
				union message *message)
{
	switch (kind->type) {
	case SRQ_STATUS:
		return srq_read_status(body, kind->body_len, &message->status);
	case SRQ_COMMAND:
		return srq_read_command(body, kind->body_len,
					&message->command);
	case SRQ_RESULT:
		return srq_read_result(body, kind->body_len, &message->result);
	case SRQ_LOG:
		return srq_read_log(body, kind->body_len, &message->log);
	case SRQ_LOGDATA:
		return srq_read_logdata(body, kind->body_len,
					&message->logdata);
	default:
		return true; /* a hello has nothing to be read */
	}
}

static inline void write_message(const struct kind *kind, uint8_t *body,
				 uint64_t id, uint8_t code,
				 const union message *message)
{
	size_t len = kind->body_len;

	switch (kind->type) {
	case SRQ_STATUS:
		srq_write_status(body, len, id, &message->status);
		break;
	case SRQ_COMMAND:
		srq_write_command(body, len, id, &message->command);
		break;
	case SRQ_RESULT:
		srq_write_result(body, len, id, code, &message->result);
		break;
	case SRQ_LOG:
		srq_write_log(body, len, id, &message->log);
		break;
	case SRQ_LOGDATA:
		srq_write_logdata(body, len, id, code, &message->logdata);
		break;
	default:
		srq_write_hello(body, len, id);
	}
}

/* Returns the kind of a body; NULL: its type is unknown. */
static inline const struct kind *kind_of(const uint8_t *body)
{
	for (int i = 0; i < KINDS; i++) {
		if (kinds[i].type == body[0])
			return &kinds[i];
	}
	return NULL;
}

#endif
