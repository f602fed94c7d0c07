// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of a log, with replies of a host that means no good: it has a key,
 * and says what it likes. The reader must stay in order, give out whole lines,
 * and come to an end when the host falls silent.
 */
#include "tests/fuzz/fuzz.h"
#include "lib/reader.h"
#include "lib/session.h"

static const struct srq_keys keys;

static void check(const struct srq_reader *r)
{
	assert(r->count <= SRQ_PARTS_MAX);
	for (unsigned int i = 0; i + 1 < r->count; i++) {
		assert(r->parts[i].pos < r->parts[i].end);
		assert(r->parts[i].end <= r->parts[i + 1].pos);
	}
}

static bool take_events(struct srq_reader *r)
{
	enum sysrq_event_type event;

	while ((event = srq_reader_event(r)) == SYSRQ_EVENT_TEXT) {
		assert(r->given->len > 0);
		assert(r->given->text[r->given->len - 1] == '\n');
	}
	return event == SYSRQ_EVENT_LOG_END;
}

/* Near where it matters, or anywhere. */
static uint64_t take_number(struct input *in, uint64_t near)
{
	uint8_t how = (uint8_t)take(in, 1);

	return how < 250 ? near + how % 32 - 4 : take(in, 8);
}

static void make_reply(struct srq_reader *r, struct input *in, uint64_t now)
{
	static const uint8_t codes[] = { SRQ_OK, SRQ_OK, SRQ_OK, SRQ_TEXT_CUT,
					 SRQ_NOT_LOG };
	const struct srq_part *part = &r->parts[take(in, 1) % r->count];
	uint8_t body[SRQ_LONG_BODY], text[SRQ_LOGDATA_TEXT_MAX];
	struct srq_logdata data = { .epoch = take(in, 1) > 250 };
	uint8_t code = codes[take(in, 1) % sizeof(codes)];

	data.first = take_number(in, part->pos);
	data.next = take_number(in, data.first);
	data.log_next = take_number(in, data.next);
	data.text_len = take(in, 2) % (sizeof(text) + 1);
	take_bytes(in, text, data.text_len);
	/* Lines of a length that the fuzzer need not find out */
	for (size_t i = 7; i < data.text_len; i += 8)
		text[i] = '\n';
	data.text = (const char *)text;
	srq_write_logdata(body, sizeof(body), part->id, code, &data);
	srq_reader_receive(r, now, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct srq_reader r;
	static size_t held;
	struct input in = { data, size };
	uint64_t now = SRQ_SECOND, limit;
	uint64_t first = take_number(&in, 10), end = take_number(&in, 200);
	bool ended = false;

	srq_reader_begin(&r, &keys, 0, first, end, 5 * SRQ_SECOND, now, &held);
	while (in.left && !ended) {
		now += take(&in, 1) * SRQ_MILLISECOND;
		while (srq_reader_send(&r, now))
			;
		if (!srq_reader_ended(&r) && r.count)
			make_reply(&r, &in, now);
		check(&r);
		ended = take_events(&r);
	}
	limit = now + 6 * SRQ_SECOND;
	while (!ended) {
		while (srq_reader_send(&r, now))
			;
		ended = take_events(&r);
		if (!ended)
			now = srq_reader_deadline(&r);
		assert(ended || now <= limit);
	}
	srq_reader_free(&r);
	assert(!held);
	return 0;
}
