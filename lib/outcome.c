// SPDX-License-Identifier: GPL-2.0
/* What the caller learns of a host: the events, the status and the outcome. */
#include <assert.h>

#include "lib/internal.h"

static_assert(sizeof(((struct sysrq_status *)0)->node) == SRQ_NAME_LEN + 1,
	      "names");

static void fill_status(struct sysrq_host *host)
{
	struct srq_session *s = &host->talk->session;
	const struct srq_status *from = &s->status;
	struct sysrq_status *to = &host->talk->status;

	*to = (struct sysrq_status){
		.epoch = from->epoch,
		.key_age = from->key_age * SRQ_SECOND,
		.real_time = from->real_time,
		.clock_ahead = s->status_ahead,
		.boot_time = from->boot_time,
		.heard = s->status_heard,
		.log_next = from->log_next,
		.letters = from->letters,
		.mask = from->mask,
		.tolerance = from->tolerance,
		.may_read_log = from->may_read_log,
		.panicked = from->panicked,
		.hears_after_panic = from->hears_after_panic,
		.restored = from->restored,
		.cpus = from->cpus,
		.memory = from->memory,
		.memory_free = from->memory_free,
		.load = { from->load[0], from->load[1], from->load[2] },
		.reboots_in =
			from->panicked ? from->reboots_in * SRQ_SECOND : 0,
	};
	memcpy(to->node, from->node, sizeof(to->node));
	memcpy(to->release, from->release, sizeof(to->release));
	host->talk->has_status = true;
	host->answered = s->address;
}

static void fill_steps(struct sysrq_outcome *to, const struct sysrq_host *host)
{
	const struct srq_track *track = &host->talk->session.track;
	const struct srq_ask *ask = &host->talk->ask;

	for (unsigned int i = 0; i < ask->count; i++) {
		const struct srq_step *step = &ask->steps[i];

		to->steps[i].step = (struct sysrq_step){
			.letter = step->letter,
			.until_complete = step->flags & SRQ_UNTIL_COMPLETE,
			.wait_ms = step->wait_ms,
		};
		to->steps[i].fate = track->fates[i];
		to->steps[i].took = track->took[i];
	}
}

static void fill_reach(struct sysrq_outcome *to, const struct sysrq_host *host)
{
	const struct srq_session *s = &host->talk->session;
	uint8_t count = host->talk->ask.address_count;

	to->address_count = count;
	to->error_at = &host->places[0]->address.any;
	for (uint8_t i = 0; i < count; i++) {
		to->addresses[i] = &host->places[i]->address.any;
		if (s->reach[i].refused)
			to->closed = true;
		if (s->reach[i].error && !to->error) {
			to->error = s->reach[i].error;
			to->error_at = &host->places[i]->address.any;
		}
	}
}

const struct sysrq_status *sysrq_host_status(const struct sysrq_host *host)
{
	return host->talk && host->talk->has_status ? &host->talk->status
						    : NULL;
}

const struct sysrq_outcome *sysrq_host_outcome(const struct sysrq_host *host)
{
	struct sysrq_outcome *to = &host->ctx->outcome;
	const struct srq_session *s;

	*to = (struct sysrq_outcome){ .end = SYSRQ_END_NONE };
	if (!host->talk)
		return to;
	s = &host->talk->session;
	*to = (struct sysrq_outcome){
		.end = s->end,
		.one_way = s->one_way,
		.sure = s->sure,
		.restarted = s->restarted,
		.void_at = s->void_at,
		.busy_for = s->busy_for * SRQ_MILLISECOND,
		.step = s->step,
		.clock_ahead = s->clock_ahead,
		.host_time = s->host_time,
		.heard = s->heard,
		.running_since = s->track.began,
		.running = s->phase == SRQ_PHASE_RUN &&
			   !srq_track_ended(&s->track),
		.current = s->track.current,
		.count = host->talk->ask.count,
		.log_first = s->log_first,
		.log_next = s->log_next,
	};
	if (s->end == SYSRQ_END_REFUSED || s->end == SYSRQ_END_MAYBE ||
	    s->end == SYSRQ_END_SENT)
		to->refusal = s->code;
	fill_steps(to, host);
	fill_reach(to, host);
	return to;
}

bool srq_host_event(struct sysrq_host *host, struct sysrq_event *event)
{
	struct srq_session *s = host->talk ? &host->talk->session : NULL;
	uint8_t step = 0;

	event->type = s ? srq_session_event(s, &step) : 0;
	if (!event->type) {
		event->type = host->reader ? srq_reader_event(host->reader) : 0;
		return event->type;
	}
	/* After c a status has proven the panic: that is the newest one. */
	if (event->type == SYSRQ_EVENT_STATUS ||
	    (event->type == SYSRQ_EVENT_END && s->has_status))
		fill_status(host);
	if (s->heard)
		host->answered = s->address;
	event->step = step;
	return true;
}
