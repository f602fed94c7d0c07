// SPDX-License-Identifier: GPL-2.0
/* Asks: when a session sends which datagram. */
#include <sodium.h>

#include "core/letter.h"
#include "lib/random.h"
#include "lib/session_internal.h"

/* So long a command in session may be under way. Then it is void. */
static const uint64_t command_life = 30 * SRQ_SECOND;

/* The pauses between rounds. The last one stays. */
static const uint64_t pauses[] = {
	100 * SRQ_MILLISECOND,
	200 * SRQ_MILLISECOND,
	400 * SRQ_MILLISECOND,
	500 * SRQ_MILLISECOND,
};

/* One-way: between the two copies, and after the second one */
static const uint64_t one_way_pause = 1 * SRQ_SECOND;
static const uint64_t one_way_listen = 1 * SRQ_SECOND;

/* While a letter ends the host */
static const uint64_t gone_pause = 200 * SRQ_MILLISECOND;

/* As soon as the run has got on: the sync of an idle host takes some ms. */
static const uint64_t brisk_pause = 50 * SRQ_MILLISECOND;

/*
 * Before such a letter. The host holds the letter back while it is asked for the step
 * before, but not for long: see SRQ_LAST_QUIET_MS. Once the client has heard, it says so,
 * and is quiet: a host that does not know what it says takes it for a question.
 */
static const uint64_t last_pause = 100 * SRQ_MILLISECOND;
static const uint64_t quiet_pause = 400 * SRQ_MILLISECOND;

/*
 * Where a datagram was lost, others will be. So a command that ends the host, which has
 * answered before, is repeated fast, for a second and a half.
 */
static const uint64_t hasty_pause = 25 * SRQ_MILLISECOND;
enum { HASTY_ROUNDS = 60 };

/* So soon after the wait of a step is over, the host is asked for its end. */
static const uint64_t poll_margin = 20 * SRQ_MILLISECOND;

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

/* address: the destination of a one-way command; NULL: in session. */
static void seal_command(struct srq_session *s, const uint8_t *address)
{
	struct srq_command command = {
		.order = s->order,
		.count = s->ask->count,
		.deadline = s->deadline,
	};

	memcpy(command.steps, s->ask->steps, sizeof(command.steps));
	if (address) {
		memcpy(command.address, address, SRQ_ADDRESS_LEN);
	} else {
		command.epoch = s->status.epoch;
		command.heard = s->track.current;
	}
	srq_write_command(srq_datagram_body(s->datagram), SRQ_SHORT_BODY, s->id,
			  &command);
	seal(s);
}

void srq_session_ask(struct srq_session *s, enum srq_phase phase, uint64_t now)
{
	s->phase = phase;
	s->id = srq_random64();
	s->began = now;
	s->ends = now + s->ask->timeout;
	s->next_send = now;
	s->backoff = 0;
	s->cursor = s->from;
	s->first_copy = s->copy;
	s->refused_copies = 0;
	s->unsent = 0;
	s->unanswered = 0;
	if (phase == SRQ_PHASE_HELLO)
		return;
	s->code = SRQ_OK;
	s->sure = false;
	srq_track_begin(&s->track, s->ask->steps, s->ask->count, now);
}

void srq_session_command(struct srq_session *s, uint64_t now)
{
	srq_session_ask(s, SRQ_PHASE_COMMAND, now);
	s->order = s->status.sequence + 1;
	s->deadline = s->status.boot_time + command_life;
	if (!s->anew_until)
		s->anew_until = now + s->ask->timeout;
	seal_command(s, NULL);
}

void srq_session_one_way(struct srq_session *s, uint64_t now)
{
	if (s->ask->one_address && s->to - s->from > 1) {
		srq_session_end(s, SYSRQ_END_SEVERAL);
		return;
	}
	srq_session_ask(s, SRQ_PHASE_ONE_WAY, now);
	s->one_way = true;
	s->order = srq_session_real_time(s, now);
	s->deadline = s->order + s->ask->one_way_for;
	s->ends = now + one_way_pause + one_way_listen;
}

uint64_t srq_session_void_at(const struct srq_session *s,
			     const struct srq_result *result)
{
	uint64_t tolerated = s->order + result->tolerance * SRQ_SECOND;
	uint64_t void_at = s->deadline;

	if (!s->one_way)
		return 0;
	/* Without a tolerance, root may still set any. */
	if (result->tolerance)
		void_at = srq_earlier(void_at, tolerated);
	return void_at > result->real_time ? void_at : 0;
}

void srq_session_settle(struct srq_session *s, uint8_t address)
{
	s->address = address;
	s->from = address;
	s->to = address + 1;
	s->cursor = address;
}

void srq_session_begin(struct srq_session *s, const struct srq_ask *ask,
		       uint64_t now, uint64_t real_time)
{
	memset(s, 0, sizeof(*s));
	s->ask = ask;
	s->track.steps = ask->steps;
	s->real_offset = (int64_t)(real_time - now);
	s->to = ask->address_count;
	s->epoch = ask->epoch;
	s->boot_time = ask->boot_time;
	if (ask->way == SYSRQ_WAY_ONE_WAY)
		srq_session_one_way(s, now);
	else
		srq_session_ask(s, SRQ_PHASE_HELLO, now);
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

static bool will_end(const struct srq_session *s)
{
	for (uint8_t i = s->track.current; i < s->ask->count; i++) {
		if (srq_letter_ends_host(s->ask->steps[i].letter))
			return true;
	}
	return false;
}

/* Returns the pause while the host holds, or will hold, a letter that ends it. */
static uint64_t ending_pause(const struct srq_session *s, uint64_t pause)
{
	if (s->phase == SRQ_PHASE_RUN && srq_session_ending(s))
		return s->backoff ? gone_pause : quiet_pause;
	if (s->phase == SRQ_PHASE_RUN && !s->backoff)
		return brisk_pause;
	if (s->unanswered > HASTY_ROUNDS)
		return pause;
	if (s->unanswered > 1)
		return hasty_pause;
	if (s->unanswered || ends_next(s))
		return srq_earlier(pause, last_pause);
	return pause;
}

void srq_session_say_heard(struct srq_session *s, uint64_t now)
{
	if (s->one_way)
		return;
	seal_command(s, NULL);
	s->next_send = now;
	s->backoff = 0;
}

uint64_t srq_session_pause(unsigned int rounds)
{
	size_t last = sizeof(pauses) / sizeof(pauses[0]) - 1;

	return pauses[rounds < last ? rounds : last];
}

void srq_session_schedule(struct srq_session *s, uint64_t now)
{
	const struct srq_step *step = srq_track_step(&s->track);
	uint64_t over, pause;

	if (s->phase == SRQ_PHASE_ONE_WAY) {
		s->next_send = s->backoff++ ? SRQ_NEVER : now + one_way_pause;
		return;
	}
	pause = srq_session_pause(s->backoff);
	if (will_end(s))
		pause = s->phase == SRQ_PHASE_HELLO ? last_pause
						    : ending_pause(s, pause);
	s->next_send = now + pause;
	s->backoff++;
	if (s->phase != SRQ_PHASE_RUN || !step || srq_session_ending(s))
		return;
	/* If the end of a step can be foreseen, it gets a poll of its own. */
	over = s->track.began + step->wait_ms * SRQ_MILLISECOND + poll_margin;
	if (over > now)
		s->next_send = srq_earlier(s->next_send, over);
}

bool srq_session_send(struct srq_session *s, uint64_t now,
		      struct srq_outgoing *out)
{
	srq_session_expire(s, now);
	if (now < s->next_send || srq_session_ended(s))
		return false;

	if (s->phase == SRQ_PHASE_HELLO || s->proving)
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
	return srq_earlier(s->next_send, srq_session_expires(s));
}

void srq_session_late(struct srq_session *s, uint64_t ns)
{
	s->late += ns;
	s->ends += ns;
}

void srq_session_stop(struct srq_session *s)
{
	if (s->phase == SRQ_PHASE_HELLO)
		srq_session_end(s, s->anew_until ? SYSRQ_END_REFUSED
						 : SYSRQ_END_CANCELLED);
	else if (s->phase == SRQ_PHASE_RUN)
		srq_session_lost(s, SYSRQ_END_STOPPED);
	else if (s->phase != SRQ_PHASE_ENDED)
		srq_session_lost(s, SYSRQ_END_STOPPED_EARLY);
}

/* Returns true if there is this news, and forgets it. */
static bool take_news(struct srq_session *s, unsigned int news)
{
	bool any = s->news & news;

	s->news &= ~news;
	return any;
}

enum sysrq_event_type srq_session_event(struct srq_session *s, uint8_t *step)
{
	if (take_news(s, NEWS_STATUS))
		return SYSRQ_EVENT_STATUS;
	if (take_news(s, NEWS_ONE_WAY))
		return SYSRQ_EVENT_ONE_WAY;
	if (take_news(s, NEWS_RESULT))
		return SYSRQ_EVENT_RESULT;
	if (s->told < s->track.current) {
		*step = s->told++;
		return SYSRQ_EVENT_STEP;
	}
	if (take_news(s, NEWS_END))
		return SYSRQ_EVENT_END;
	return 0;
}
