// SPDX-License-Identifier: GPL-2.0
/* The readers and the writers of bodies */
#include "tests/proof/proof.h"

/* Bodies have one of these two lengths. No byte is behind them. */
static uint8_t short_body[SRQ_SHORT_BODY];
static uint8_t long_body[SRQ_LONG_BODY];

static void read_all(const uint8_t *body, size_t len)
{
	struct srq_header header;
	struct srq_status status;
	struct srq_command command;
	struct srq_result result;
	struct srq_log log;
	struct srq_logdata logdata;

	srq_read_header(body, len, &header);
	if (srq_read_status(body, len, &status)) {
		//@ assert status_set: \initialized(&status.node[0 .. 64]);
		//@ assert node_ends: status.node[64] == 0;
		//@ assert release_ends: status.release[64] == 0;
	}
	if (srq_read_command(body, len, &command)) {
		//@ assert count: 1 <= command.count <= SRQ_STEPS_MAX;
		//@ assert wait: \forall integer i; 0 <= i < SRQ_STEPS_MAX ==> command.steps[i].wait_ms <= SRQ_WAIT_MAX_MS;
		//@ assert letters_set: \forall integer i; 0 <= i < SRQ_STEPS_MAX ==> \initialized(&command.steps[i].letter) && \initialized(&command.steps[i].flags);
	}
	if (srq_read_result(body, len, &result)) {
		//@ assert count: result.progress.count <= SRQ_STEPS_MAX;
		//@ assert finished: result.progress.finished <= SRQ_STEPS_MAX;
	}
	srq_read_log(body, len, &log);
	if (srq_read_logdata(body, len, &logdata)) {
		//@ assert text_len: logdata.text_len <= len - SRQ_LOGDATA_TEXT_AT;
		//@ assert text: logdata.text == (char *)body + SRQ_LOGDATA_TEXT_AT;
	}
}

void main_read(void)
{
	any(short_body, sizeof(short_body));
	any(long_body, sizeof(long_body));
	read_all(short_body, sizeof(short_body));
	read_all(long_body, sizeof(long_body));
}

static char log_text[SRQ_LOGDATA_TEXT_MAX];

/*
 * The kernel gives a writer memory that somebody else has used before. So a body has
 * no bytes yet, and must have all of them then: what the writer leaves out would go out.
 */
static void write_status(uint64_t id)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_status status;

	/* A name may have no NUL. */
	any(&status, sizeof(status));
	status.may_read_log = any_bool();
	status.panicked = any_bool();
	status.hears_after_panic = any_bool();
	status.restored = any_bool();
	srq_write_status(body, sizeof(body), id, &status);
	//@ assert status_written: \initialized(&body[0 .. SRQ_SHORT_BODY - 1]);
}

static void write_result(uint64_t id)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_result result;

	any(&result, sizeof(result));
	result.restored = any_bool();
	srq_write_result(body, sizeof(body), id, any8(), &result);
	//@ assert result_written: \initialized(&body[0 .. SRQ_SHORT_BODY - 1]);
}

static void write_hello(uint64_t id)
{
	uint8_t body[SRQ_SHORT_BODY];

	srq_write_hello(body, sizeof(body), id);
	//@ assert hello_written: \initialized(&body[0 .. SRQ_SHORT_BODY - 1]);
}

static void write_command(uint64_t id)
{
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_command command;

	any(&command, sizeof(command));
	command.count = (uint8_t)Frama_C_interval(1, SRQ_STEPS_MAX);
	srq_write_command(body, sizeof(body), id, &command);
	//@ assert command_written: \initialized(&body[0 .. SRQ_SHORT_BODY - 1]);
}

static void write_log(uint64_t id)
{
	uint8_t body[SRQ_LONG_BODY];
	struct srq_log log;

	any(&log, sizeof(log));
	srq_write_log(body, sizeof(body), id, &log);
	//@ assert log_written: \initialized(&body[0 .. SRQ_LONG_BODY - 1]);
}

static char log_text[SRQ_LOGDATA_TEXT_MAX];

/* text: NULL if it is in the body already, where the kernel's log was read to. */
static void write_logdata(uint64_t id, uint8_t *body, const char *text,
			  size_t len)
{
	struct srq_logdata logdata;

	any(&logdata, sizeof(logdata));
	logdata.text_len = len;
	logdata.text = text;
	if (!text)
		any(body + SRQ_LOGDATA_TEXT_AT, len);
	srq_write_logdata(body, SRQ_LONG_BODY, id, any8(), &logdata);
	//@ assert logdata_written: \initialized(&body[0 .. SRQ_LONG_BODY - 1]);
}

/*
 * The text ends where log_text ends, and the body where its array ends. To Eva, the end
 * of an array is no place for a text of no bytes, nor for a padding of none.
 */
static void write_text(uint64_t id, size_t len)
{
	uint8_t copied[SRQ_LONG_BODY], in_place[SRQ_LONG_BODY];
	uint8_t copied_full[SRQ_LONG_BODY + 1],
		in_place_full[SRQ_LONG_BODY + 1];
	bool full = len == sizeof(log_text);

	write_logdata(id, full ? in_place_full : in_place, NULL, len);
	if (len)
		write_logdata(id, full ? copied_full : copied,
			      log_text + sizeof(log_text) - len, len);
}

void main_write(void)
{
	uint64_t id = any64();

	any(log_text, sizeof(log_text));
	write_status(id);
	write_result(id);
	write_hello(id);
	write_command(id);
	write_log(id);
	//@ loop unroll SRQ_LOGDATA_TEXT_MAX + 1;
	for (size_t len = 0; len <= SRQ_LOGDATA_TEXT_MAX; len++) {
		if (is_tried(len, SRQ_LOGDATA_TEXT_MAX))
			write_text(id, len);
	}
}
