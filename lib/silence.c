// SPDX-License-Identifier: GPL-2.0
/* What a session concludes from errors, and from answers that do not come. */
#include <errno.h>

#include "core/letter.h"
#include "lib/session_internal.h"

/* So long an error counts. A neighbour that is silent gives one every 3 s. */
static const uint64_t error_life = 2500 * SRQ_MILLISECOND;

/*
 * A host that falls silent during its run may answer again at the end of the
 * run. But the waits of the steps may be long, and no user waits so long.
 */
static const uint64_t silence_most = 60 * SRQ_SECOND;

/* So long a host is silent after b, c or o until it is known to be gone. */
static const uint64_t gone_after = 1 * SRQ_SECOND;
static const uint64_t gone_last_chance = 100 * SRQ_MILLISECOND;
enum { GONE_POLLS = 6 };

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

/* Does every address give errors now, of any kind? */
static bool all_err(const struct srq_session *s, uint64_t now)
{
	for (uint8_t i = s->from; i < s->to; i++) {
		if (!recent(&s->reach[i], now))
			return false;
	}
	return true;
}

/*
 * Anybody can forge an ICMP message, so it does not keep the command from going
 * one-way.
 */
static void hello_expired(struct srq_session *s, uint64_t now)
{
	bool refused = false;

	for (uint8_t i = s->from; i < s->to; i++)
		refused = refused || s->reach[i].refused;

	if (s->ask->count && s->ask->way == SYSRQ_WAY_ANY && !s->anew_until &&
	    !none_can_be_sent(s)) {
		srq_session_one_way(s, now);
		if (s->phase == SRQ_PHASE_ONE_WAY)
			s->news |= NEWS_ONE_WAY;
	} else if (s->anew_until) {
		/* A command was made, and is void. */
		srq_session_end(s, SYSRQ_END_REFUSED);
	} else if (!all_err(s, now)) {
		srq_session_end(s, SYSRQ_END_SILENT);
	} else {
		srq_session_end(s, refused ? SYSRQ_END_CLOSED
					   : SYSRQ_END_UNREACHABLE);
	}
}

static unsigned int copies_refused(const struct srq_session *s)
{
	unsigned int n = 0;

	for (uint64_t bits = s->refused_copies; bits; bits &= bits - 1)
		n++;
	return n;
}

bool srq_session_all_refused(const struct srq_session *s)
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

/*
 * So long the host may be silent after its letter. It stops its CPUs before it
 * listens again after a panic, which may take seconds.
 */
static uint64_t silent_after(const struct srq_session *s)
{
	bool listens = s->has_status && s->status.hears_after_panic &&
		       srq_track_step(&s->track)->letter == 'c';

	return listens && s->ask->timeout > gone_after ? s->ask->timeout
						       : gone_after;
}

/* Returns the time at which the run counts as ended. */
static uint64_t run_expires(const struct srq_session *s)
{
	uint64_t heard = s->heard + s->late, gone;

	if (!srq_session_ending(s))
		return heard +
		       srq_earlier(srq_track_remaining(&s->track),
				   silence_most) +
		       s->ask->timeout;
	if (s->unanswered < GONE_POLLS)
		return SRQ_NEVER;
	gone = heard + silent_after(s);
	if (gone < s->last_sent + gone_last_chance)
		gone = s->last_sent + gone_last_chance;
	return gone;
}

uint64_t srq_session_expires(const struct srq_session *s)
{
	return s->phase == SRQ_PHASE_RUN ? run_expires(s) : s->ends;
}

/* A host that listens after its panic goes on with the letters after c. */
static enum sysrq_fate fate_of_rest(const struct srq_session *s)
{
	bool deaf = s->has_status && !s->status.hears_after_panic;

	return !deaf && srq_track_step(&s->track)->letter == 'c'
		       ? SYSRQ_FATE_SENT
		       : SYSRQ_FATE_NOT_REACHED;
}

void srq_session_host_gone(struct srq_session *s)
{
	srq_track_close(&s->track, SYSRQ_FATE_ACCEPTED, fate_of_rest(s));
	srq_session_end(s, SYSRQ_END_CARRIED_OUT);
}

void srq_session_lost(struct srq_session *s, enum sysrq_end how)
{
	srq_track_close(&s->track, SYSRQ_FATE_SENT, SYSRQ_FATE_SENT);
	srq_session_end(s, how);
}

void srq_session_expire(struct srq_session *s, uint64_t now)
{
	if (now < srq_session_expires(s))
		return;
	switch (s->phase) {
	case SRQ_PHASE_HELLO:
		hello_expired(s, now);
		break;
	case SRQ_PHASE_COMMAND:
		srq_session_lost(s, SYSRQ_END_MAYBE);
		break;
	case SRQ_PHASE_ONE_WAY:
		one_way_expired(s);
		break;
	case SRQ_PHASE_RUN:
		if (srq_session_ending(s))
			srq_session_host_gone(s);
		else
			srq_session_lost(s, SYSRQ_END_LOST);
		break;
	case SRQ_PHASE_ENDED:
		break;
	}
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
		srq_session_expire(s, now);
}
