// SPDX-License-Identifier: GPL-2.0
/* What an answer of the host changes in a session. */
#include "lib/session_internal.h"

/* The handler of a letter may take long if it prints to a serial console. */
static const uint64_t stalled_after = 60 * SRQ_SECOND;

static const uint64_t last_hold = SRQ_LAST_HOLD_MS * SRQ_MILLISECOND;

enum { TRIES_MAX = 3 }; /* new commands after the first one */

static void on_status(struct srq_session *s, uint64_t now, uint8_t address,
		      const uint8_t *body)
{
	struct srq_status status;

	if (s->phase != SRQ_PHASE_HELLO ||
	    !srq_read_status(body, SRQ_SHORT_BODY, &status))
		return;
	if (!s->has_status)
		s->news |= NEWS_STATUS;
	s->has_status = true;
	s->status = status;
	s->status_heard = now;
	s->status_ahead =
		(int64_t)(status.real_time - srq_session_real_time(s, now));
	srq_session_settle(s, address);
	if (s->ask->count)
		srq_session_command(s, now);
	else
		srq_session_end(s, SYSRQ_END_ANSWERED);
}

/* No copy was accepted. Asks for the status again, or gives up. */
static void ask_again(struct srq_session *s, uint64_t now, enum srq_code code)
{
	if (s->tries++ < TRIES_MAX) {
		srq_session_ask(s, SRQ_PHASE_HELLO, now);
		return;
	}
	s->code = code;
	srq_session_end(s, SYSRQ_END_REFUSED);
}

static void refused_before_run(struct srq_session *s, uint64_t now,
			       uint32_t copy, enum srq_code code)
{
	bool of_one_copy = s->one_way || code == SRQ_WRONG_EPOCH ||
			   code == SRQ_OLD_SEQUENCE;

	s->code = code;
	if (!of_one_copy) {
		srq_session_end(s, SYSRQ_END_REFUSED);
		return;
	}
	if (copy - s->first_copy < 64)
		s->refused_copies |= 1ULL << (copy - s->first_copy);
	/* A command that was refused for this stays refused: no more copies. */
	if (!s->one_way)
		s->next_send = SRQ_NEVER;
	if (!srq_session_surely_refused(s))
		return;
	if (s->one_way)
		srq_session_end(s, SYSRQ_END_REFUSED);
	else
		ask_again(s, now, code);
}

static void refused_in_run(struct srq_session *s, enum srq_code code)
{
	switch (code) {
	case SRQ_WRONG_EPOCH:
		if (srq_session_ending(s))
			srq_session_host_gone(s);
		else
			srq_session_lost(s, SYSRQ_END_RESTARTED);
		break;
	case SRQ_OLD_SEQUENCE:
	case SRQ_CLOCK_OFF: /* one-way; the clock was right before */
	case SRQ_OLD_STAMP:
		srq_session_lost(s, SYSRQ_END_SUPERSEDED);
		break;
	default:
		break;
	}
}

/* The run has got on: the pauses begin anew. */
static void got_on(struct srq_session *s, uint64_t now)
{
	s->changed = now;
	s->backoff = 0;
	srq_session_schedule(s, now);
}

static void follow(struct srq_session *s, uint64_t now, enum srq_code code,
		   const struct srq_progress *progress)
{
	uint64_t limit;

	if (srq_track_update(&s->track, progress->states, now))
		got_on(s, now);
	if (code == SRQ_SUPERSEDED) {
		srq_track_drop(&s->track, now);
		srq_session_end(s, SYSRQ_END_SUPERSEDED);
		return;
	}
	if (srq_track_ended(&s->track)) {
		if (srq_track_survived(&s->track, &s->step))
			srq_session_end(s, SYSRQ_END_ALIVE);
		else
			srq_session_end(s, SYSRQ_END_CARRIED_OUT);
		return;
	}
	limit = s->changed +
		srq_track_step(&s->track)->wait_ms * SRQ_MILLISECOND;
	if (!srq_session_ending(s)) {
		if (now >= limit + stalled_after)
			srq_session_lost(s, SYSRQ_END_STALLED);
	} else if (now >= limit + last_hold + s->ask->timeout) {
		s->step = s->track.current;
		srq_track_close(&s->track, SYSRQ_FATE_ACCEPTED,
				SYSRQ_FATE_SENT);
		srq_session_end(s, SYSRQ_END_ALIVE);
	}
}

static void on_refused(struct srq_session *s, uint64_t now, uint8_t address,
		       uint32_t copy, enum srq_code code,
		       const struct srq_result *result)
{
	s->address = address;
	s->step = result->progress.finished;
	s->host_time = result->real_time;
	s->clock_ahead =
		(int64_t)(result->real_time - srq_session_real_time(s, now));
	/* A one-way command names no epoch: only the result shows a new one. */
	if (s->phase == SRQ_PHASE_RUN)
		refused_in_run(s, result->epoch == s->epoch ? code
							    : SRQ_WRONG_EPOCH);
	else
		refused_before_run(s, now, copy, code);
}

static void begin_run(struct srq_session *s, uint64_t now, uint8_t address,
		      const struct srq_result *result)
{
	s->phase = SRQ_PHASE_RUN;
	s->code = SRQ_OK;
	s->epoch = result->epoch;
	s->log_first = result->progress.log_first;
	srq_session_settle(s, address);
	s->track.began = now;
	got_on(s, now);
}

static void on_accepted(struct srq_session *s, uint64_t now, uint8_t address,
			enum srq_code code, const struct srq_result *result)
{
	if (result->progress.count != s->ask->count)
		return;
	s->news |= NEWS_RESULT;
	if (s->phase != SRQ_PHASE_RUN)
		begin_run(s, now, address, result);
	if (result->log_next > s->log_next)
		s->log_next = result->log_next;
	follow(s, now, code, &result->progress);
}

static void on_result(struct srq_session *s, uint64_t now, uint8_t address,
		      uint32_t copy, enum srq_code code, const uint8_t *body)
{
	struct srq_result result;

	if (s->phase == SRQ_PHASE_HELLO ||
	    !srq_read_result(body, SRQ_SHORT_BODY, &result))
		return;
	if (code > SRQ_SUPERSEDED && code < SRQ_WRONG_EPOCH)
		return; /* no code of a result */
	/* A result with another epoch does not come from the run. */
	if (s->phase != SRQ_PHASE_RUN || result.epoch == s->epoch)
		s->heard = now;
	s->late = 0;
	s->unanswered = 0;
	if (code >= SRQ_WRONG_EPOCH)
		on_refused(s, now, address, copy, code, &result);
	else
		on_accepted(s, now, address, code, &result);
}

void srq_session_receive(struct srq_session *s, uint64_t now, uint8_t address,
			 uint32_t copy, const uint8_t *body)
{
	struct srq_header header;

	if (srq_session_ended(s) ||
	    !srq_read_header(body, SRQ_SHORT_BODY, &header) ||
	    header.id != s->id)
		return;
	if (header.type == SRQ_STATUS)
		on_status(s, now, address, body);
	else if (header.type == SRQ_RESULT)
		on_result(s, now, address, copy, header.code, body);
}
