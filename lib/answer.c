// SPDX-License-Identifier: GPL-2.0
/* What an answer of the host changes in a session. */
#include "lib/session_internal.h"

/* The handler of a letter may take long if it prints to a serial console. */
static const uint64_t stalled_after = 60 * SRQ_SECOND;

/* New commands for one press */
enum { ANEW_MOST = 8 };

static const uint64_t last_hold = SRQ_LAST_HOLD_MOST_MS * SRQ_MILLISECOND;

/* Returns by how many ns the host's clock is ahead, as far as it can be told. */
static int64_t ahead(const struct srq_session *s, uint64_t now,
		     uint64_t host_time)
{
	uint64_t ours = srq_session_real_time(s, now);
	uint64_t by = host_time > ours ? host_time - ours : ours - host_time;
	int64_t most = (int64_t)srq_earlier(by, INT64_MAX);

	return host_time > ours ? most : -most;
}

/* A machine that was restored from a snapshot has an older time, too. */
static bool has_booted(const struct srq_session *s, uint64_t boot_time,
		       bool restored)
{
	return !restored && boot_time < s->boot_time;
}

/* The run is not the key's any more. */
static void epoch_changed(struct srq_session *s, uint64_t boot_time,
			  bool restored)
{
	s->restarted = has_booted(s, boot_time, restored);
	if (s->restarted && srq_session_ending(s))
		srq_session_host_gone(s);
	else
		srq_session_lost(s, SYSRQ_END_RESTARTED);
}

/* Ends the session if the host has answered for too long after b, c or o. */
static void check_alive(struct srq_session *s, uint64_t now)
{
	const struct srq_step *step = srq_track_step(&s->track);

	if (!step || now < s->changed + step->wait_ms * SRQ_MILLISECOND +
				     last_hold + s->ask->timeout)
		return;
	s->step = s->track.current;
	srq_track_close(&s->track,
			s->track.fates[s->step] == SYSRQ_FATE_RUNNING
				? SYSRQ_FATE_ACCEPTED
				: SYSRQ_FATE_SENT,
			SYSRQ_FATE_SENT);
	srq_session_end(s, SYSRQ_END_ALIVE);
}

/* A host that panicked before the command proves nothing of c. */
static void on_proof(struct srq_session *s, uint64_t now,
		     const struct srq_status *status)
{
	bool before = s->has_status && s->status.panicked;

	if (status->epoch != s->epoch) {
		epoch_changed(s, status->boot_time, status->restored);
		return;
	}
	s->heard = now;
	s->late = 0;
	s->unanswered = 0;
	if (status->panicked && !before) {
		s->status = *status;
		s->status_heard = now;
		srq_track_crashed(&s->track, now);
		srq_session_end(s, SYSRQ_END_CARRIED_OUT);
	} else {
		check_alive(s, now);
	}
}

/*
 * The command is for an epoch that is over: whoever asked for it did not mean
 * the host as it is now. None is under way.
 */
static void refuse_epoch(struct srq_session *s)
{
	s->code = SRQ_WRONG_EPOCH;
	s->sure = true;
	s->clock_ahead = s->status_ahead;
	s->host_time = s->status.real_time;
	srq_session_end(s, SYSRQ_END_REFUSED);
}

static void on_status(struct srq_session *s, uint64_t now, uint8_t address,
		      const uint8_t *body)
{
	struct srq_status status;
	bool other;

	if ((s->phase != SRQ_PHASE_HELLO && !s->proving) ||
	    !srq_read_status(body, SRQ_SHORT_BODY, &status))
		return;
	if (s->proving) {
		on_proof(s, now, &status);
		return;
	}
	if (!s->has_status)
		s->news |= NEWS_STATUS;
	other = s->epoch && status.epoch != s->epoch;
	s->restarted =
		other && has_booted(s, status.boot_time, status.restored);
	s->has_status = true;
	s->status = status;
	s->status_heard = now;
	s->epoch = status.epoch;
	s->boot_time = status.boot_time;
	s->status_ahead = ahead(s, now, status.real_time);
	srq_session_settle(s, address);
	if (other)
		refuse_epoch(s);
	else if (s->ask->count)
		srq_session_command(s, now);
	else
		srq_session_end(s, SYSRQ_END_ANSWERED);
}

/*
 * The command was not carried out, and never will be. Makes it anew after a
 * pause, while there is time, and not for ever: the host may be malicious.
 */
static void make_anew(struct srq_session *s, uint64_t now)
{
	if (now >= s->anew_until || s->anew == ANEW_MOST) {
		srq_session_end(s, SYSRQ_END_REFUSED);
		return;
	}
	srq_session_ask(s, SRQ_PHASE_HELLO, now);
	s->next_send = now + srq_session_pause(s->anew++);
}

/*
 * The host has judged the command, and used it up without carrying it out. A
 * code that is not known here proves nothing.
 */
static bool is_final(enum srq_code code)
{
	static const enum srq_code codes[] = {
		SRQ_BUSY,     SRQ_NOT_OPERATOR,   SRQ_NOT_MASK,
		SRQ_NOT_RULE, SRQ_NO_SUCH_LETTER, SRQ_MALFORMED,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

/*
 * Did another command take the sequence of this one, or is this one void by its
 * deadline and was not used up? See docs/protocol.md, "One command".
 */
static bool is_void(const struct srq_session *s, enum srq_code code,
		    const struct srq_result *result)
{
	if (code == SRQ_OLD_SEQUENCE)
		return result->sequence == s->order;
	return code == SRQ_DEADLINE && result->sequence < s->order &&
	       result->boot_time > s->deadline;
}

/*
 * The refusal proves nothing: another copy may have been accepted before. That
 * copy's answer may still be under way, unless each copy was refused.
 */
static void refused_perhaps(struct srq_session *s, uint32_t copy)
{
	uint32_t number = copy - s->first_copy;

	if (number < 64)
		s->refused_copies |= 1ULL << number;
	if (!s->one_way)
		s->next_send =
			SRQ_NEVER; /* more copies would be refused, too */
	if (!srq_session_all_refused(s))
		return;
	if (s->one_way)
		srq_session_end(s, SYSRQ_END_REFUSED);
	else
		srq_session_lost(s, SYSRQ_END_MAYBE);
}

static void refused_before_run(struct srq_session *s, uint64_t now,
			       uint32_t copy, enum srq_code code,
			       const struct srq_result *result)
{
	bool own = s->one_way || result->epoch == s->status.epoch;

	s->heard = now;
	s->late = 0;
	s->code = code;
	s->busy_for = code == SRQ_BUSY ? result->progress.times[0] : 0;
	/* A stamp that is too old does not become newer. */
	s->void_at = code == SRQ_OLD_STAMP ? 0 : srq_session_void_at(s, result);
	s->restarted = has_booted(s, result->boot_time, result->restored);
	if (own && is_final(code)) {
		s->sure = true;
		srq_session_end(s, SYSRQ_END_REFUSED);
	} else if (own && !s->one_way && is_void(s, code, result)) {
		s->sure = true;
		make_anew(s, now);
	} else {
		refused_perhaps(s, copy);
	}
}

static void refused_in_run(struct srq_session *s, enum srq_code code,
			   const struct srq_result *result)
{
	s->restarted = has_booted(s, result->boot_time, result->restored);
	switch (code) {
	case SRQ_WRONG_EPOCH:
		epoch_changed(s, result->boot_time, result->restored);
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

/*
 * The caller reads what the letters before this one have printed. The host keeps this one
 * for a while, unless it is told that the client has heard.
 */
static bool may_be_read(const struct srq_session *s)
{
	for (uint8_t i = 0; i < s->track.current; i++) {
		if (srq_letter_prints(s->track.steps[i].letter))
			return true;
	}
	return false;
}

static void follow(struct srq_session *s, uint64_t now, enum srq_code code,
		   const struct srq_progress *progress)
{
	const struct srq_step *step;
	uint8_t before = s->track.current;

	if (srq_track_update(&s->track, progress, now))
		got_on(s, now);
	if (code == SRQ_SUPERSEDED) {
		srq_track_drop(&s->track, now);
		srq_session_end(s, SYSRQ_END_SUPERSEDED);
		return;
	}
	if (code == SRQ_WITHDRAWN &&
	    !memchr(progress->states, SRQ_STEP_WITHDRAWN, progress->count)) {
		/* No letter of it was: the machine was restored, or cloned. */
		srq_session_lost(s, SYSRQ_END_RESTARTED);
		return;
	}
	step = srq_track_step(&s->track);
	if (!step) {
		if (srq_track_withdrawn(&s->track, &s->step))
			srq_session_end(s, SYSRQ_END_WITHDRAWN);
		else if (srq_track_survived(&s->track, &s->step))
			srq_session_end(s, SYSRQ_END_ALIVE);
		else
			srq_session_end(s, SYSRQ_END_CARRIED_OUT);
		return;
	}
	if (srq_session_ending(s)) {
		if (s->track.current > before && !may_be_read(s))
			srq_session_say_heard(s, now);
		s->proving |=
			step->letter == 'c' &&
			s->track.fates[s->track.current] == SYSRQ_FATE_RUNNING;
		check_alive(s, now);
	} else if (now >= s->changed + step->wait_ms * SRQ_MILLISECOND +
				  stalled_after) {
		srq_session_lost(s, SYSRQ_END_STALLED);
	}
}

static void on_refused(struct srq_session *s, uint64_t now, uint8_t address,
		       uint32_t copy, enum srq_code code,
		       const struct srq_result *result)
{
	s->address = address;
	s->step = result->progress.finished;
	s->host_time = result->real_time;
	s->clock_ahead = ahead(s, now, result->real_time);
	/* A one-way command names no epoch: only the result shows a new one. */
	if (s->phase == SRQ_PHASE_RUN)
		refused_in_run(
			s, result->epoch == s->epoch ? code : SRQ_WRONG_EPOCH,
			result);
	else
		refused_before_run(s, now, copy, code, result);
}

static void begin_run(struct srq_session *s, uint64_t now, uint8_t address,
		      const struct srq_result *result)
{
	s->phase = SRQ_PHASE_RUN;
	s->code = SRQ_OK;
	s->epoch = result->epoch;
	s->sure = false;
	s->log_first = result->progress.log_first;
	srq_session_settle(s, address);
	s->track.began = now;
	got_on(s, now);
}

static void on_accepted(struct srq_session *s, uint64_t now, uint8_t address,
			enum srq_code code, const struct srq_result *result)
{
	bool late = s->unanswered > 1;

	if (result->progress.count != s->ask->count)
		return;
	s->heard = now;
	s->late = 0;
	s->unanswered = 0;
	s->newest = result->boot_time;
	s->news |= NEWS_RESULT;
	if (s->phase != SRQ_PHASE_RUN)
		begin_run(s, now, address, result);
	if (result->log_next > s->log_next)
		s->log_next = result->log_next;
	if (result->epoch == s->epoch && result->boot_time > s->boot_time)
		s->boot_time = result->boot_time;
	if (late) /* no more haste */
		srq_session_schedule(s, now);
	follow(s, now, code, &result->progress);
}

static void on_result(struct srq_session *s, uint64_t now, uint8_t address,
		      uint32_t copy, enum srq_code code, const uint8_t *body)
{
	struct srq_result result;

	if (s->phase == SRQ_PHASE_HELLO ||
	    !srq_read_result(body, SRQ_SHORT_BODY, &result))
		return;
	if (code > SRQ_WITHDRAWN && code < SRQ_WRONG_EPOCH)
		return; /* no code of a result */
	/* One that is not newer was recorded, or overtaken. */
	if (s->phase == SRQ_PHASE_RUN && result.epoch == s->epoch &&
	    result.boot_time <= s->newest)
		return;
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
