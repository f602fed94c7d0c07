/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the three files of a session share: session.c asks, answer.c takes an
 * answer, and silence.c takes an error or no answer.
 */
#ifndef SRQ_SESSION_INTERNAL_H
#define SRQ_SESSION_INTERNAL_H

#include "lib/session.h"

/* Bits of srq_session.news */
enum { NEWS_STATUS = 1, NEWS_ONE_WAY = 2, NEWS_RESULT = 4, NEWS_END = 8 };

/* --- session.c --- */

/* Returns the real time at `now`, in ns since 1970. */
uint64_t srq_session_real_time(const struct srq_session *s, uint64_t now);

/* Begins a phase with a new question: a new id, and new rounds of sending. */
void srq_session_ask(struct srq_session *s, enum srq_phase phase, uint64_t now);
/* The status has come. Sends the command, in session. */
void srq_session_command(struct srq_session *s, uint64_t now);
/* No status is to be had. Sends the command one-way. */
void srq_session_one_way(struct srq_session *s, uint64_t now);

/*
 * Returns the time from which a one-way command that this result refuses is
 * void, in ns since 1970 by the host's clock; 0: it is void already, or the
 * command is in session.
 */
uint64_t srq_session_void_at(const struct srq_session *s,
			     const struct srq_result *result);

/* From now on, only this address is sent to. */
void srq_session_settle(struct srq_session *s, uint8_t address);

/* Returns the pause after this many rounds. */
uint64_t srq_session_pause(unsigned int rounds);

/* A round was sent, or the run has got on: sets the time of the next round. */
void srq_session_schedule(struct srq_session *s, uint64_t now);

/*
 * All steps before a letter that ends the host have ended, and the client has heard of it.
 * Sends the command once more, at once, to say so: the host waits for that. A one-way
 * command is not sent: no host waits.
 */
void srq_session_say_heard(struct srq_session *s, uint64_t now);

/* Is it the turn of a letter that ends the host? Then silence is its answer. */
bool srq_session_ending(const struct srq_session *s);

void srq_session_end(struct srq_session *s, enum sysrq_end how);

/* --- silence.c --- */

/* Ends the phase if its time is over. */
void srq_session_expire(struct srq_session *s, uint64_t now);
/* Returns the time at which that is; SRQ_NEVER: not before the next round. */
uint64_t srq_session_expires(const struct srq_session *s);

/*
 * Has every copy of the command been refused? A copy without an answer may be
 * the one that was accepted.
 */
bool srq_session_all_refused(const struct srq_session *s);

/* The letter that ends the host has done so. Ends the session. */
void srq_session_host_gone(struct srq_session *s);
/* What becomes of the steps that have not ended is not known. Ends the
 * session. */
void srq_session_lost(struct srq_session *s, enum sysrq_end how);

#endif
