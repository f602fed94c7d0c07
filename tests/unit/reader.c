// SPDX-License-Identifier: GPL-2.0
/*
 * lib/reader reads the log of a host that is made up here. The log has records
 * of one line and of several, and it goes on and overwrites old records.
 * Datagrams are lost, late, doubled and out of order. Yet the text of all
 * records must come, once and in order.
 *
 * reader [SEED [LOGS]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/reader.h"
#include "lib/session.h"

enum { RECORDS_MAX = 6000, UNDER_WAY_MAX = 512 };

static uint64_t seed = 1;
static unsigned long logs = 400;

/* xorshift64* */
static uint64_t draw(uint64_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 0x2545f4914f6cdd1dULL >> 33) % below;
}

static struct {
	char *records[RECORDS_MAX];
	uint64_t first, next; /* numbers of the records that are there */
	uint64_t epoch;
} host;

static struct srq_keys keys;
static size_t held;

/* Replies on their way */
static struct {
	bool used;
	uint64_t arrives;
	uint8_t body[SRQ_LONG_BODY];
} under_way[UNDER_WAY_MAX];

static void add_record(unsigned int lines)
{
	size_t most = SRQ_LOGDATA_TEXT_MAX - 1;
	char *text = calloc(1, most + 1);
	size_t at = 0;

	for (unsigned int i = 0; i <= lines; i++) {
		int len = snprintf(text + at, most - at,
				   "<6>[%5llu.%06u] %0*llu\n",
				   (unsigned long long)(host.next / 50), i,
				   (int)(1 + draw(100)),
				   (unsigned long long)host.next);
		if (at + (size_t)len >= most)
			break;
		at += (size_t)len;
	}
	text[at] = '\0';
	free(host.records[host.next % RECORDS_MAX]);
	host.records[host.next % RECORDS_MAX] = text;
	host.next++;
}

static const char *record(uint64_t number)
{
	return host.records[number % RECORDS_MAX];
}

/* Answers as kernel/klog.c and kernel/receive.c do. */
static void answer(const uint8_t *request, uint64_t arrives)
{
	uint8_t opened[SRQ_LONG], text[SRQ_LOGDATA_TEXT_MAX];
	struct srq_logdata data = {
		.epoch = host.epoch,
		.log_next = host.next,
	};
	struct srq_header header;
	struct srq_log log;

	memcpy(opened, request, SRQ_LONG);
	assert_true(srq_datagram_open(opened, SRQ_LONG, keys.request));
	assert_true(srq_read_header(srq_datagram_body(opened), SRQ_LONG_BODY,
				    &header));
	assert_true(
		srq_read_log(srq_datagram_body(opened), SRQ_LONG_BODY, &log));
	assert_int_equal(log.epoch, host.epoch);
	data.first = log.first < host.first ? host.first : log.first;
	data.next = data.first;
	data.text = (const char *)text;
	while (data.next < host.next) {
		size_t len = strlen(record(data.next));

		if (data.text_len + len >= sizeof(text))
			break;
		memcpy(text + data.text_len, record(data.next), len);
		data.text_len += len;
		data.next++;
	}
	for (int i = 0; i < UNDER_WAY_MAX; i++) {
		if (under_way[i].used)
			continue;
		under_way[i].used = true;
		under_way[i].arrives = arrives;
		srq_write_logdata(under_way[i].body, SRQ_LONG_BODY, header.id,
				  SRQ_OK, &data);
		return;
	}
}

static void deliver(struct srq_reader *r, uint64_t now)
{
	for (int i = 0; i < UNDER_WAY_MAX; i++) {
		if (!under_way[i].used || under_way[i].arrives > now)
			continue;
		under_way[i].used = false;
		srq_reader_receive(r, now, under_way[i].body);
	}
}

static uint64_t next_arrival(void)
{
	uint64_t next = UINT64_MAX;

	for (int i = 0; i < UNDER_WAY_MAX; i++) {
		if (under_way[i].used && under_way[i].arrives < next)
			next = under_way[i].arrives;
	}
	return next;
}

/* The text of which record is expected next */
struct expectation {
	uint64_t number;
	uint64_t missed; /* records that were overwritten */
	char *rest;      /* a text that is not checked yet */
	size_t len, size;
};

static void take_text(struct expectation *e, const struct srq_chunk *chunk)
{
	if (e->len + chunk->len > e->size) {
		e->size = 2 * (e->len + chunk->len);
		e->rest = realloc(e->rest, e->size);
	}
	memcpy(e->rest + e->len, chunk->text, chunk->len);
	e->len += chunk->len;
}

/* Returns the number of the line's record, which is its message. */
static uint64_t number_of(const char *line)
{
	return strtoull(strchr(line, ']') + 2, NULL, 10);
}

static void check_text(struct expectation *e, bool overwrites)
{
	size_t at = 0;

	while (at < e->len) {
		uint64_t number = number_of(e->rest + at);
		const char *text = record(number);
		size_t len = strlen(text);

		if (overwrites && number > e->number)
			e->missed += number - e->number;
		else
			assert_int_equal(number, e->number);
		e->number = number + 1;
		/* The record may be gone by now. Only its number is checked. */
		if (number < host.first) {
			const char *line =
				memchr(e->rest + at, '\n', e->len - at);

			at = (size_t)(line - e->rest) + 1;
			if (at < e->len && number_of(e->rest + at) == number)
				e->number = number;
			continue;
		}
		assert_true(at + len <= e->len);
		assert_memory_equal(e->rest + at, text, len);
		at += len;
	}
	e->len = 0;
}

struct weather {
	uint64_t loss; /* percent */
	uint64_t delay, jitter;
	unsigned int several; /* one of so many records has several lines */
	bool grows;
	bool overwrites; /* the oldest records go */
};

/* Reads the records from first to end, and checks that all come. */
static void read_log(const struct weather *weather, uint64_t first,
		     uint64_t end)
{
	static struct srq_reader r;
	struct expectation e = { .number = first };
	uint64_t now = 1000 * SRQ_SECOND, began = now, until;
	enum sysrq_event_type event = 0;
	const uint8_t *request;
	uint64_t last = host.next, wanted;

	if (e.number < host.first)
		e.number = host.first;
	wanted = end < last ? end : last;
	if (wanted < e.number)
		wanted = e.number;
	srq_reader_begin(&r, &keys, host.epoch, first, end, 5 * SRQ_SECOND, now,
			 &held);
	while (event != SYSRQ_EVENT_LOG_END) {
		deliver(&r, now);
		while ((request = srq_reader_send(&r, now))) {
			unsigned int copies = 1 + (draw(20) == 0);

			while (copies--) {
				if (draw(100) >= weather->loss)
					answer(request,
					       now + weather->delay +
						       draw(weather->jitter));
			}
		}
		while ((event = srq_reader_event(&r)) == SYSRQ_EVENT_TEXT) {
			take_text(&e, r.given);
			check_text(&e, weather->overwrites);
		}
		if (weather->grows && host.next < last + 2500) {
			/* A dump comes all at once. */
			for (uint64_t n = draw(20) ? draw(2) : draw(400); n;
			     n--)
				add_record(0);
			if (weather->overwrites &&
			    host.next - host.first > RECORDS_MAX / 2)
				host.first += draw(40);
		}
		until = srq_reader_deadline(&r);
		if (next_arrival() < until)
			until = next_arrival();
		if (until > now && until != UINT64_MAX)
			now = until;
		/* Reading must end, however bad the weather is. */
		assert_true(now < began + 600 * SRQ_SECOND);
	}
	assert_int_equal(r.log.end, SYSRQ_END_CARRIED_OUT);
	assert_int_equal(e.len, 0);
	assert_int_equal(r.log.next, e.number);
	/* If records have several lines, the last text may go further. */
	if (end != UINT64_MAX && !weather->several)
		assert_int_equal(e.number, wanted);
	else
		assert_true(e.number >= wanted);
	srq_reader_free(&r);
	free(e.rest);
	memset(under_way, 0, sizeof(under_way));
}

static void make_log(const struct weather *weather, uint64_t first,
		     uint64_t count)
{
	host.first = first;
	host.next = first;
	host.epoch = 1 + draw(1000);
	while (host.next < first + count)
		add_record(weather->several && draw(weather->several) == 0
				   ? (unsigned int)draw(6)
				   : 0);
}

static void any_log_in_any_weather(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < logs; i++) {
		struct weather weather = {
			.loss = draw(2) ? 0 : draw(30),
			.delay = draw(200) * SRQ_MILLISECOND,
			.jitter = 1 + draw(3) * draw(100) * SRQ_MILLISECOND,
			.several = draw(2) ? 0 : (unsigned int)(1 + draw(30)),
		};
		uint64_t first = draw(2) ? 0 : draw(100000);

		make_log(&weather, first, draw(10) ? draw(2500) : draw(3));
		read_log(&weather, draw(2) ? 0 : first + draw(3000),
			 draw(2) ? UINT64_MAX : first + draw(3000));
	}
}

static void log_that_goes_on(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < logs / 4; i++) {
		struct weather weather = {
			.loss = draw(25),
			.delay = 20 * SRQ_MILLISECOND,
			.jitter = 1 + draw(20) * SRQ_MILLISECOND,
			.grows = true,
			.overwrites = draw(2),
		};

		make_log(&weather, 1, 100 + draw(2500));
		read_log(&weather, 0,
			 weather.overwrites ? host.next : UINT64_MAX);
	}
}

/* The host does not answer. Reading ends when its time is over, not before. */
static void silence(void **state)
{
	static struct srq_reader r;
	uint64_t now = SRQ_SECOND;
	unsigned int sent = 0;

	(void)state;
	srq_reader_begin(&r, &keys, 1, 0, UINT64_MAX, 5 * SRQ_SECOND, now,
			 &held);
	while (!srq_reader_ended(&r)) {
		while (srq_reader_send(&r, now))
			sent++;
		if (!srq_reader_ended(&r))
			now = srq_reader_deadline(&r);
	}
	assert_int_equal(r.log.end, SYSRQ_END_LOST);
	assert_int_equal(now, 6 * SRQ_SECOND);
	assert_in_range(sent, 8, 14);
	assert_int_equal(srq_reader_event(&r), SYSRQ_EVENT_LOG_END);
	assert_int_equal(srq_reader_event(&r), 0);
	srq_reader_free(&r);
}

static void reply(struct srq_reader *r, uint8_t code,
		  const struct srq_logdata *data)
{
	uint8_t body[SRQ_LONG_BODY];

	srq_write_logdata(body, sizeof(body), r->parts[0].id, code, data);
	srq_reader_receive(r, 2 * SRQ_SECOND, body);
}

static struct srq_reader *asked(void)
{
	static struct srq_reader r;

	srq_reader_begin(&r, &keys, 1, 10, UINT64_MAX, 5 * SRQ_SECOND,
			 SRQ_SECOND, &held);
	assert_non_null(srq_reader_send(&r, SRQ_SECOND));
	return &r;
}

static void refusal(void **state)
{
	struct srq_reader *r = asked();
	const struct srq_logdata none = { .epoch = 1, .first = 10, .next = 10 };

	(void)state;
	reply(r, SRQ_NOT_LOG, &none);
	assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_LOG_END);
	assert_int_equal(r->log.end, SYSRQ_END_REFUSED);
	assert_int_equal(r->log.refusal, SYSRQ_REFUSED_LOG);
	srq_reader_free(r);
}

/* Between two replies the host restarts, or sets the key anew. */
static void another_epoch(void **state)
{
	static const uint8_t codes[] = { SRQ_OK, SRQ_TEXT_CUT, SRQ_WRONG_EPOCH,
					 SRQ_NOT_LOG };

	(void)state;
	for (size_t i = 0; i < sizeof(codes); i++) {
		struct srq_reader *r = asked();
		struct srq_logdata data = {
			.epoch = 1,
			.first = 10,
			.next = 11,
			.log_next = 12,
			.text = "<6>[ ] a\n",
			.text_len = 9,
		};

		reply(r, SRQ_OK, &data);
		assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_TEXT);
		assert_non_null(srq_reader_send(r, 2 * SRQ_SECOND));
		data.epoch = 2;
		data.first = 11;
		data.next = 12;
		reply(r, codes[i], &data);
		assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_LOG_END);
		assert_int_equal(r->log.end, SYSRQ_END_RESTARTED);
		assert_int_equal(r->log.next, 11);
		srq_reader_free(r);
	}
}

/* The host restarts after its status and before the first request. */
static void another_epoch_at_once(void **state)
{
	struct srq_reader *r = asked();
	const struct srq_logdata none = { .epoch = 2, .first = 10, .next = 10 };

	(void)state;
	reply(r, SRQ_WRONG_EPOCH, &none);
	assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_LOG_END);
	assert_int_equal(r->log.end, SYSRQ_END_RESTARTED);
	srq_reader_free(r);
}

static void reply_to(struct srq_reader *r, uint64_t id,
		     const struct srq_logdata *data)
{
	uint8_t body[SRQ_LONG_BODY];

	srq_write_logdata(body, sizeof(body), id, SRQ_OK, data);
	srq_reader_receive(r, 2 * SRQ_SECOND, body);
}

/*
 * The reply for the last part says that the log ends there. It comes late:
 * after a newer reply which says that the log goes on. So the rest of that part
 * must still be read.
 */
static void late_end(void **state)
{
	static char lines[10 * 9 + 1] = "<6>[ ] a\n<6>[ ] a\n<6>[ ] a\n"
					"<6>[ ] a\n<6>[ ] a\n<6>[ ] a\n"
					"<6>[ ] a\n<6>[ ] a\n<6>[ ] a\n"
					"<6>[ ] a\n";
	struct srq_reader *r = asked();
	struct srq_logdata data = {
		.epoch = 1,
		.first = 10,
		.next = 20,
		.log_next = 200,
		.text = lines,
		.text_len = 90,
	};
	const struct srq_part *last;
	uint64_t id, pos;
	bool covered = false;

	(void)state;
	reply_to(r, r->parts[0].id, &data);
	while (srq_reader_send(r, 2 * SRQ_SECOND))
		;
	assert_true(r->count > 1);
	last = &r->parts[r->count - 1];
	id = last->id;
	pos = last->pos;

	data.first = 20;
	data.next = 30;
	data.log_next = 5000;
	reply_to(r, r->parts[0].id, &data);
	data.first = pos;
	data.next = pos + 10;
	data.log_next = pos + 10;
	reply_to(r, id, &data);
	for (unsigned int i = 0; i < r->count; i++)
		covered = covered || (r->parts[i].pos == pos + 10 &&
				      r->parts[i].end > pos + 10);
	assert_true(covered);
	srq_reader_free(r);
}

/* A host that lies about the next record cannot make us ask for ever. */
static void nonsense(void **state)
{
	static const struct srq_logdata lies[] = {
		{ .epoch = 1, .first = 9, .next = 12, .log_next = 20 },
		{ .epoch = 1, .first = 10, .next = 10, .log_next = 20 },
		{ .epoch = 1, .first = 12, .next = 11, .log_next = 20 },
	};
	struct srq_reader *r;

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		r = asked();
		reply(r, SRQ_OK, &lies[i]);
		assert_int_equal(srq_reader_event(r), 0);
		assert_false(srq_reader_ended(r));
		assert_null(srq_reader_send(r, SRQ_SECOND + SRQ_MILLISECOND));
		srq_reader_free(r);
	}
}

/* Answers without text, or without an end, gain no time. */
static void for_ever(void **state)
{
	static const struct srq_logdata lies[] = {
		{ .epoch = 1, .first = 0, .next = 1, .log_next = UINT64_MAX },
		{ .epoch = 1, .first = 0, .next = 0, .log_next = 0 },
		{ .epoch = 1, .first = 0, .next = 0, .log_next = UINT64_MAX },
	};
	uint8_t body[SRQ_LONG_BODY];

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct srq_reader *r = asked();
		uint64_t now = SRQ_SECOND;

		for (int n = 0; n < 1000 && !srq_reader_ended(r); n++) {
			struct srq_logdata lie = lies[i];

			if (lie.next)
				lie.first += r->parts[0].pos;
			lie.next += lie.first;
			srq_write_logdata(body, sizeof(body), r->parts[0].id,
					  SRQ_OK, &lie);
			srq_reader_receive(r, now, body);
			while (srq_reader_send(r, now))
				;
			if (!srq_reader_ended(r))
				now = srq_reader_deadline(r);
		}
		assert_int_equal(r->log.end, SYSRQ_END_LOST);
		assert_int_equal(now, 6 * SRQ_SECOND);
		srq_reader_free(r);
		assert_int_equal(held, 0);
	}
}

/*
 * A host sends a record before each timeout, and has always one more. It is given
 * the time of SYSRQ_LOG_TIMEOUTS timeouts, and that in which this program slept.
 */
static void drop_by_drop(void **state)
{
	struct srq_logdata data = { .epoch = 1,
				    .log_next = UINT64_MAX,
				    .text = "<6>[ ] a\n",
				    .text_len = 9 };
	struct srq_reader *r = asked();
	uint64_t now = SRQ_SECOND, slept = 7 * SRQ_SECOND;
	uint8_t body[SRQ_LONG_BODY];

	(void)state;
	srq_reader_late(r, slept);
	for (int n = 0; n < 1000 && !srq_reader_ended(r); n++) {
		data.first = r->parts[0].pos;
		data.next = data.first + 1;
		srq_write_logdata(body, sizeof(body), r->parts[0].id, SRQ_OK,
				  &data);
		srq_reader_receive(r, now, body);
		assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_TEXT);
		now += 4 * SRQ_SECOND;
		if (now > r->stalled)
			now = r->stalled;
		assert_true(srq_reader_deadline(r) <= now);
		while (srq_reader_send(r, now))
			;
	}
	assert_int_equal(r->log.end, SYSRQ_END_STALLED);
	assert_int_equal(now, SRQ_SECOND + slept +
				      SYSRQ_LOG_TIMEOUTS * 5 * SRQ_SECOND);
	srq_reader_free(r);
}

/* The readers of all hosts together hold a limited amount of text. */
static void much_text(void **state)
{
	static struct srq_reader readers[4];
	static char line[1000];
	uint8_t body[SRQ_LONG_BODY];
	struct srq_logdata data = { .epoch = 1,
				    .log_next = UINT64_MAX,
				    .text = line,
				    .text_len = sizeof(line) };

	(void)state;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	for (int i = 0; i < 4; i++) {
		struct srq_reader *r = &readers[i];

		srq_reader_begin(r, &keys, 1, 10, UINT64_MAX, 5 * SRQ_SECOND,
				 SRQ_SECOND, &held);
		for (int n = 0; n < 10000; n++) {
			const struct srq_part *part;

			while (srq_reader_send(r, SRQ_SECOND))
				;
			/* The first part waits once there are others. */
			part = &r->parts[r->count > 1];
			data.first = part->pos;
			data.next = part->pos + 1;
			srq_write_logdata(body, sizeof(body), part->id, SRQ_OK,
					  &data);
			srq_reader_receive(r, SRQ_SECOND, body);
		}
	}
	assert_in_range(held, 8 << 20, 9 << 20);
	for (int i = 0; i < 4; i++)
		srq_reader_free(&readers[i]);
	assert_int_equal(held, 0);
}

static void cut_record(void **state)
{
	struct srq_reader *r = asked();
	const struct srq_logdata data = {
		.epoch = 1,
		.first = 10,
		.next = 11,
		.log_next = 11,
		.text = "<6>[ ] ab",
		.text_len = 9,
	};

	(void)state;
	reply(r, SRQ_TEXT_CUT, &data);
	assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_TEXT);
	assert_int_equal(r->given->len, 10);
	assert_memory_equal(r->given->text, "<6>[ ] ab\n", 10);
	assert_int_equal(srq_reader_event(r), SYSRQ_EVENT_LOG_END);
	assert_int_equal(r->log.cut, 1);
	assert_int_equal(r->log.next, 11);
	srq_reader_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_log_in_any_weather),
		cmocka_unit_test(log_that_goes_on),
		cmocka_unit_test(silence),
		cmocka_unit_test(refusal),
		cmocka_unit_test(another_epoch),
		cmocka_unit_test(another_epoch_at_once),
		cmocka_unit_test(late_end),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(for_ever),
		cmocka_unit_test(drop_by_drop),
		cmocka_unit_test(much_text),
		cmocka_unit_test(cut_record),
	};

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		logs = strtoul(argv[2], NULL, 0);
	if (sodium_init() < 0)
		return 1;
	randombytes_buf(&keys, sizeof(keys));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
