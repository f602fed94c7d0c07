/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A context and a host, as four files share them: context.c has the loop,
 * host.c the public functions of a host, traffic.c its datagrams, and outcome.c
 * what the caller learns of it.
 */
#ifndef SRQ_INTERNAL_H
#define SRQ_INTERNAL_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include "lib/reader.h"
#include "lib/session.h"
#include "lib/sockets.h"

/* An address of a host, in the context's tree of all addresses */
struct srq_place {
	RB_ENTRY(srq_place) link;
	union srq_address address;
	struct sysrq_host *host; /* hosts may share an address */
	uint8_t index;           /* in host->places */
};

#define SRQ_SEVERAL UINT32_C(0x80000000)

/* What a host needs from its first question on, and no host before it */
struct srq_talk {
	struct srq_ask ask;
	struct srq_session session; /* perhaps one that has ended */
	/*
	 * For each socket: the number of the copy that it last sent for this
	 * session, and 1; 0: it has sent none. With SRQ_SEVERAL, it has sent
	 * several copies of one question.
	 */
	uint32_t sent[SRQ_SOCKETS_ALL];
	bool has_status;
	struct sysrq_status status;
};

/* Small, because a million of them may wait for their turn */
struct sysrq_host {
	struct sysrq *ctx;
	void *data;
	struct srq_keys keys;
	uint64_t timeout;
	uint64_t one_way_for;
	struct srq_place **places; /* place_count of them */
	struct srq_talk *talk;     /* NULL: nothing was asked yet */
	struct srq_reader *reader; /* NULL: nobody reads its log */
	uint32_t log_copy;         /* number of the next log request */
	unsigned int number;       /* of its first socket */
	int answered; /* index of the last address that answered; -1: none */
	uint8_t place_count;
	bool of_password;
	bool has_destination;
	uint8_t destination[SRQ_ADDRESS_LEN];

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
	struct srq_timers timers;       /* hosts with a deadline */
	STAILQ_HEAD(, sysrq_host) news; /* hosts that may have events */
	LIST_HEAD(, sysrq_host) hosts;
	unsigned int numbers;
	size_t held;                  /* bytes that the readers hold */
	struct sysrq_outcome outcome; /* that was asked for last */
	/* When the caller was to call us at the latest; SRQ_NEVER: never; 0:
	 * not told yet. */
	uint64_t promised;
	uint64_t burst_began;
	unsigned int burst; /* datagrams sent since it began */
	/* Questions asked since sysrq_process(); BURST_MOST: datagrams that
	 * were due have to wait */
	unsigned int waiting;
};

/* --- context.c --- */

/* Takes the place, until it is removed. Returns false if the host has the
 * address already. */
bool srq_context_add_place(struct sysrq *ctx, struct srq_place *place);
void srq_context_remove_place(struct sysrq *ctx, struct srq_place *place);

/* The host has changed: its deadline may be new, and it may have events. */
void srq_context_touch(struct sysrq_host *host);
/* The host goes away. */
void srq_context_forget(struct sysrq_host *host);

/* --- host.c --- */

/* Is asking or pressing in progress? */
static inline bool srq_host_asking(const struct sysrq_host *host)
{
	return host->talk && !srq_session_ended(&host->talk->session);
}

/* --- traffic.c --- */

/* Sends the next datagram that is due. Returns false if none is due. */
bool srq_host_send(struct sysrq_host *host, uint64_t now);
/* Returns when to call srq_host_send() at the latest; SRQ_NEVER: never. */
uint64_t srq_host_deadline(const struct sysrq_host *host);
/* A datagram has come from the address with this index, by this socket. The
 * datagram may be for another host, and is not changed. */
void srq_host_receive(struct sysrq_host *host, uint64_t now, uint8_t address,
		      unsigned int socket, const uint8_t *datagram, size_t len);
/* An ICMP message has come, about a datagram to this address. */
void srq_host_error(struct sysrq_host *host, uint64_t now, uint8_t address,
		    int error);
/* The caller was late by ns. */
void srq_host_late(struct sysrq_host *host, uint64_t ns);

/* --- outcome.c --- */

/* Gives the next event of the host, but for event->host; false: none. */
bool srq_host_event(struct sysrq_host *host, struct sysrq_event *event);

#endif
