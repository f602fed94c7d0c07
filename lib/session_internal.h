/* SPDX-License-Identifier: GPL-2.0 */
/* What session.c (asking) and answer.c (what an answer changes) share. */
#ifndef SRQ_SESSION_INTERNAL_H
#define SRQ_SESSION_INTERNAL_H

#include "lib/session.h"

enum { NEWS_STATUS = 1, NEWS_ONE_WAY = 2, NEWS_RESULT = 4, NEWS_END = 8 };

uint64_t srq_session_real_time(const struct srq_session *s, uint64_t now);

/* A new question: a new id, and the rounds of sending begin anew. */
void srq_session_ask(struct srq_session *s, enum srq_phase phase, uint64_t now);
/* The status is known: the command, in session. */
void srq_session_command(struct srq_session *s, uint64_t now);

/* Only one address matters from now on. */
void srq_session_settle(struct srq_session *s, uint8_t address);

/* A round is out, or the run got on: when is the next round? */
void srq_session_schedule(struct srq_session *s, uint64_t now);

/*
 * Every copy has come back refused, so that none can have been accepted. With
 * a copy unanswered it may be that one which was.
 */
bool srq_session_surely_refused(const struct srq_session *s);

/* Is it the turn of a key that ends the host? Then silence is its answer. */
bool srq_session_ending(const struct srq_session *s);

void srq_session_end(struct srq_session *s, enum sysrq_end how);
/* The key that ends the host has done so. */
void srq_session_host_gone(struct srq_session *s);
/* How the steps that have not ended end is not known. */
void srq_session_lost(struct srq_session *s, enum sysrq_end how);

#endif
