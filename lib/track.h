/* SPDX-License-Identifier: GPL-2.0 */
/* What is known, from here, of the steps of one command. */
#ifndef SRQ_TRACK_H
#define SRQ_TRACK_H

#include "core/message.h"
#include "lib/sysrq.h"

/*
 * Steps end in their order: those before current have their last fate, the one
 * at current runs or waits to.
 */
struct srq_track {
	const struct srq_step *steps; /* the caller's; outlives the track */
	uint8_t count;
	uint8_t current;
	uint64_t began; /* ns: when current's turn came, as seen from here */
	enum sysrq_fate fates[SRQ_STEPS_MAX];
	uint64_t took[SRQ_STEPS_MAX]; /* ns, of steps before current */
};

/* The command was accepted at now (ns). */
void srq_track_begin(struct srq_track *track, const struct srq_step *steps,
		     uint8_t count, uint64_t now);

/*
 * Learn from the states of a result seen at now. Results may come late and
 * out of order: what is known is never taken back. True: something was new.
 */
bool srq_track_update(struct srq_track *track, const uint8_t *states,
		      uint64_t now);

/* Give first to the current step, rest to those after it: all have ended. */
void srq_track_close(struct srq_track *track, enum sysrq_fate first,
		     enum sysrq_fate rest);

/* A newer command ended the run: what had been pressed stays pressed. */
void srq_track_drop(struct srq_track *track, uint64_t now);

static inline bool srq_track_ended(const struct srq_track *track)
{
	return track->current == track->count;
}

/* The current step, or NULL where all have ended. */
const struct srq_step *srq_track_step(const struct srq_track *track);

/* At most so long can the steps that have not ended still take, ns. */
uint64_t srq_track_remaining(const struct srq_track *track);

/* Did a step that ought to end the host (b or c) end itself? *step: which. */
bool srq_track_survived(const struct srq_track *track, uint8_t *step);

#endif
