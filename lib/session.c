// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sodium.h>

#include "core/letter.h"
#include "lib/session.h"
#include "lib/session_internal.h"

/* How long a command in session may be under way before it is void. */
static const uint64_t command_life = 30 * SRQ_SECOND;

/* Pauses between rounds; the last one from then on. */
static const uint64_t pauses[] = { 100 * SRQ_MILLISECOND, 200 * SRQ_MILLISECOND,
				   400 * SRQ_MILLISECOND,
				   500 * SRQ_MILLISECOND };

static const uint64_t one_way_pause = 1 * SRQ_SECOND;
static const uint64_t one_way_listen =
	1 * SRQ_SECOND; /* after the second copy */

/* An error counts so long; a neighbour's silence gives one every 3 s. */
static const uint64_t error_life = 2500 * SRQ_MILLISECOND;

/* All addresses refusing the port: no need to wait out the timeout. */
static const uint64_t closed_after = 1 * SRQ_SECOND;
enum { CLOSED_TRIES = 3 };

/*
 * A host that falls silent half way may answer again at the end of its run, but
 * with the long waits of a recipe nobody would wait for that.
 */
static const uint64_t silence_most = 60 * SRQ_SECOND;

/* The silence after b, c or o that says that the host has gone. */
static const uint64_t gone_after = 1 * SRQ_SECOND;
static const uint64_t gone_pause = 200 * SRQ_MILLISECOND;
static const uint64_t gone_last_chance = 100 * SRQ_MILLISECOND;
enum { GONE_POLLS = 6 };

/*
 * Before such a key the host waits for the end of the step before it to be
 * asked for, but not long: several polls must fit in.
 */
static const uint64_t last_pause = 100 * SRQ_MILLISECOND;

/* So soon after a step's wait is over its end is asked for. */
static const uint64_t poll_margin = 20 * SRQ_MILLISECOND;

static uint64_t random64(void)
{
	uint64_t v;

	randombytes_buf(&v, sizeof(v));
	return v;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t srq_session_real_time(const struct srq_session *s, uint64_t now)
{
	return now + (uint64_t)s->real_offset;
}

void srq_session_end(struct srq_session *s, enum sysrq_end how)
{
	s->phase = SRQ_PHASE_ENDED;
	s->end = how;
	s->next_send = SRQ_NEVER;
	s->news |= NEWS_END;
}

static void seal(struct srq_session *s)
{
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	randombytes_buf(nonce, sizeof(nonce));
	srq_datagram_seal(s->datagram, SRQ_SHORT, s->ask->keys.id,
			  s->ask->keys.request, nonce);
}

static void seal_hello(struct srq_session *s)
{
	srq_write_hello(srq_datagram_body(s->datagram), SRQ_SHORT_BODY, s->id);
	seal(s);
}

/* address: where to, for a one-way command; in session it names none. */
static void seal_command(struct srq_session *s, const uint8_t *address)
{
	struct srq_command command = {
		.order = s->order,
		.count = s->ask->count,
	};

	memcpy(command.steps, s->ask->steps, sizeof(command.steps));
	if (address) {
		memcpy(command.address, address, SRQ_ADDRESS_LEN);
	} else {
		command.epoch = s->status.epoch;
		command.deadline = s->status.boot_time + command_life;
	}
	srq_write_command(srq_datagram_body(s->datagram), SRQ_SHORT_BODY, s->id,
			  &command);
	seal(s);
}

void srq_session_ask(struct srq_session *s, enum srq_phase phase, uint64_t now)
{
	s->phase = phase;
	s->id = random64();
	s->began = now;
	s->ends = now + s->ask->timeout;
	s->next_send = now;
	s->backoff = 0;
	s->cursor = s->from;
	s->first_copy = s->copy;
	s->refused_copies = 0;
	s->unsent = 0;
	s->code = SRQ_OK;
	if (phase == SRQ_PHASE_HELLO)
		return;
	srq_track_begin(&s->track, s->ask->steps, s->ask->count, now);
}

void srq_session_command(struct srq_session *s, uint64_t now)
{
	srq_session_ask(s, SRQ_PHASE_COMMAND, now);
	s->order = s->status.sequence + 1;
	seal_command(s, NULL);
}

static void begin_one_way(struct srq_session *s, uint64_t now)
{
	srq_session_ask(s, SRQ_PHASE_ONE_WAY, now);
	s->one_way = true;
	s->order = srq_session_real_time(s, now);
	s->ends = now + one_way_pause + one_way_listen;
}

void srq_session_settle(struct srq_session *s, uint8_t address)
{
	s->address = address;
	s->from = address;
	s->to = address + 1;
	s->cursor = address;
}

void srq_session_begin(struct srq_session *s, const struct srq_ask *ask,
		       uint64_t now, uint64_t real)
{
	memset(s, 0, sizeof(*s));
	s->ask = ask;
	s->real_offset = (int64_t)(real - now);
	s->to = ask->address_count;
	if (ask->way == SYSRQ_WAY_ONE_WAY)
		begin_one_way(s, now);
	else
		srq_session_ask(s, SRQ_PHASE_HELLO, now);
}

static bool none_can_be_sent(const struct srq_session *s)
{
	for (uint8_t i = s->from; i < s->to; i++) {
		if (!s->reach[i].local)
			return false;
	}
	return true;
}

static bool recent(const struct srq_reach *reach, uint64_t now)
{
	return reach->when && now <= reach->when + error_life;
}

/* At least tries times refused by each address that we can send to at all. */
static bool all_refuse(const struct srq_session *s, uint64_t now,
		       unsigned int tries)
{
	bool any = false;

	for (uint8_t i = s->from; i < s->to; i++) {
		if (s->reach[i].refused >= tries && recent(&s->reach[i], now))
			any = true;
		else if (!s->reach[i].local)
			return false;
	}
	return any;
}

/* Does every address give errors now, of whatever kind? */
static bool all_err(const struct srq_session *s, uint64_t now)
{
	for (uint8_t i = s->from; i < s->to; i++) {
		if (!recent(&s->reach[i], now))
			return false;
	}
	return true;
}

static void hello_expired(struct srq_session *s, uint64_t now)
{
	bool refused = false;

	for (uint8_t i = s->from; i < s->to; i++)
		refused = refused || s->reach[i].refused;

	if (all_err(s, now)) {
		srq_session_end(s, refused ? SYSRQ_END_CLOSED
					   : SYSRQ_END_UNREACHABLE);
	} else if (s->ask->way == SYSRQ_WAY_SESSION || !s->ask->count) {
		srq_session_end(s, SYSRQ_END_SILENT);
	} else {
		s->news |= NEWS_ONE_WAY;
		begin_one_way(s, now);
	}
}

static unsigned int copies_refused(const struct srq_session *s)
{
	unsigned int n = 0;

	for (uint64_t bits = s->refused_copies; bits; bits &= bits - 1)
		n++;
	return n;
}

bool srq_session_surely_refused(const struct srq_session *s)
{
	return copies_refused(s) + s->unsent == s->copy - s->first_copy;
}

static bool none_was_sent(const struct srq_session *s)
{
	return s->unsent == s->copy - s->first_copy;
}

static void one_way_expired(struct srq_session *s)
{
	if (none_was_sent(s))
		srq_session_end(s, SYSRQ_END_UNREACHABLE);
	else
		srq_session_lost(s, SYSRQ_END_SENT);
}

bool srq_session_ending(const struct srq_session *s)
{
	const struct srq_step *step = srq_track_step(&s->track);

	return step && srq_letter_ends_host(step->letter);
}

/* Does the step after the current one end the host? */
static bool ends_next(const struct srq_session *s)
{
	const struct srq_track *track = &s->track;
	int next = track->current + 1;

	return next < track->count &&
	       srq_letter_ends_host(track->steps[next].letter);
}

static uint64_t run_expires(const struct srq_session *s)
{
	uint64_t heard = s->heard + s->late, gone = heard + gone_after;

	if (!srq_session_ending(s))
		return heard +
		       earlier(srq_track_remaining(&s->track), silence_most) +
		       s->ask->timeout;
	if (s->unanswered < GONE_POLLS)
		return SRQ_NEVER;
	if (gone < s->last_sent + gone_last_chance)
		gone = s->last_sent + gone_last_chance;
	return gone;
}

void srq_session_host_gone(struct srq_session *s)
{
	srq_track_close(&s->track, SYSRQ_FATE_ACCEPTED, SYSRQ_FATE_NOT_REACHED);
	srq_session_end(s, SYSRQ_END_CARRIED_OUT);
}

void srq_session_lost(struct srq_session *s, enum sysrq_end how)
{
	srq_track_close(&s->track, SYSRQ_FATE_SENT, SYSRQ_FATE_SENT);
	srq_session_end(s, how);
}

static void expire(struct srq_session *s, uint64_t now)
{
	switch (s->phase) {
	case SRQ_PHASE_HELLO:
		if (now >= s->began + closed_after &&
		    all_refuse(s, now, CLOSED_TRIES))
			srq_session_end(s, SYSRQ_END_CLOSED);
		else if (now >= s->ends)
			hello_expired(s, now);
		break;
	case SRQ_PHASE_COMMAND:
		if (now >= s->ends)
			srq_session_lost(s, SYSRQ_END_MAYBE);
		break;
	case SRQ_PHASE_ONE_WAY:
		if (now >= s->ends)
			one_way_expired(s);
		break;
	case SRQ_PHASE_RUN:
		if (now < run_expires(s))
			break;
		if (srq_session_ending(s))
			srq_session_host_gone(s);
		else
			srq_session_lost(s, SYSRQ_END_LOST);
		break;
	case SRQ_PHASE_ENDED:
		break;
	}
}

void srq_session_schedule(struct srq_session *s, uint64_t now)
{
	size_t last = sizeof(pauses) / sizeof(pauses[0]) - 1;
	const struct srq_step *step = srq_track_step(&s->track);
	uint64_t over, pause;

	if (s->phase == SRQ_PHASE_ONE_WAY) {
		s->next_send = s->backoff++ ? SRQ_NEVER : now + one_way_pause;
		return;
	}
	pause = pauses[s->backoff < last ? s->backoff : last];
	if (s->phase == SRQ_PHASE_RUN && srq_session_ending(s))
		pause = gone_pause;
	else if (s->phase == SRQ_PHASE_RUN && ends_next(s))
		pause = last_pause;
	s->next_send = now + pause;
	s->backoff++;
	if (s->phase != SRQ_PHASE_RUN || !step)
		return;
	/* An end that can be foreseen is worth a poll of its own. */
	over = s->track.began + step->wait_ms * SRQ_MILLISECOND + poll_margin;
	if (over > now)
		s->next_send = earlier(s->next_send, over);
}

bool srq_session_send(struct srq_session *s, uint64_t now,
		      struct srq_outgoing *out)
{
	expire(s, now);
	if (now < s->next_send || srq_session_ended(s))
		return false;

	if (s->phase == SRQ_PHASE_HELLO)
		seal_hello(s);
	else if (s->one_way)
		seal_command(s, s->ask->addresses[s->cursor]);
	out->datagram = s->datagram;
	out->address = s->cursor;
	out->copy = s->copy++;
	s->reach[s->cursor].local = false;
	if (++s->cursor < s->to)
		return true;

	s->cursor = s->from;
	s->last_sent = now;
	s->unanswered++;
	srq_session_schedule(s, now);
	return true;
}

uint64_t srq_session_deadline(const struct srq_session *s)
{
	if (srq_session_ended(s))
		return SRQ_NEVER;
	if (s->phase == SRQ_PHASE_RUN)
		return earlier(s->next_send, run_expires(s));
	return earlier(s->next_send, s->ends);
}

static void note_error(struct srq_session *s, uint64_t now, uint8_t address,
		       int error)
{
	struct srq_reach *reach = &s->reach[address];

	if (error == ECONNREFUSED)
		reach->refused++;
	else
		reach->error = error;
	reach->when = now;
}

void srq_session_unsent(struct srq_session *s, uint64_t now, uint8_t address,
			int error)
{
	s->unsent++;
	note_error(s, now, address, error);
}

void srq_session_error(struct srq_session *s, uint64_t now, uint8_t address,
		       int error, bool local)
{
	s->reach[address].local = local;
	if (local)
		s->unsent++;
	note_error(s, now, address, error);
	if ((s->phase == SRQ_PHASE_HELLO ||
	     (s->phase == SRQ_PHASE_ONE_WAY && none_was_sent(s))) &&
	    none_can_be_sent(s))
		srq_session_end(s, SYSRQ_END_UNREACHABLE);
	else
		expire(s, now);
}

void srq_session_late(struct srq_session *s, uint64_t ns)
{
	s->late += ns;
	s->ends += ns;
}

void srq_session_stop(struct srq_session *s)
{
	if (s->phase == SRQ_PHASE_HELLO)
		srq_session_end(s, SYSRQ_END_CANCELLED);
	else if (s->phase == SRQ_PHASE_RUN)
		srq_session_lost(s, SYSRQ_END_STOPPED);
	else if (s->phase != SRQ_PHASE_ENDED)
		srq_session_lost(s, SYSRQ_END_STOPPED_EARLY);
}

enum srq_event srq_session_event(struct srq_session *s, uint8_t *step)
{
	if (s->news & NEWS_STATUS) {
		s->news &= ~(unsigned int)NEWS_STATUS;
		return SRQ_EVENT_STATUS;
	}
	if (s->news & NEWS_ONE_WAY) {
		s->news &= ~(unsigned int)NEWS_ONE_WAY;
		return SRQ_EVENT_ONE_WAY;
	}
	if (s->news & NEWS_RESULT) {
		s->news &= ~(unsigned int)NEWS_RESULT;
		return SRQ_EVENT_RESULT;
	}
	if (s->told < s->track.current) {
		*step = s->told++;
		return SRQ_EVENT_STEP;
	}
	if (s->news & NEWS_END) {
		s->news &= ~(unsigned int)NEWS_END;
		return SRQ_EVENT_END;
	}
	return SRQ_EVENT_NONE;
}
