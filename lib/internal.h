/* SPDX-License-Identifier: GPL-2.0 */
/* A context and a host, as context.c and host.c share them. */
#ifndef SRQ_INTERNAL_H
#define SRQ_INTERNAL_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include "lib/reader.h"
#include "lib/session.h"
#include "lib/sockets.h"

/* One address of a host, in the context's tree of all. */
struct srq_place {
	RB_ENTRY(srq_place) link;
	union srq_address address;
	struct sysrq_host *host; /* several may have the same address */
	uint8_t index;           /* of host->places */
};

struct sysrq_host {
	struct sysrq *ctx;
	void *data;
	unsigned int number; /* where its sockets begin */
	struct srq_place *places[SYSRQ_ADDRESSES_MAX];
	bool has_destination;
	uint8_t destination[SRQ_ADDRESS_LEN];

	bool asked; /* session is in use, maybe ended */
	struct srq_ask ask;
	struct srq_session session;
	struct srq_reader *reader; /* NULL: its log was not asked for */
	uint32_t log_copy;         /* number of its next log request */

	int answered; /* index of the address that answered last; -1: none */
	bool has_status;
	struct sysrq_status status;
	struct sysrq_outcome outcome;

	bool timed; /* in ctx->timers */
	uint64_t deadline;
	RB_ENTRY(sysrq_host) timer;
	bool queued; /* in ctx->news */
	STAILQ_ENTRY(sysrq_host) news;
	LIST_ENTRY(sysrq_host) link; /* in ctx->hosts */
};

RB_HEAD(srq_places, srq_place);
RB_HEAD(srq_timers, sysrq_host);

struct sysrq {
	struct srq_sockets sockets;
	struct srq_places places;
	struct srq_timers timers; /* hosts to be called, by their deadline */
	STAILQ_HEAD(, sysrq_host) news; /* hosts that may have events */
	LIST_HEAD(, sysrq_host) hosts;
	unsigned int numbers;
	uint64_t promised; /* when we asked to be called at the latest */
	uint64_t burst_began;
	unsigned int burst; /* datagrams sent since */
};

/* --- context.c --- */

/* False: the address has been given before. */
bool srq_context_add_place(struct sysrq *ctx, struct srq_place *place);
void srq_context_remove_place(struct sysrq *ctx, struct srq_place *place);

/* The host's state has changed: look when to call it, and for its events. */
void srq_context_touch(struct sysrq_host *host);
/* The host is going away. */
void srq_context_forget(struct sysrq_host *host);

/* --- host.c: called by the context --- */

/* Send the host's next datagram that is due; false: none is. */
bool srq_host_send(struct sysrq_host *host, uint64_t now);
uint64_t srq_host_deadline(const struct sysrq_host *host);
void srq_host_receive(struct sysrq_host *host, uint64_t now, uint8_t address,
		      unsigned int socket, const uint8_t *datagram, size_t len);
void srq_host_error(struct sysrq_host *host, uint64_t now, uint8_t address,
		    int error);
void srq_host_late(struct sysrq_host *host, uint64_t ns);
/* Fills all but event->host; false: nothing new. */
bool srq_host_event(struct sysrq_host *host, struct sysrq_event *event);

#endif
