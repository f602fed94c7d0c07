// SPDX-License-Identifier: GPL-2.0
/*
 * The client's side of message.h: writes the requests, and reads the replies.
 * The module does without this file.
 */
#include "core/layout.h"

void srq_write_hello(uint8_t *body, size_t body_len, uint64_t id)
{
	srq_begin_body(body, body_len, SRQ_HELLO, 0, HEADER_LEN, id);
}

static void read_name(char name[SRQ_NAME_LEN + 1], const uint8_t *at)
{
	memcpy(name, at, SRQ_NAME_LEN);
	name[SRQ_NAME_LEN] = '\0';
}

bool srq_read_status(const uint8_t *body, size_t body_len,
		     struct srq_status *status)
{
	uint32_t flags;

	if (!srq_body_is(body, body_len, SRQ_STATUS, STATUS_LEN))
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
	status->restored = flags & RESTORED;
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
	srq_begin_body(body, body_len, SRQ_COMMAND, 0, COMMAND_LEN, id);
	srq_put64(body + 16, command->epoch);
	srq_put64(body + 24, command->order);
	memcpy(body + 32, command->address, SRQ_ADDRESS_LEN);
	body[48] = command->count;
	body[49] = command->heard;
	for (size_t i = 0; i < command->count; i++) {
		uint8_t *at = body + STEPS_AT + STEP_LEN * i;

		at[0] = (uint8_t)command->steps[i].letter;
		at[1] = command->steps[i].flags;
		srq_put32(at + 4, command->steps[i].wait_ms);
	}
	srq_put64(body + 184, command->deadline);
}

bool srq_read_result(const uint8_t *body, size_t body_len,
		     struct srq_result *result)
{
	struct srq_progress *progress = &result->progress;

	if (!srq_body_is(body, body_len, SRQ_RESULT, RESULT_LEN))
		return false;
	result->epoch = srq_get64(body + 16);
	result->sequence = srq_get64(body + 24);
	result->real_time = srq_get64(body + 32);
	progress->log_first = srq_get64(body + 40);
	result->log_next = srq_get64(body + 48);
	progress->count = body[56];
	progress->finished = body[57];
	result->restored = body[58] & RESULT_RESTORED;
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
	srq_begin_body(body, body_len, SRQ_LOG, 0, LOG_LEN, id);
	srq_put64(body + 16, log->epoch);
	srq_put64(body + 24, log->first);
}

bool srq_read_logdata(const uint8_t *body, size_t body_len,
		      struct srq_logdata *logdata)
{
	struct srq_header header;

	if (!srq_read_header(body, body_len, &header) ||
	    header.type != SRQ_LOGDATA || header.length < SRQ_LOGDATA_TEXT_AT)
		return false;
	logdata->epoch = srq_get64(body + 16);
	logdata->first = srq_get64(body + 24);
	logdata->next = srq_get64(body + 32);
	logdata->log_next = srq_get64(body + 40);
	logdata->text_len = header.length - SRQ_LOGDATA_TEXT_AT;
	logdata->text = (const char *)body + SRQ_LOGDATA_TEXT_AT;
	return true;
}
