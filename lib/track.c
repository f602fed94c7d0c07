// SPDX-License-Identifier: GPL-2.0
#include "core/letter.h"
#include "lib/track.h"

void srq_track_begin(struct srq_track *track, const struct srq_step *steps,
		     uint8_t count, uint64_t now)
{
	memset(track, 0, sizeof(*track));
	track->steps = steps;
	track->count = count;
	track->began = now;
}

static enum sysrq_fate fate_of(char letter, uint8_t state)
{
	switch (state) {
	case SRQ_STEP_PRESSED:
		return SYSRQ_FATE_RUNNING;
	case SRQ_STEP_DONE:
		/* The letter o only starts what ends the host. */
		if (letter == 'o')
			return SYSRQ_FATE_ACCEPTED;
		/* Only a status tells whether the kernel has panicked. */
		return letter == 'c' ? SYSRQ_FATE_RUNNING : SYSRQ_FATE_DONE;
	case SRQ_STEP_COMPLETE:
		return SYSRQ_FATE_COMPLETE;
	case SRQ_STEP_TIMED_OUT:
		return SYSRQ_FATE_INCOMPLETE;
	case SRQ_STEP_DROPPED:
		return SYSRQ_FATE_DROPPED;
	case SRQ_STEP_WITHDRAWN:
		return SYSRQ_FATE_WITHDRAWN;
	case SRQ_STEP_POINTLESS:
		return SYSRQ_FATE_POINTLESS;
	default:
		return SYSRQ_FATE_OPEN;
	}
}

bool srq_track_update(struct srq_track *track,
		      const struct srq_progress *progress, uint64_t now)
{
	bool changed = false;

	while (track->current < track->count) {
		uint8_t i = track->current;
		enum sysrq_fate fate =
			fate_of(track->steps[i].letter, progress->states[i]);

		if (fate > track->fates[i]) {
			track->fates[i] = fate;
			changed = true;
		}
		if (fate <= SYSRQ_FATE_RUNNING)
			break;
		track->took[i] = progress->times[i] * SRQ_MILLISECOND;
		track->began = now;
		track->current++;
	}
	return changed;
}

void srq_track_close(struct srq_track *track, enum sysrq_fate first,
		     enum sysrq_fate rest)
{
	for (uint8_t i = track->current; i < track->count; i++)
		track->fates[i] = i == track->current ? first : rest;
	track->current = track->count;
}

void srq_track_crashed(struct srq_track *track, uint64_t now)
{
	if (!srq_track_step(track))
		return;
	track->took[track->current] = now - track->began;
	/* The host listens, so it goes on with the letters. */
	srq_track_close(track, SYSRQ_FATE_COMPLETE, SYSRQ_FATE_SENT);
}

void srq_track_drop(struct srq_track *track, uint64_t now)
{
	const struct srq_step *step = srq_track_step(track);
	enum sysrq_fate first = SYSRQ_FATE_DROPPED;

	if (!step)
		return;
	track->took[track->current] = now - track->began;
	if (track->fates[track->current] == SYSRQ_FATE_RUNNING)
		first = step->flags & SRQ_UNTIL_COMPLETE ? SYSRQ_FATE_INCOMPLETE
							 : SYSRQ_FATE_DONE;
	srq_track_close(track, first, SYSRQ_FATE_DROPPED);
}

const struct srq_step *srq_track_step(const struct srq_track *track)
{
	return track->current < track->count ? &track->steps[track->current]
					     : NULL;
}

uint64_t srq_track_remaining(const struct srq_track *track)
{
	uint64_t sum = 0;

	for (uint8_t i = track->current; i < track->count; i++)
		sum += track->steps[i].wait_ms * SRQ_MILLISECOND;
	return sum;
}

bool srq_track_survived(const struct srq_track *track, uint8_t *step)
{
	for (uint8_t i = 0; i < track->count; i++) {
		if (srq_letter_ends_host(track->steps[i].letter) &&
		    track->fates[i] >= SYSRQ_FATE_DONE &&
		    track->fates[i] <= SYSRQ_FATE_INCOMPLETE) {
			*step = i;
			return true;
		}
	}
	return false;
}

bool srq_track_withdrawn(const struct srq_track *track, uint8_t *step)
{
	for (uint8_t i = 0; i < track->count; i++) {
		if (track->fates[i] == SYSRQ_FATE_WITHDRAWN) {
			*step = i;
			return true;
		}
	}
	return false;
}
