// SPDX-License-Identifier: GPL-2.0
#include "core/message.h"
#include "core/bytes.h"

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
};

static void write_header(uint8_t *body, enum srq_type type, uint8_t code,
			 size_t length, uint64_t id)
{
	memset(body, 0, HEADER_LEN);
	body[0] = (uint8_t)type;
	body[1] = code;
	srq_put16(body + 2, (uint16_t)length);
	srq_put64(body + 8, id);
}

static void begin(uint8_t *body, size_t body_len, enum srq_type type,
		  uint8_t code, size_t length, uint64_t id)
{
	memset(body, 0, body_len);
	write_header(body, type, code, length, id);
}

bool srq_read_header(const uint8_t *body, size_t body_len,
		     struct srq_header *header)
{
	header->type = body[0];
	header->code = body[1];
	header->length = srq_get16(body + 2);
	header->id = srq_get64(body + 8);
	return header->length >= HEADER_LEN && header->length <= body_len;
}

/* Is the body of this type, and does it claim length bytes at least? */
static bool is(const uint8_t *body, size_t body_len, enum srq_type type,
	       size_t length)
{
	struct srq_header header;

	return srq_read_header(body, body_len, &header) &&
	       header.type == type && header.length >= length;
}

void srq_write_hello(uint8_t *body, size_t body_len, uint64_t id)
{
	begin(body, body_len, SRQ_HELLO, 0, HEADER_LEN, id);
}

/* Cuts a name that is too long. */
static void write_name(uint8_t *at, const char *name)
{
	for (size_t i = 0; i < SRQ_NAME_LEN && name[i]; i++)
		at[i] = (uint8_t)name[i];
}

static void read_name(char name[SRQ_NAME_LEN + 1], const uint8_t *at)
{
	memcpy(name, at, SRQ_NAME_LEN);
	name[SRQ_NAME_LEN] = '\0';
}

void srq_write_status(uint8_t *body, size_t body_len, uint64_t id,
		      const struct srq_status *status)
{
	uint32_t flags = (status->may_read_log ? MAY_READ_LOG : 0) |
			 (status->panicked ? PANICKED : 0) |
			 (status->hears_after_panic ? HEARS_AFTER_PANIC : 0);

	begin(body, body_len, SRQ_STATUS, SRQ_OK, STATUS_LEN, id);
	srq_put64(body + 16, status->epoch);
	srq_put64(body + 24, status->sequence);
	srq_put64(body + 32, status->real_time);
	srq_put64(body + 40, status->boot_time);
	srq_put64(body + 48, status->log_next);
	srq_put64(body + 56, status->letters);
	srq_put32(body + 64, status->mask);
	srq_put32(body + 68, status->tolerance);
	srq_put32(body + 72, flags);
	srq_put32(body + 76, status->cpus);
	srq_put64(body + 80, status->memory);
	srq_put64(body + 88, status->memory_free);
	for (size_t i = 0; i < 3; i++)
		srq_put32(body + 96 + 4 * i, status->load[i]);
	srq_put32(body + 108, status->key_age);
	write_name(body + 112, status->node);
	write_name(body + 176, status->release);
	srq_put32(body + 240, status->reboots_in);
}

bool srq_read_status(const uint8_t *body, size_t body_len,
		     struct srq_status *status)
{
	uint32_t flags;

	if (!is(body, body_len, SRQ_STATUS, STATUS_LEN))
		return false;
	flags = srq_get32(body + 72);
	status->epoch = srq_get64(body + 16);
	status->sequence = srq_get64(body + 24);
	status->real_time = srq_get64(body + 32);
	status->boot_time = srq_get64(body + 40);
	status->log_next = srq_get64(body + 48);
	status->letters = srq_get64(body + 56);
	status->mask = srq_get32(body + 64);
	status->tolerance = srq_get32(body + 68);
	status->may_read_log = flags & MAY_READ_LOG;
	status->panicked = flags & PANICKED;
	status->hears_after_panic = flags & HEARS_AFTER_PANIC;
	status->cpus = srq_get32(body + 76);
	status->memory = srq_get64(body + 80);
	status->memory_free = srq_get64(body + 88);
	for (size_t i = 0; i < 3; i++)
		status->load[i] = srq_get32(body + 96 + 4 * i);
	status->key_age = srq_get32(body + 108);
	read_name(status->node, body + 112);
	read_name(status->release, body + 176);
	status->reboots_in = srq_get32(body + 240);
	return true;
}

void srq_write_command(uint8_t *body, size_t body_len, uint64_t id,
		       const struct srq_command *command)
{
	begin(body, body_len, SRQ_COMMAND, 0, COMMAND_LEN, id);
	srq_put64(body + 16, command->epoch);
	srq_put64(body + 24, command->order);
	memcpy(body + 32, command->address, SRQ_ADDRESS_LEN);
	body[48] = command->count;
	for (size_t i = 0; i < command->count; i++) {
		uint8_t *at = body + STEPS_AT + STEP_LEN * i;

		at[0] = (uint8_t)command->steps[i].letter;
		at[1] = command->steps[i].flags;
		srq_put32(at + 4, command->steps[i].wait_ms);
	}
	srq_put64(body + 184, command->deadline);
}

bool srq_read_command(const uint8_t *body, size_t body_len,
		      struct srq_command *command)
{
	if (!is(body, body_len, SRQ_COMMAND, COMMAND_LEN))
		return false;
	command->epoch = srq_get64(body + 16);
	command->order = srq_get64(body + 24);
	memcpy(command->address, body + 32, SRQ_ADDRESS_LEN);
	command->count = body[48];
	command->deadline = srq_get64(body + 184);
	if (command->count < 1 || command->count > SRQ_STEPS_MAX)
		return false;
	memset(command->steps, 0, sizeof(command->steps));
	for (size_t i = 0; i < command->count; i++) {
		const uint8_t *at = body + STEPS_AT + STEP_LEN * i;

		command->steps[i].letter = (char)at[0];
		command->steps[i].flags = at[1];
		command->steps[i].wait_ms = srq_get32(at + 4);
		if (command->steps[i].wait_ms > SRQ_WAIT_MAX_MS)
			return false;
	}
	return true;
}

void srq_write_result(uint8_t *body, size_t body_len, uint64_t id, uint8_t code,
		      const struct srq_result *result)
{
	const struct srq_progress *progress = &result->progress;

	begin(body, body_len, SRQ_RESULT, code, RESULT_LEN, id);
	srq_put64(body + 16, result->epoch);
	srq_put64(body + 24, result->sequence);
	srq_put64(body + 32, result->real_time);
	srq_put64(body + 40, progress->log_first);
	srq_put64(body + 48, result->log_next);
	body[56] = progress->count;
	body[57] = progress->finished;
	srq_put32(body + 60, result->tolerance);
	memcpy(body + STATES_AT, progress->states, SRQ_STEPS_MAX);
	for (size_t i = 0; i < SRQ_STEPS_MAX; i++)
		srq_put32(body + TIMES_AT + 4 * i, progress->times[i]);
	srq_put64(body + 144, result->boot_time);
}

bool srq_read_result(const uint8_t *body, size_t body_len,
		     struct srq_result *result)
{
	struct srq_progress *progress = &result->progress;

	if (!is(body, body_len, SRQ_RESULT, RESULT_LEN))
		return false;
	result->epoch = srq_get64(body + 16);
	result->sequence = srq_get64(body + 24);
	result->real_time = srq_get64(body + 32);
	progress->log_first = srq_get64(body + 40);
	result->log_next = srq_get64(body + 48);
	progress->count = body[56];
	progress->finished = body[57];
	result->tolerance = srq_get32(body + 60);
	memcpy(progress->states, body + STATES_AT, SRQ_STEPS_MAX);
	for (size_t i = 0; i < SRQ_STEPS_MAX; i++)
		progress->times[i] = srq_get32(body + TIMES_AT + 4 * i);
	result->boot_time = srq_get64(body + 144);
	return progress->count <= SRQ_STEPS_MAX &&
	       progress->finished <= progress->count;
}

void srq_write_log(uint8_t *body, size_t body_len, uint64_t id,
		   const struct srq_log *log)
{
	begin(body, body_len, SRQ_LOG, 0, LOG_LEN, id);
	srq_put64(body + 16, log->epoch);
	srq_put64(body + 24, log->first);
}

bool srq_read_log(const uint8_t *body, size_t body_len, struct srq_log *log)
{
	if (!is(body, body_len, SRQ_LOG, LOG_LEN))
		return false;
	log->epoch = srq_get64(body + 16);
	log->first = srq_get64(body + 24);
	return true;
}

void srq_write_logdata(uint8_t *body, size_t body_len, uint64_t id,
		       uint8_t code, const struct srq_logdata *logdata)
{
	size_t end = SRQ_LOGDATA_TEXT_AT + logdata->text_len;

	write_header(body, SRQ_LOGDATA, code, end, id);
	srq_put64(body + 16, logdata->epoch);
	srq_put64(body + 24, logdata->first);
	srq_put64(body + 32, logdata->next);
	srq_put64(body + 40, logdata->log_next);
	if (logdata->text)
		memcpy(body + SRQ_LOGDATA_TEXT_AT, logdata->text,
		       logdata->text_len);
	memset(body + end, 0, body_len - end);
}

bool srq_read_logdata(const uint8_t *body, size_t body_len,
		      struct srq_logdata *logdata)
{
	if (!is(body, body_len, SRQ_LOGDATA, SRQ_LOGDATA_TEXT_AT))
		return false;
	logdata->epoch = srq_get64(body + 16);
	logdata->first = srq_get64(body + 24);
	logdata->next = srq_get64(body + 32);
	logdata->log_next = srq_get64(body + 40);
	logdata->text_len = srq_get16(body + 2) - SRQ_LOGDATA_TEXT_AT;
	logdata->text = (const char *)body + SRQ_LOGDATA_TEXT_AT;
	return true;
}
