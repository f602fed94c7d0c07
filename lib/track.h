/* SPDX-License-Identifier: GPL-2.0 */
/* What the client knows of the steps of one command. Times are in ns. */
#ifndef SRQ_TRACK_H
#define SRQ_TRACK_H

#include "core/message.h"
#include "lib/sysrq.h"

/*
 * Steps end in their order. The steps before `current` have their last fate.
 * The step at `current` runs, or waits for its turn.
 */
struct srq_track {
	const struct srq_step *steps; /* the caller's; they outlive the track */
	uint8_t count;
	uint8_t current;
	uint64_t began; /* when the turn of the current step came */
	enum sysrq_fate fates[SRQ_STEPS_MAX];
	/* Of the steps before current, by the host's clock */
	uint64_t took[SRQ_STEPS_MAX];
};

/* Begins a track: the command was sent at `now`. */
void srq_track_begin(struct srq_track *track, const struct srq_step *steps,
		     uint8_t count, uint64_t now);

/*
 * Takes the progress of a result that came at `now`. Results may come late and
 * out of order, so a fate that is known is never taken back. Returns true if
 * something is new.
 */
bool srq_track_update(struct srq_track *track,
		      const struct srq_progress *progress, uint64_t now);

/* Ends all steps: the current one with the fate first, the others with rest. */
void srq_track_close(struct srq_track *track, enum sysrq_fate first,
		     enum sysrq_fate rest);

/* The letter c is proven: the kernel has panicked. Ends all steps. */
void srq_track_crashed(struct srq_track *track, uint64_t now);

/* A newer command has ended the run: ends all steps. */
void srq_track_drop(struct srq_track *track, uint64_t now);

static inline bool srq_track_ended(const struct srq_track *track)
{
	return track->current == track->count;
}

/* Returns the current step; NULL: all have ended. */
const struct srq_step *srq_track_step(const struct srq_track *track);

/* Returns how long the steps that have not ended can still take, at most. */
uint64_t srq_track_remaining(const struct srq_track *track);

/* Has a step ended that should have ended the host? *step is its index. Of c a
 * status tells. */
bool srq_track_survived(const struct srq_track *track, uint8_t *step);

/* Was a step not pressed, as it was no longer permitted? *step is its index. */
bool srq_track_withdrawn(const struct srq_track *track, uint8_t *step);

#endif
