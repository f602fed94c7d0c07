// SPDX-License-Identifier: GPL-2.0
/* One host: the question that is asked of it, and the reading of its log. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "lib/internal.h"
#include "core/letter.h"

static const uint64_t default_timeout = 5 * SRQ_SECOND;
static const uint64_t timeout_most = 365 * 86400 * SRQ_SECOND;

static_assert((int)SYSRQ_STEPS_MAX == (int)SRQ_STEPS_MAX, "steps");
static_assert((int)SYSRQ_WAIT_MAX_MS == (int)SRQ_WAIT_MAX_MS, "waits");
static_assert(SYSRQ_SECOND == SRQ_SECOND, "nanoseconds");
static_assert(sizeof(((struct sysrq_status *)0)->node) == SRQ_NAME_LEN + 1,
	      "names");

/* --- Called by the context --- */

bool srq_host_send(struct sysrq_host *host, uint64_t now)
{
	struct srq_session *s = &host->session;
	struct srq_sockets *sockets = &host->ctx->sockets;
	struct srq_outgoing out;
	const uint8_t *log;

	if (host->asked && srq_session_send(s, now, &out)) {
		switch (srq_sockets_send(sockets, host->number + out.copy,
					 &host->places[out.address]->address,
					 out.datagram, SRQ_SHORT)) {
		case SRQ_SENT:
			break;
		case SRQ_SENT_NOT_NOW:
			srq_session_unsent(s, now, out.address, errno);
			break;
		case SRQ_SENT_NOT:
			srq_session_error(s, now, out.address, errno, true);
			break;
		}
		return true;
	}
	log = host->reader ? srq_reader_send(host->reader, now) : NULL;
	if (!log)
		return false;
	/* One that cannot be sent is as good as lost on its way. */
	srq_sockets_send(sockets, host->number + host->log_copy++,
			 &host->places[host->answered]->address, log, SRQ_LONG);
	return true;
}

uint64_t srq_host_deadline(const struct sysrq_host *host)
{
	uint64_t session =
		host->asked ? srq_session_deadline(&host->session) : SRQ_NEVER;
	uint64_t reader =
		host->reader ? srq_reader_deadline(host->reader) : SRQ_NEVER;

	return session < reader ? session : reader;
}

/* The newest datagram of the session's that went out by that socket. */
static bool copy_of(const struct sysrq_host *host, unsigned int socket,
		    uint32_t *copy)
{
	uint32_t newest = host->session.copy - 1;
	uint32_t back = (host->number + newest - socket) % SRQ_SOCKETS;

	*copy = newest - back;
	return host->session.copy && back <= newest;
}

void srq_host_receive(struct sysrq_host *host, uint64_t now, uint8_t address,
		      unsigned int socket, const uint8_t *datagram, size_t len)
{
	const struct srq_keys *keys = &host->ask.keys;
	uint8_t opened[SRQ_LONG];
	const uint8_t *id;
	uint32_t copy;

	if (!srq_datagram_length_ok(len))
		return;
	id = srq_datagram_key_id(datagram);
	if (!id || memcmp(id, keys->id, SRQ_KEY_ID_LEN))
		return;
	/* It may be for another host with the same address. */
	memcpy(opened, datagram, len);
	if (!srq_datagram_open(opened, len, keys->reply))
		return;
	if (len == SRQ_LONG) {
		if (host->reader)
			srq_reader_receive(host->reader, now,
					   srq_datagram_body(opened));
	} else if (host->asked && copy_of(host, socket, &copy)) {
		srq_session_receive(&host->session, now, address, copy,
				    srq_datagram_body(opened));
	}
}

void srq_host_error(struct sysrq_host *host, uint64_t now, uint8_t address,
		    int error)
{
	/* A log's reader waits: anyone can forge such messages. */
	if (host->asked && !srq_session_ended(&host->session))
		srq_session_error(&host->session, now, address, error, false);
}

void srq_host_late(struct sysrq_host *host, uint64_t ns)
{
	if (host->asked && !srq_session_ended(&host->session))
		srq_session_late(&host->session, ns);
	if (host->reader)
		srq_reader_late(host->reader, ns);
}

static void fill_status(struct sysrq_host *host)
{
	const struct srq_status *from = &host->session.status;
	struct sysrq_status *to = &host->status;

	*to = (struct sysrq_status){
		.epoch = from->epoch,
		.real_time = from->real_time,
		.clock_ahead = host->session.status_ahead,
		.boot_time = from->boot_time,
		.heard = host->session.status_heard,
		.log_next = from->log_next,
		.letters = from->letters,
		.mask = from->mask,
		.tolerance = from->tolerance,
		.may_read_log = from->may_read_log,
		.cpus = from->cpus,
		.memory = from->memory,
		.memory_free = from->memory_free,
		.load = { from->load[0], from->load[1], from->load[2] },
	};
	memcpy(to->node, from->node, sizeof(to->node));
	memcpy(to->release, from->release, sizeof(to->release));
	host->has_status = true;
	host->answered = host->session.address;
}

static void fill_steps(struct sysrq_outcome *to, const struct sysrq_host *host)
{
	const struct srq_track *track = &host->session.track;

	for (unsigned int i = 0; i < host->ask.count; i++) {
		const struct srq_step *step = &host->ask.steps[i];

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
	const struct srq_session *s = &host->session;

	to->error_at = &host->places[0]->address.any;
	for (uint8_t i = 0; i < host->ask.address_count; i++) {
		if (s->reach[i].refused)
			to->closed = true;
		if (s->reach[i].error && !to->error) {
			to->error = s->reach[i].error;
			to->error_at = &host->places[i]->address.any;
		}
	}
}

const struct sysrq_outcome *sysrq_host_outcome(struct sysrq_host *host)
{
	const struct srq_session *s = &host->session;
	struct sysrq_outcome *to = &host->outcome;

	*to = (struct sysrq_outcome){ .end = SYSRQ_END_NONE };
	if (!host->asked)
		return to;
	*to = (struct sysrq_outcome){
		.end = s->end,
		.one_way = s->one_way,
		.step = s->step,
		.clock_ahead = s->clock_ahead,
		.host_time = s->host_time,
		.heard = s->heard,
		.running_since = s->track.began,
		.running = s->phase == SRQ_PHASE_RUN &&
			   !srq_track_ended(&s->track),
		.current = s->track.current,
		.count = host->ask.count,
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

static bool session_event(struct sysrq_host *host, struct sysrq_event *event)
{
	uint8_t step = 0;

	switch (srq_session_event(&host->session, &step)) {
	case SRQ_EVENT_NONE:
		return false;
	case SRQ_EVENT_STATUS:
		fill_status(host);
		event->type = SYSRQ_EVENT_STATUS;
		break;
	case SRQ_EVENT_ONE_WAY:
		event->type = SYSRQ_EVENT_ONE_WAY;
		break;
	case SRQ_EVENT_RESULT:
		event->type = SYSRQ_EVENT_RESULT;
		break;
	case SRQ_EVENT_STEP:
		event->type = SYSRQ_EVENT_STEP;
		break;
	case SRQ_EVENT_END:
		event->type = SYSRQ_EVENT_END;
		break;
	}
	if (host->session.heard)
		host->answered = host->session.address;
	event->step = step;
	return true;
}

bool srq_host_event(struct sysrq_host *host, struct sysrq_event *event)
{
	if (host->asked && session_event(host, event))
		return true;
	if (!host->reader)
		return false;
	event->type = srq_reader_event(host->reader);
	return event->type;
}

/* --- The public part --- */

struct sysrq_host *sysrq_host_new(struct sysrq *ctx,
				  const struct sysrq_key *key)
{
	struct sysrq_host *host = calloc(1, sizeof(*host));
	int err;

	if (!host)
		return NULL;
	err = srq_keys_derive(&host->ask.keys, key->bytes);
	if (err) {
		free(host);
		errno = -err;
		return NULL;
	}
	host->ctx = ctx;
	host->number = ctx->numbers++ % SRQ_SOCKETS;
	host->ask.timeout = default_timeout;
	host->answered = -1;
	LIST_INSERT_HEAD(&ctx->hosts, host, link);
	return host;
}

void sysrq_host_free(struct sysrq_host *host)
{
	if (!host)
		return;
	srq_context_forget(host);
	for (uint8_t i = 0; i < host->ask.address_count; i++) {
		srq_context_remove_place(host->ctx, host->places[i]);
		free(host->places[i]);
	}
	if (host->reader)
		srq_reader_free(host->reader);
	free(host->reader);
	LIST_REMOVE(host, link);
	srq_wipe(host, sizeof(*host));
	free(host);
}

void sysrq_host_set_data(struct sysrq_host *host, void *data)
{
	host->data = data;
}

void *sysrq_host_data(const struct sysrq_host *host)
{
	return host->data;
}

static bool in_use(const struct sysrq_host *host)
{
	return (host->asked && !srq_session_ended(&host->session)) ||
	       (host->reader && !srq_reader_ended(host->reader));
}

int sysrq_host_add_address(struct sysrq_host *host,
			   const struct sockaddr *address, socklen_t len)
{
	uint8_t i = host->ask.address_count;
	struct srq_place *place;

	if (in_use(host))
		return -EBUSY;
	if ((address->sa_family != AF_INET ||
	     len < (socklen_t)sizeof(struct sockaddr_in)) &&
	    (address->sa_family != AF_INET6 ||
	     len < (socklen_t)sizeof(struct sockaddr_in6)))
		return -EAFNOSUPPORT;
	if (i == SYSRQ_ADDRESSES_MAX)
		return -E2BIG;
	place = calloc(1, sizeof(*place));
	if (!place)
		return -ENOMEM;
	if (address->sa_family == AF_INET)
		memcpy(&place->address.four, address,
		       sizeof(place->address.four));
	else
		memcpy(&place->address.six, address,
		       sizeof(place->address.six));
	place->host = host;
	place->index = i;
	if (!srq_context_add_place(host->ctx, place)) {
		free(place); /* it has that address */
		return 0;
	}
	host->places[i] = place;
	host->ask.address_count++;
	return 0;
}

void sysrq_host_set_timeout(struct sysrq_host *host, uint64_t ns)
{
	host->ask.timeout = ns < timeout_most ? ns : timeout_most;
}

void sysrq_host_set_destination(struct sysrq_host *host,
				const unsigned char address[SRQ_ADDRESS_LEN])
{
	host->has_destination = true;
	memcpy(host->destination, address, SRQ_ADDRESS_LEN);
}

/* An address as a one-way command names it. */
static void destination(const struct sysrq_host *host, uint8_t index,
			uint8_t out[SRQ_ADDRESS_LEN])
{
	const union srq_address *at = &host->places[index]->address;

	if (host->has_destination) {
		memcpy(out, host->destination, SRQ_ADDRESS_LEN);
	} else if (at->any.sa_family == AF_INET6) {
		memcpy(out, &at->six.sin6_addr, SRQ_ADDRESS_LEN);
	} else {
		memset(out, 0, SRQ_ADDRESS_LEN);
		out[10] = 0xff;
		out[11] = 0xff;
		memcpy(out + 12, &at->four.sin_addr, 4);
	}
}

static int begin(struct sysrq_host *host)
{
	struct timespec real;

	if (!host->ask.address_count)
		return -EDESTADDRREQ;
	for (uint8_t i = 0; i < host->ask.address_count; i++)
		destination(host, i, host->ask.addresses[i]);
	clock_gettime(CLOCK_REALTIME, &real);
	host->asked = true;
	srq_session_begin(&host->session, &host->ask, sysrq_now(),
			  (uint64_t)real.tv_sec * SRQ_SECOND +
				  (uint64_t)real.tv_nsec);
	srq_context_touch(host);
	return 0;
}

static bool asking(const struct sysrq_host *host)
{
	return host->asked && !srq_session_ended(&host->session);
}

int sysrq_host_ask(struct sysrq_host *host)
{
	if (asking(host))
		return -EBUSY;
	host->ask.count = 0;
	host->ask.way = SYSRQ_WAY_SESSION;
	return begin(host);
}

int sysrq_host_press(struct sysrq_host *host, const struct sysrq_step *steps,
		     unsigned int count, enum sysrq_way way)
{
	if (asking(host))
		return -EBUSY;
	if (count < 1 || count > SRQ_STEPS_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < count; i++) {
		if (!sysrq_letter_bit(steps[i].letter) ||
		    steps[i].wait_ms > SRQ_WAIT_MAX_MS)
			return -EINVAL;
	}
	for (unsigned int i = 0; i < count; i++)
		host->ask.steps[i] = (struct srq_step){
			.letter = steps[i].letter,
			.flags = steps[i].until_complete ? SRQ_UNTIL_COMPLETE
							 : 0,
			.wait_ms = steps[i].wait_ms,
		};
	host->ask.count = (uint8_t)count;
	host->ask.way = way;
	return begin(host);
}

void sysrq_host_stop(struct sysrq_host *host)
{
	if (!host->asked)
		return;
	srq_session_stop(&host->session);
	srq_context_touch(host);
}

const struct sysrq_status *sysrq_host_status(const struct sysrq_host *host)
{
	return host->has_status ? &host->status : NULL;
}

const struct sockaddr *sysrq_host_address(const struct sysrq_host *host)
{
	return host->answered < 0 ? NULL
				  : &host->places[host->answered]->address.any;
}

int sysrq_host_read_log(struct sysrq_host *host, uint64_t first, uint64_t end)
{
	uint64_t epoch;

	if (host->reader && !srq_reader_ended(host->reader))
		return -EBUSY;
	if (host->answered < 0)
		return -EDESTADDRREQ;
	if (host->reader)
		srq_reader_free(host->reader);
	else
		host->reader = malloc(sizeof(*host->reader));
	if (!host->reader)
		return -ENOMEM;
	/* What the result of a press has said is newer than the status. */
	epoch = host->session.epoch ? host->session.epoch : host->status.epoch;
	srq_reader_begin(host->reader, &host->ask.keys, epoch, first, end,
			 host->ask.timeout, sysrq_now());
	srq_context_touch(host);
	return 0;
}

void sysrq_host_stop_log(struct sysrq_host *host)
{
	if (host->reader)
		srq_reader_free(host->reader);
	free(host->reader);
	host->reader = NULL;
	srq_context_touch(host);
}

const struct sysrq_log *sysrq_host_log(const struct sysrq_host *host)
{
	return host->reader ? &host->reader->log : NULL;
}

const char *sysrq_host_text(const struct sysrq_host *host, size_t *len)
{
	const struct srq_chunk *chunk =
		host->reader ? host->reader->given : NULL;

	*len = chunk ? chunk->len : 0;
	return chunk ? chunk->text : "";
}
