// SPDX-License-Identifier: GPL-2.0
/*
 * The bodies. What a reader takes from one and a writer makes of that again
 * must be the same in every byte that has a meaning, and zero in all others.
 */
#include <stddef.h>
#include "tests/fuzz/fuzz.h"
#include "core/bytes.h"
#include "core/message.h"

enum { HEADER_LEN = 16 };

/* One body under test, and what shall be written from it. */
struct body {
	const uint8_t *bytes;
	size_t len;
	struct srq_header header;
	uint8_t *expected;
	uint8_t *written;
};

/* A field that comes back */
static void keep(struct body *body, size_t at, size_t len)
{
	memcpy(body->expected + at, body->bytes + at, len);
}

static void begin(struct body *body, size_t length)
{
	body->expected = calloc(1, body->len);
	body->written = malloc(body->len);
	assert(body->expected && body->written);
	keep(body, 0, 1);
	srq_put16(body->expected + 2, (uint16_t)length);
	keep(body, 8, 8);
}

static void end(struct body *body)
{
	assert(!memcmp(body->written, body->expected, body->len));
	free(body->expected);
	free(body->written);
}

static void check_hello(struct body *body)
{
	begin(body, HEADER_LEN);
	srq_write_hello(body->written, body->len, body->header.id);
	body->expected[0] = SRQ_HELLO;
	end(body);
}

static void keep_name(struct body *body, size_t at)
{
	keep(body, at, strnlen((const char *)body->bytes + at, SRQ_NAME_LEN));
}

static void check_status(struct body *body)
{
	struct srq_status status = { 0 }, again = { 0 };

	if (!srq_read_status(body->bytes, body->len, &status))
		return;
	assert(body->header.type == SRQ_STATUS);
	begin(body, 248);
	keep(body, 16, 96);
	srq_put32(body->expected + 72, body->bytes[75] & 15);
	keep_name(body, 112);
	keep_name(body, 176);
	keep(body, 240, 4);
	srq_write_status(body->written, body->len, body->header.id, &status);
	assert(srq_read_status(body->written, body->len, &again));
	/* Of a name all that stands before its NUL */
	assert(!memcmp(&status, &again, offsetof(struct srq_status, node)));
	assert(!strcmp(status.node, again.node));
	assert(!strcmp(status.release, again.release));
	assert(status.reboots_in == again.reboots_in);
	end(body);
}

static void check_command(struct body *body)
{
	struct srq_command command = { 0 }, again = { 0 };

	if (!srq_read_command(body->bytes, body->len, &command))
		return;
	assert(body->header.type == SRQ_COMMAND);
	assert(command.count >= 1 && command.count <= SRQ_STEPS_MAX);
	begin(body, 192);
	keep(body, 16, 34);
	for (size_t i = 0; i < command.count; i++) {
		assert(command.steps[i].wait_ms <= SRQ_WAIT_MAX_MS);
		keep(body, 56 + 8 * i, 2);
		keep(body, 60 + 8 * i, 4);
	}
	keep(body, 184, 8);
	srq_write_command(body->written, body->len, body->header.id, &command);
	assert(srq_read_command(body->written, body->len, &again));
	assert(!memcmp(&command, &again, sizeof(command)));
	end(body);
}

static void check_result(struct body *body)
{
	struct srq_result result = { 0 }, again = { 0 };

	if (!srq_read_result(body->bytes, body->len, &result))
		return;
	assert(body->header.type == SRQ_RESULT);
	assert(result.progress.count <= SRQ_STEPS_MAX);
	assert(result.progress.finished <= result.progress.count);
	begin(body, 152);
	keep(body, 1, 1);
	keep(body, 16, 42);
	body->expected[58] = body->bytes[58] & 1;
	keep(body, 60, 92);
	srq_write_result(body->written, body->len, body->header.id,
			 body->header.code, &result);
	assert(srq_read_result(body->written, body->len, &again));
	assert(!memcmp(&result, &again, sizeof(result)));
	end(body);
}

static void check_log(struct body *body)
{
	struct srq_log log, again;

	if (!srq_read_log(body->bytes, body->len, &log))
		return;
	assert(body->header.type == SRQ_LOG);
	begin(body, 32);
	keep(body, 16, 16);
	srq_write_log(body->written, body->len, body->header.id, &log);
	assert(srq_read_log(body->written, body->len, &again));
	assert(!memcmp(&log, &again, sizeof(log)));
	end(body);
}

static void check_logdata(struct body *body)
{
	struct srq_logdata logdata, again;
	char *text;

	if (!srq_read_logdata(body->bytes, body->len, &logdata))
		return;
	assert(body->header.type == SRQ_LOGDATA);
	begin(body, body->header.length);
	keep(body, 1, 1);
	keep(body, 16, 32);
	keep(body, SRQ_LOGDATA_TEXT_AT, logdata.text_len);
	text = exact(logdata.text, logdata.text_len);
	logdata.text = text;
	srq_write_logdata(body->written, body->len, body->header.id,
			  body->header.code, &logdata);
	assert(srq_read_logdata(body->written, body->len, &again));
	assert(again.text_len == logdata.text_len);
	/* The same with the text already in its place */
	logdata.text = NULL;
	srq_write_logdata(body->written, body->len, body->header.id,
			  body->header.code, &logdata);
	free(text);
	end(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct body body = { .len = size };
	uint8_t *bytes;

	/* No datagram has a body without a header. */
	if (size < HEADER_LEN || size > SRQ_LONG_BODY)
		return 0;
	bytes = exact(data, size);
	body.bytes = bytes;
	if (srq_read_header(bytes, size, &body.header)) {
		assert(body.header.length >= HEADER_LEN &&
		       body.header.length <= size);
		check_hello(&body);
	}
	check_status(&body);
	check_command(&body);
	check_result(&body);
	check_log(&body);
	check_logdata(&body);
	free(bytes);
	return 0;
}
