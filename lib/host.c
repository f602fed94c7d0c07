// SPDX-License-Identifier: GPL-2.0
/* The public functions of a host: its addresses, questions and log. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "lib/internal.h"
#include "core/letter.h"

static const uint64_t default_timeout = 5 * SRQ_SECOND;
static const uint64_t default_one_way_for = 600 * SRQ_SECOND;
static const uint64_t timeout_most = 365 * 86400 * SRQ_SECOND;

static_assert((int)SYSRQ_STEPS_MAX == (int)SRQ_STEPS_MAX, "steps");
static_assert((int)SYSRQ_WAIT_MAX_MS == (int)SRQ_WAIT_MAX_MS, "waits");
static_assert(SYSRQ_SECOND == SRQ_SECOND, "nanoseconds");

struct sysrq_host *sysrq_host_new(struct sysrq *ctx,
				  const struct sysrq_key *key)
{
	struct sysrq_host *host = calloc(1, sizeof(*host));

	if (!host)
		return NULL;
	if (srq_keys_derive(&host->keys, key->bytes)) {
		free(host);
		errno = ENOMEM;
		return NULL;
	}
	host->of_password = key->of_password;
	host->ctx = ctx;
	host->number = ctx->numbers++ % SRQ_SOCKETS;
	host->timeout = default_timeout;
	host->one_way_for = default_one_way_for;
	host->answered = -1;
	LIST_INSERT_HEAD(&ctx->hosts, host, link);
	return host;
}

void sysrq_host_free(struct sysrq_host *host)
{
	if (!host)
		return;
	srq_context_forget(host);
	for (uint8_t i = 0; i < host->place_count; i++) {
		srq_context_remove_place(host->ctx, host->places[i]);
		free(host->places[i]);
	}
	free(host->places);
	if (host->talk)
		srq_wipe(host->talk, sizeof(*host->talk));
	free(host->talk);
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
	return srq_host_asking(host) ||
	       (host->reader && !srq_reader_ended(host->reader));
}

/* Returns 0 if the family is neither IPv4 nor IPv6. */
static socklen_t length_of(sa_family_t family)
{
	if (family == AF_INET)
		return sizeof(struct sockaddr_in);
	return family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}

int sysrq_host_add_address(struct sysrq_host *host,
			   const struct sockaddr *address, socklen_t len)
{
	socklen_t needed = length_of(address->sa_family);
	uint8_t i = host->place_count;
	struct srq_place *place, **places;

	if (in_use(host))
		return -EBUSY;
	if (!needed || len < needed)
		return -EAFNOSUPPORT;
	if (i == SYSRQ_ADDRESSES_MAX)
		return -E2BIG;
	places = realloc(host->places, (i + 1U) * sizeof(*places));
	if (!places)
		return -ENOMEM;
	host->places = places;
	place = calloc(1, sizeof(*place));
	if (!place)
		return -ENOMEM;
	memcpy(&place->address, address, needed);
	place->host = host;
	place->index = i;
	if (!srq_context_add_place(host->ctx, place)) {
		free(place); /* the host has this address already */
		return 0;
	}
	host->places[i] = place;
	host->place_count++;
	return 0;
}

void sysrq_host_set_timeout(struct sysrq_host *host, uint64_t ns)
{
	host->timeout = ns < timeout_most ? ns : timeout_most;
}

void sysrq_host_set_one_way_for(struct sysrq_host *host, uint64_t ns)
{
	if (!ns)
		ns = default_one_way_for;
	host->one_way_for = ns < timeout_most ? ns : timeout_most;
}

void sysrq_host_set_destination(struct sysrq_host *host,
				const unsigned char address[SRQ_ADDRESS_LEN])
{
	host->has_destination = true;
	memcpy(host->destination, address, SRQ_ADDRESS_LEN);
}

/* Writes the destination that a one-way command to this address names. */
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

/* The session has the epoch of a result, which is newer than the status. */
static uint64_t last_epoch(const struct srq_talk *talk)
{
	return talk->session.epoch ? talk->session.epoch : talk->status.epoch;
}

/* Returns what the next question is to be written into; NULL: out of memory. */
static struct srq_ask *question(struct sysrq_host *host)
{
	if (!host->talk)
		host->talk = calloc(1, sizeof(*host->talk));
	return host->talk ? &host->talk->ask : NULL;
}

static int begin(struct sysrq_host *host, enum sysrq_way way, uint8_t count)
{
	struct srq_talk *talk = host->talk;
	struct srq_ask *ask = &talk->ask;
	bool same = way == SYSRQ_WAY_SAME_EPOCH;
	struct timespec real;

	ask->keys = host->keys;
	ask->way = way;
	ask->one_address = host->of_password;
	ask->timeout = host->timeout;
	ask->one_way_for = host->one_way_for;
	ask->epoch = same ? last_epoch(talk) : 0;
	ask->boot_time = same ? talk->status.boot_time : 0;
	ask->count = count;
	ask->address_count = host->place_count;
	for (uint8_t i = 0; i < host->place_count; i++)
		destination(host, i, ask->addresses[i]);
	clock_gettime(CLOCK_REALTIME, &real);
	memset(talk->sent, 0, sizeof(talk->sent));
	srq_session_begin(&talk->session, ask, sysrq_now(),
			  (uint64_t)real.tv_sec * SRQ_SECOND +
				  (uint64_t)real.tv_nsec);
	host->ctx->waiting++;
	srq_context_touch(host);
	return 0;
}

int sysrq_host_ask(struct sysrq_host *host)
{
	if (srq_host_asking(host))
		return -EBUSY;
	if (!host->place_count)
		return -EDESTADDRREQ;
	if (!question(host))
		return -ENOMEM;
	return begin(host, SYSRQ_WAY_SESSION, 0);
}

int sysrq_host_press(struct sysrq_host *host, const struct sysrq_step *steps,
		     unsigned int count, enum sysrq_way way)
{
	struct srq_ask *ask;

	if (srq_host_asking(host))
		return -EBUSY;
	if (count < 1 || count > SRQ_STEPS_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < count; i++) {
		if (!sysrq_letter_bit(steps[i].letter) ||
		    steps[i].wait_ms > SRQ_WAIT_MAX_MS)
			return -EINVAL;
	}
	if (!host->place_count ||
	    (way == SYSRQ_WAY_SAME_EPOCH && host->answered < 0))
		return -EDESTADDRREQ;
	ask = question(host);
	if (!ask)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++)
		ask->steps[i] = (struct srq_step){
			.letter = steps[i].letter,
			.flags = steps[i].until_complete ? SRQ_UNTIL_COMPLETE
							 : 0,
			.wait_ms = steps[i].wait_ms,
		};
	return begin(host, way, (uint8_t)count);
}

void sysrq_host_stop(struct sysrq_host *host)
{
	if (!host->talk)
		return;
	srq_session_stop(&host->talk->session);
	srq_context_touch(host);
}

const struct sockaddr *sysrq_host_address(const struct sysrq_host *host)
{
	return host->answered < 0 ? NULL
				  : &host->places[host->answered]->address.any;
}

int sysrq_host_read_log(struct sysrq_host *host, uint64_t first, uint64_t end)
{
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
	srq_reader_begin(host->reader, &host->keys, last_epoch(host->talk),
			 first, end, host->timeout, sysrq_now(),
			 &host->ctx->held);
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
