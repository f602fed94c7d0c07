// SPDX-License-Identifier: GPL-2.0
/* The loop: calls the hosts that are due, and hands out what has come. */
#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "lib/internal.h"

/*
 * At most BURST_MOST datagrams are sent in this time. Else the replies of
 * thousands of hosts would find no room, on this machine and on the way.
 */
static const uint64_t burst_time = 1 * SRQ_MILLISECOND;
enum { BURST_MOST = 64 };

/* A caller that is so much too late was stopped itself: see forgive(). */
static const uint64_t late_least = 500 * SRQ_MILLISECOND;

/* --- Addresses --- */

static int compare(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len);
}

static int compare_addresses(const union srq_address *a,
			     const union srq_address *b)
{
	int order = (int)a->any.sa_family - (int)b->any.sa_family;

	if (order)
		return order;
	/* sin_port and sin6_port stand at the same place. */
	order = compare(&a->four.sin_port, &b->four.sin_port,
			sizeof(a->four.sin_port));
	if (order)
		return order;
	if (a->any.sa_family == AF_INET)
		return compare(&a->four.sin_addr, &b->four.sin_addr,
			       sizeof(a->four.sin_addr));
	order = compare(&a->six.sin6_addr, &b->six.sin6_addr,
			sizeof(a->six.sin6_addr));
	/* Other addresses have no zone, and 0 there. */
	if (!order && IN6_IS_ADDR_LINKLOCAL(&a->six.sin6_addr))
		order = compare(&a->six.sin6_scope_id, &b->six.sin6_scope_id,
				sizeof(a->six.sin6_scope_id));
	return order;
}

static int compare_places(const struct srq_place *a, const struct srq_place *b)
{
	int order = compare_addresses(&a->address, &b->address);

	if (order || a->host == b->host)
		return order;
	return a->host < b->host ? -1 : 1; /* NULL is the first one */
}

/* RB_GENERATE_STATIC() needs a macro that is not in glibc's headers. */
#define TREE(name, type, field, compare)                 \
	RB_GENERATE_INTERNAL(name, type, field, compare, \
			     __attribute__((unused)) static)

TREE(srq_places, srq_place, link, compare_places)

bool srq_context_add_place(struct sysrq *ctx, struct srq_place *place)
{
	return !RB_INSERT(srq_places, &ctx->places, place);
}

void srq_context_remove_place(struct sysrq *ctx, struct srq_place *place)
{
	RB_REMOVE(srq_places, &ctx->places, place);
}

/* --- Timers and events --- */

static int compare_timers(const struct sysrq_host *a,
			  const struct sysrq_host *b)
{
	if (a->deadline != b->deadline)
		return a->deadline < b->deadline ? -1 : 1;
	return a == b ? 0 : a < b ? -1 : 1;
}

TREE(srq_timers, sysrq_host, timer, compare_timers)

static void set_timer(struct sysrq_host *host, uint64_t deadline)
{
	struct sysrq *ctx = host->ctx;

	if (host->timed && host->deadline == deadline)
		return;
	if (host->timed)
		RB_REMOVE(srq_timers, &ctx->timers, host);
	host->deadline = deadline;
	host->timed = deadline != SRQ_NEVER;
	if (host->timed)
		RB_INSERT(srq_timers, &ctx->timers, host);
}

void srq_context_touch(struct sysrq_host *host)
{
	set_timer(host, srq_host_deadline(host));
	if (host->queued)
		return;
	host->queued = true;
	STAILQ_INSERT_TAIL(&host->ctx->news, host, news);
}

void srq_context_forget(struct sysrq_host *host)
{
	set_timer(host, SRQ_NEVER);
	if (host->queued)
		STAILQ_REMOVE(&host->ctx->news, host, sysrq_host, news);
}

/* --- The public part --- */

struct sysrq *sysrq_new(void)
{
	struct sysrq *ctx;
	int err;

	if (sodium_init() < 0) {
		errno = EIO;
		return NULL;
	}
	ctx = calloc(1, sizeof(*ctx));
	if (!ctx)
		return NULL;
	RB_INIT(&ctx->places);
	RB_INIT(&ctx->timers);
	STAILQ_INIT(&ctx->news);
	LIST_INIT(&ctx->hosts);
	err = srq_sockets_open(&ctx->sockets);
	if (err) {
		free(ctx);
		errno = -err;
		return NULL;
	}
	return ctx;
}

void sysrq_free(struct sysrq *ctx)
{
	if (!ctx)
		return;
	while (!LIST_EMPTY(&ctx->hosts))
		sysrq_host_free(LIST_FIRST(&ctx->hosts));
	srq_sockets_close(&ctx->sockets);
	free(ctx);
}

int sysrq_use_ethernet(struct sysrq *ctx, const char *interface,
		       const unsigned char hardware[6])
{
	return srq_sockets_use_frames(&ctx->sockets, interface, hardware);
}

int sysrq_fd(const struct sysrq *ctx)
{
	return ctx->sockets.epoll;
}

uint64_t sysrq_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * SRQ_SECOND + (uint64_t)t.tv_nsec;
}

static uint64_t first_deadline(const struct sysrq *ctx)
{
	struct sysrq_host *first =
		RB_MIN(srq_timers, (struct srq_timers *)&ctx->timers);
	uint64_t next_burst = ctx->burst_began + burst_time;

	if (!first)
		return SRQ_NEVER;
	if (ctx->burst >= BURST_MOST && first->deadline < next_burst)
		return next_burst;
	return first->deadline;
}

uint64_t sysrq_deadline(const struct sysrq *ctx)
{
	return STAILQ_EMPTY(&ctx->news) ? first_deadline(ctx) : 0;
}

int sysrq_timeout(const struct sysrq *ctx)
{
	uint64_t then = sysrq_deadline(ctx), now = sysrq_now(), ms;

	if (then == SRQ_NEVER)
		return -1;
	/* Rounded up: else the caller would be early, and loop without
	 * waiting. */
	ms = then > now ? (then - now + SRQ_MILLISECOND - 1) / SRQ_MILLISECOND
			: 0;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

bool sysrq_busy(const struct sysrq *ctx)
{
	return !STAILQ_EMPTY(&ctx->news) || !RB_EMPTY(&ctx->timers);
}

static void dispatch(struct sysrq *ctx, const struct srq_incoming *in,
		     const uint8_t *datagram)
{
	struct srq_place first = { .address = in->from }, *place, *next;
	uint64_t now = sysrq_now();

	for (place = RB_NFIND(srq_places, &ctx->places, &first);
	     place && !compare_addresses(&place->address, &in->from);
	     place = next) {
		next = RB_NEXT(srq_places, &ctx->places, place);
		if (in->is_error)
			srq_host_error(place->host, now, place->index,
				       in->error);
		else
			srq_host_receive(place->host, now, place->index,
					 in->socket, datagram, in->len);
		srq_context_touch(place->host);
	}
}

static void receive(struct sysrq *ctx)
{
	uint8_t datagram[SRQ_LONG + 1]; /* so one that is too long shows */
	struct srq_incoming in;
	struct srq_ready ready;

	srq_sockets_ready(&ctx->sockets, &ready);
	while (srq_sockets_receive(&ctx->sockets, &ready, &in, datagram,
				   sizeof(datagram)))
		dispatch(ctx, &in, datagram);
}

static bool may_send(struct sysrq *ctx, uint64_t now)
{
	if (now >= ctx->burst_began + burst_time) {
		ctx->burst_began = now;
		ctx->burst = 0;
	}
	return ctx->burst < BURST_MOST;
}

/*
 * While this program was stopped, or the machine slept, no host could answer.
 * So the hosts get that time in addition.
 */
static void forgive(struct sysrq *ctx, uint64_t now)
{
	struct sysrq_host *host;

	if (ctx->promised == SRQ_NEVER || now < ctx->promised + late_least)
		return;
	LIST_FOREACH(host, &ctx->hosts, link) {
		if (!host->timed)
			continue;
		srq_host_late(host, now - ctx->promised);
		srq_context_touch(host);
	}
}

void sysrq_process(struct sysrq *ctx)
{
	struct sysrq_host *host;
	uint64_t now;

	receive(ctx);
	now = sysrq_now();
	if (ctx->promised)
		forgive(ctx, now);
	while ((host = RB_MIN(srq_timers, &ctx->timers)) &&
	       host->deadline <= now && may_send(ctx, now)) {
		if (srq_host_send(host, now))
			ctx->burst++;
		srq_context_touch(host);
	}
	ctx->waiting = host && host->deadline <= now ? BURST_MOST : 0;
	ctx->promised = first_deadline(ctx);
}

bool sysrq_room(const struct sysrq *ctx)
{
	return ctx->waiting < BURST_MOST;
}

bool sysrq_next(struct sysrq *ctx, struct sysrq_event *event)
{
	struct sysrq_host *host;

	while ((host = STAILQ_FIRST(&ctx->news))) {
		if (srq_host_event(host, event)) {
			event->host = host;
			return true;
		}
		STAILQ_REMOVE_HEAD(&ctx->news, news);
		host->queued = false;
		set_timer(host, srq_host_deadline(host));
	}
	ctx->promised = first_deadline(ctx);
	return false;
}
