// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

#include "lib/random.h"
#include "lib/reader.h"
#include "lib/session.h"

/* A part is cut only into parts of PART_REPLIES replies at least. */
enum { WINDOW_FIRST = 8, WINDOW_LEAST = 2, PART_REPLIES = 3 };

/* The text of later parts waits for the first one. All bad hosts together must not
 * use up our memory by holding the first part back. */
static const size_t held_most = 8 << 20;

/* Resending: RFC 6298, but with a shorter least time. */
static const uint64_t resend_first = 300 * SRQ_MILLISECOND;
static const uint64_t resend_least = 50 * SRQ_MILLISECOND;
static const uint64_t resend_most = SRQ_SECOND / 2;
static const uint64_t clock_granularity = 10 * SRQ_MILLISECOND;

void srq_reader_begin(struct srq_reader *r, const struct srq_keys *keys,
		      uint64_t epoch, uint64_t first, uint64_t end,
		      uint64_t timeout, uint64_t now, size_t *held)
{
	memset(r, 0, sizeof(*r));
	r->held = held;
	r->keys = keys;
	r->epoch = epoch;
	r->timeout = timeout;
	r->heard = now;
	r->stalled = now + SYSRQ_LOG_TIMEOUTS * timeout;
	r->window = WINDOW_FIRST;
	r->log.next = first;
	r->count = 1;
	r->parts[0].pos = first;
	r->parts[0].end = end;
	r->parts[0].due = now;
}

/* Takes the first text off a part. */
static struct srq_chunk *take_chunk(struct srq_reader *r, struct srq_part *part)
{
	struct srq_chunk *last = part->texts, *chunk;

	if (!last)
		return NULL;
	chunk = last->next;
	last->next = chunk->next;
	if (chunk == last)
		part->texts = NULL;
	*r->held -= sizeof(*chunk);
	return chunk;
}

static void free_chunks(struct srq_reader *r, struct srq_part *part)
{
	struct srq_chunk *chunk;

	while ((chunk = take_chunk(r, part)))
		free(chunk);
}

void srq_reader_free(struct srq_reader *r)
{
	for (unsigned int i = 0; i < r->count; i++)
		free_chunks(r, &r->parts[i]);
	r->count = 0;
	free(r->given);
	r->given = NULL;
}

/* The copy shows the proof that the two do not overlap. */
static void move_part(struct srq_reader *r, unsigned int to, unsigned int from)
{
	struct srq_part part = r->parts[from];

	r->parts[to] = part;
}

static void insert_part(struct srq_reader *r, unsigned int at)
{
	for (unsigned int i = r->count; i > at; i--)
		move_part(r, i, i - 1);
	r->count++;
	memset(&r->parts[at], 0, sizeof(r->parts[at]));
}

static void remove_part(struct srq_reader *r, unsigned int at)
{
	free_chunks(r, &r->parts[at]);
	for (unsigned int i = at; i + 1 < r->count; i++)
		move_part(r, i, i + 1);
	r->count--;
}

/* Returns how many records of the part the host has, as far as is known. */
static uint64_t left(const struct srq_reader *r, const struct srq_part *part)
{
	uint64_t end = part->end < r->log_end ? part->end : r->log_end;

	return end > part->pos ? end - part->pos : 0;
}

static bool finished(const struct srq_part *part)
{
	return part->pos >= part->end;
}

/* A finished part is merged into the next one, so only the last one stays. */
static bool all_finished(const struct srq_reader *r)
{
	return !r->count || (r->count == 1 && finished(&r->parts[0]));
}

/* Cuts the largest part, until there are as many parts as requests may be. */
static void cut_parts(struct srq_reader *r, uint64_t now)
{
	while (r->count < SRQ_PARTS_MAX) {
		struct srq_part *part, *new;
		unsigned int largest = 0;
		uint64_t most = 0;

		for (unsigned int i = 0; i < r->count; i++) {
			if (left(r, &r->parts[i]) > most) {
				most = left(r, &r->parts[i]);
				largest = i;
			}
		}
		if (!most || most / (2 * PART_REPLIES) < r->average)
			return;
		insert_part(r, largest + 1);
		part = &r->parts[largest];
		new = &r->parts[largest + 1];
		new->pos = part->pos + most / 2;
		new->end = part->end;
		new->due = now;
		part->end = new->pos;
	}
}

static void end(struct srq_reader *r, enum sysrq_end how)
{
	/* Behind the first part there is a gap. */
	while (r->count > 1)
		remove_part(r, r->count - 1);
	r->log.end = how;
}

static uint64_t resend_after(const struct srq_reader *r, unsigned int tries)
{
	uint64_t wait = resend_first;

	if (r->srtt) {
		wait = 4 * r->rttvar > clock_granularity ? 4 * r->rttvar
							 : clock_granularity;
		wait += r->srtt;
	}
	if (wait < resend_least)
		wait = resend_least;
	for (unsigned int i = 1; i < tries && wait < resend_most; i++)
		wait *= 2;
	return wait < resend_most ? wait : resend_most;
}

/* A malicious host may send its log drop by drop, and without an end. */
static uint64_t expires(const struct srq_reader *r)
{
	return srq_earlier(r->heard + r->timeout, r->stalled);
}

const uint8_t *srq_reader_send(struct srq_reader *r, uint64_t now)
{
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];
	unsigned int under_way = 0;
	struct srq_log log = { .epoch = r->epoch };

	if (srq_reader_ended(r) || all_finished(r))
		return NULL;
	if (now >= expires(r)) {
		end(r, now >= r->stalled ? SYSRQ_END_STALLED : SYSRQ_END_LOST);
		return NULL;
	}
	for (unsigned int i = 0; i < r->count; i++) {
		struct srq_part *part = &r->parts[i];

		if (finished(part))
			continue;
		if (++under_way > r->window)
			return NULL;
		if (part->due > now)
			continue;
		if (!part->tries++)
			part->id = srq_random64();
		else if (now >= part->sent + resend_after(r, 1) &&
			 r->window > WINDOW_LEAST)
			r->window--;
		part->sent = now;
		part->due = now + resend_after(r, part->tries);
		log.first = part->pos;
		srq_write_log(srq_datagram_body(r->datagram), SRQ_LONG_BODY,
			      part->id, &log);
		randombytes_buf(nonce, sizeof(nonce));
		srq_datagram_seal(r->datagram, SRQ_LONG, r->keys->id,
				  r->keys->request, nonce);
		return r->datagram;
	}
	return NULL;
}

uint64_t srq_reader_deadline(const struct srq_reader *r)
{
	uint64_t first = expires(r);
	unsigned int under_way = 0;

	if (srq_reader_ended(r) || all_finished(r))
		return SRQ_NEVER;
	for (unsigned int i = 0; i < r->count; i++) {
		if (finished(&r->parts[i]))
			continue;
		if (++under_way > r->window)
			break;
		if (r->parts[i].due < first)
			first = r->parts[i].due;
	}
	return first;
}

/* RFC 6298, 2.2 and 2.3. The request was sent once (3, Karn's algorithm). */
static void measure(struct srq_reader *r, uint64_t rtt)
{
	uint64_t off = rtt > r->srtt ? rtt - r->srtt : r->srtt - rtt;

	if (!r->srtt) {
		r->srtt = rtt ? rtt : 1;
		r->rttvar = rtt / 2;
	} else {
		r->rttvar = (3 * r->rttvar + off) / 4;
		r->srtt = (7 * r->srtt + rtt) / 8;
	}
}

/*
 * A request has an answer. Requests that were sent well before it are lost, so
 * they are sent again before their time (the idea of RFC 8985).
 */
static void resend_overtaken(struct srq_reader *r, uint64_t sent, uint64_t now)
{
	uint64_t margin = r->srtt / 4 > 5 * SRQ_MILLISECOND
				  ? r->srtt / 4
				  : 5 * SRQ_MILLISECOND;

	for (unsigned int i = 0; i < r->count; i++) {
		struct srq_part *part = &r->parts[i];

		if (!finished(part) && part->tries &&
		    part->sent + margin < sent)
			part->due = now;
	}
}

/* Returns the length of the first lines of a text, of one line at least. */
static size_t length_of_lines(const char *text, size_t len, uint64_t lines)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && !--lines)
			return i + 1;
	}
	return len;
}

static uint64_t count_lines(const char *text, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

/*
 * A reply may go on beyond the end of its part. If each record is one line, the
 * lines beyond the end are left out. Else it is not clear which line begins a
 * record, so the part takes over the records of the next parts.
 */
static void trim(struct srq_reader *r, unsigned int at,
		 struct srq_logdata *data)
{
	struct srq_part *part = &r->parts[at];

	if (data->next <= part->end)
		return;
	if (count_lines(data->text, data->text_len) ==
	    data->next - data->first) {
		data->text_len = length_of_lines(data->text, data->text_len,
						 part->end - data->first);
		data->next = part->end;
		return;
	}
	while (part->end < data->next && at + 1 < r->count) {
		part->end = r->parts[at + 1].end;
		remove_part(r, at + 1);
	}
}

static bool keep(struct srq_reader *r, struct srq_part *part,
		 const struct srq_logdata *data)
{
	/* A record that was cut may have no newline. */
	bool whole = data->text[data->text_len - 1] == '\n';
	struct srq_chunk *chunk = malloc(sizeof(*chunk));

	if (!chunk)
		return false;
	chunk->len = data->text_len + !whole;
	memcpy(chunk->text, data->text, data->text_len);
	chunk->text[chunk->len - 1] = '\n';
	part->texts = srq_chunks_append(part->texts, chunk);
	*r->held += sizeof(*chunk);
	return true;
}

/* Returns false if there is no memory: the reply counts as lost. */
static bool take(struct srq_reader *r, unsigned int at,
		 struct srq_logdata *data, bool cut)
{
	struct srq_part *part = &r->parts[at];
	uint64_t gap_end = data->first < part->end ? data->first : part->end;

	if (data->first >= part->end) { /* the whole part is overwritten */
		data->text_len = 0;
		data->next = part->end;
		cut = false;
	}
	if (data->next > data->first)
		r->average = data->next - data->first;
	trim(r, at, data);
	if (data->text_len) {
		if ((at > 0 && *r->held > held_most) || !keep(r, part, data))
			return false;
	}
	/* A request for record 0 asks for the oldest one. */
	if (gap_end > part->pos && part->pos)
		r->log.missed += gap_end - part->pos;
	r->log.cut += cut;
	part->pos = data->next;
	return true;
}

/* Does the reply get on, or say that there is no more? A record has a text. */
static bool plausible(const struct srq_part *part,
		      const struct srq_logdata *data)
{
	return data->first >= part->pos &&
	       ((data->next > data->first && data->text_len) ||
		(data->next == data->first && !data->text_len &&
		 data->next >= data->log_next));
}

/* Puts the text of a finished part before the text of the next part. */
static void merge(struct srq_reader *r, unsigned int at)
{
	struct srq_part *part = &r->parts[at];

	if (!finished(part) || at + 1 >= r->count)
		return;
	r->parts[at + 1].texts =
		srq_chunks_join(part->texts, r->parts[at + 1].texts);
	part->texts = NULL;
	remove_part(r, at);
}

static void on_logdata(struct srq_reader *r, uint64_t now, unsigned int at,
		       struct srq_logdata *data, bool cut)
{
	struct srq_part *part = &r->parts[at];
	bool drained;

	if (!plausible(part, data) || !take(r, at, data, cut))
		return;
	r->heard = now;
	if (part->tries == 1) {
		measure(r, now - part->sent);
		resend_overtaken(r, part->sent, now);
	}
	if (data->log_next > r->log_end)
		r->log_end = data->log_next;
	/* Replies may overtake each other, and an older one knows less. */
	drained = data->next >= r->log_end;
	if (drained && part->end > part->pos)
		part->end = part->pos;
	part->tries = 0;
	part->due = now;
	if (r->window < SRQ_PARTS_MAX)
		r->window++;
	merge(r, at);
	cut_parts(r, now);
}

void srq_reader_receive(struct srq_reader *r, uint64_t now, const uint8_t *body)
{
	struct srq_logdata data;
	struct srq_header header;
	unsigned int at = 0;

	if (srq_reader_ended(r) ||
	    !srq_read_header(body, SRQ_LONG_BODY, &header) ||
	    header.type != SRQ_LOGDATA ||
	    !srq_read_logdata(body, SRQ_LONG_BODY, &data))
		return;
	while (at < r->count &&
	       (finished(&r->parts[at]) || !r->parts[at].tries ||
		r->parts[at].id != header.id))
		at++;
	if (at >= r->count)
		return;
	if (data.epoch != r->epoch) {
		end(r, SYSRQ_END_RESTARTED);
	} else if (header.code != SRQ_OK && header.code != SRQ_TEXT_CUT) {
		r->log.refusal = header.code;
		end(r, SYSRQ_END_REFUSED);
	} else {
		on_logdata(r, now, at, &data, header.code == SRQ_TEXT_CUT);
	}
}

enum sysrq_event_type srq_reader_event(struct srq_reader *r)
{
	free(r->given);
	r->given = NULL;
	while (r->count) {
		struct srq_part *first = &r->parts[0];

		r->given = take_chunk(r, first);
		if (r->given)
			return SYSRQ_EVENT_TEXT;
		r->log.next = first->pos;
		if (!finished(first) && !srq_reader_ended(r))
			return 0;
		remove_part(r, 0);
	}
	if (!srq_reader_ended(r))
		r->log.end = SYSRQ_END_CARRIED_OUT;
	if (r->end_told)
		return 0;
	r->end_told = true;
	return SYSRQ_EVENT_LOG_END;
}
