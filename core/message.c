// SPDX-License-Identifier: GPL-2.0
/* The host's side of message.h: reads the requests, and writes the replies. */
#include "core/layout.h"

bool srq_read_header(const uint8_t *body, size_t body_len,
		     struct srq_header *header)
{
	header->type = body[0];
	header->code = body[1];
	header->length = srq_get16(body + 2);
	header->id = srq_get64(body + 8);
	return header->length >= HEADER_LEN && header->length <= body_len;
}

/* Cuts a name that is too long. */
static void write_name(uint8_t *at, const char *name)
{
	for (size_t i = 0; i < SRQ_NAME_LEN && name[i]; i++)
		at[i] = (uint8_t)name[i];
}

void srq_write_status(uint8_t *body, size_t body_len, uint64_t id,
		      const struct srq_status *status)
{
	uint32_t flags = (status->may_read_log ? MAY_READ_LOG : 0) |
			 (status->panicked ? PANICKED : 0) |
			 (status->hears_after_panic ? HEARS_AFTER_PANIC : 0) |
			 (status->restored ? RESTORED : 0);

	srq_begin_body(body, body_len, SRQ_STATUS, SRQ_OK, STATUS_LEN, id);
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

bool srq_read_command(const uint8_t *body, size_t body_len,
		      struct srq_command *command)
{
	if (!srq_body_is(body, body_len, SRQ_COMMAND, COMMAND_LEN))
		return false;
	command->epoch = srq_get64(body + 16);
	command->order = srq_get64(body + 24);
	memcpy(command->address, body + 32, SRQ_ADDRESS_LEN);
	command->count = body[48];
	command->heard = body[49];
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

	srq_begin_body(body, body_len, SRQ_RESULT, code, RESULT_LEN, id);
	srq_put64(body + 16, result->epoch);
	srq_put64(body + 24, result->sequence);
	srq_put64(body + 32, result->real_time);
	srq_put64(body + 40, progress->log_first);
	srq_put64(body + 48, result->log_next);
	body[56] = progress->count;
	body[57] = progress->finished;
	body[58] = result->restored ? RESULT_RESTORED : 0;
	srq_put32(body + 60, result->tolerance);
	memcpy(body + STATES_AT, progress->states, SRQ_STEPS_MAX);
	for (size_t i = 0; i < SRQ_STEPS_MAX; i++)
		srq_put32(body + TIMES_AT + 4 * i, progress->times[i]);
	srq_put64(body + 144, result->boot_time);
}

bool srq_read_log(const uint8_t *body, size_t body_len, struct srq_log *log)
{
	if (!srq_body_is(body, body_len, SRQ_LOG, LOG_LEN))
		return false;
	log->epoch = srq_get64(body + 16);
	log->first = srq_get64(body + 24);
	return true;
}

void srq_write_logdata(uint8_t *body, size_t body_len, uint64_t id,
		       uint8_t code, const struct srq_logdata *logdata)
{
	size_t end = SRQ_LOGDATA_TEXT_AT + logdata->text_len;

	srq_write_header(body, SRQ_LOGDATA, code, end, id);
	srq_put64(body + 16, logdata->epoch);
	srq_put64(body + 24, logdata->first);
	srq_put64(body + 32, logdata->next);
	srq_put64(body + 40, logdata->log_next);
	if (logdata->text)
		memcpy(body + SRQ_LOGDATA_TEXT_AT, logdata->text,
		       logdata->text_len);
	memset(body + end, 0, body_len - end);
}
