// SPDX-License-Identifier: GPL-2.0
/* The readers and the writers of bodies */
#include "tests/proof/proof.h"

/* Bodies have one of these two lengths. No byte is behind them. */
static uint8_t short_body[SRQ_SHORT_BODY];
static uint8_t long_body[SRQ_LONG_BODY];
static uint8_t full_body[SRQ_LONG_BODY + 1]; /* the last byte: for no padding */

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

/* A status and a result as the kernel fills them in: a name may have no NUL. */
static void write_replies(uint64_t id)
{
	struct srq_status status;
	struct srq_result result;

	any(&status, sizeof(status));
	status.may_read_log = any_bool();
	status.panicked = any_bool();
	status.hears_after_panic = any_bool();
	status.restored = any_bool();
	srq_write_status(short_body, sizeof(short_body), id, &status);
	any(&result, sizeof(result));
	result.restored = any_bool();
	srq_write_result(short_body, sizeof(short_body), id, any8(), &result);
}

static void write_requests(uint64_t id)
{
	struct srq_command command;
	struct srq_log log;

	srq_write_hello(short_body, sizeof(short_body), id);
	any(&command, sizeof(command));
	command.count = (uint8_t)Frama_C_interval(1, SRQ_STEPS_MAX);
	srq_write_command(short_body, sizeof(short_body), id, &command);
	any(&log, sizeof(log));
	srq_write_log(long_body, sizeof(long_body), id, &log);
}

/*
 * The text ends where log_text ends, and the body where long_body ends. To Eva,
 * the end of an array is no place for a text of no bytes.
 */
static void write_logdata(uint64_t id, size_t len)
{
	struct srq_logdata logdata;

	any(&logdata, sizeof(logdata));
	logdata.text_len = len;
	logdata.text =
		!len || any_bool() ? NULL : log_text + sizeof(log_text) - len;
	srq_write_logdata(len < sizeof(log_text) ? long_body : full_body,
			  SRQ_LONG_BODY, id, any8(), &logdata);
}

void main_write(void)
{
	uint64_t id = any64();

	any(log_text, sizeof(log_text));
	any(long_body, sizeof(long_body));
	write_replies(id);
	write_requests(id);
	//@ loop unroll SRQ_LOGDATA_TEXT_MAX + 1;
	for (size_t len = 0; len <= SRQ_LOGDATA_TEXT_MAX; len++) {
		if (is_tried(len, SRQ_LOGDATA_TEXT_MAX))
			write_logdata(id, len);
	}
}
