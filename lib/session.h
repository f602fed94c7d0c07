/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client's side of the protocol: one question to one host, who it is or a
 * command. docs/protocol.md, "How the client asks".
 *
 * A pure state machine: it opens no socket and reads no clock. Datagrams and
 * the time go in; datagrams to send, the time to come back and events come
 * out. All its memory is one struct, so that a caller may drive as many
 * sessions as it likes from one loop:
 *
 *	srq_session_begin()
 *	until srq_session_ended():
 *		send what srq_session_send() gives, until it gives no more
 *		tell what srq_session_event() gives, until it gives no more
 *		wait for a datagram or srq_session_deadline()
 *		srq_session_receive() or srq_session_error() for what came
 *
 * Times are in ns of any clock that never goes back (one that also counts
 * while the machine is suspended keeps one-way stamps right). sodium_init()
 * must have been called; randomness is libsodium's.
 */
#ifndef SRQ_SESSION_H
#define SRQ_SESSION_H

#include "core/datagram.h"
#include "lib/track.h"

#define SRQ_NEVER UINT64_MAX

/* What is asked, of whom. The caller's; outlives the session. */
struct srq_ask {
	struct srq_keys keys;
	enum sysrq_way way;
	uint64_t timeout; /* ns, for the answers to one question */
	uint8_t count;    /* 1 to SRQ_STEPS_MAX; 0: the status alone */
	struct srq_step steps[SRQ_STEPS_MAX];
	uint8_t address_count; /* 1 to SYSRQ_ADDRESSES_MAX */
	/* What a one-way command sent to each address names as its
	 * destination; IPv4 as ::ffff:a.b.c.d. */
	uint8_t addresses[SYSRQ_ADDRESSES_MAX][SRQ_ADDRESS_LEN];
};

enum srq_phase {
	SRQ_PHASE_HELLO,   /* waiting for a status */
	SRQ_PHASE_COMMAND, /* waiting for the first result */
	SRQ_PHASE_ONE_WAY, /* the same, one-way */
	SRQ_PHASE_RUN,     /* accepted: following the run */
	SRQ_PHASE_ENDED,
};

enum srq_event {
	SRQ_EVENT_NONE,
	SRQ_EVENT_STATUS,  /* status and address are known */
	SRQ_EVENT_ONE_WAY, /* no status came: going on one-way */
	SRQ_EVENT_RESULT,  /* a result came that belongs to the run */
	SRQ_EVENT_STEP,    /* a step has its last fate */
	SRQ_EVENT_END,
};

/* How an address has taken what was sent to it. */
struct srq_reach {
	unsigned int refused; /* times ECONNREFUSED came back */
	int error;            /* the last other error, or 0 */
	bool local;           /* the last send failed on this machine */
	uint64_t when;        /* the last error of any kind came */
};

/* Callers read the first part and write none of it. */
struct srq_session {
	enum srq_phase phase;
	enum sysrq_end end;
	bool has_status;
	struct srq_status status;
	int64_t status_ahead;  /* ns: host's clock minus ours, at the status */
	uint64_t status_heard; /* when it came */
	uint8_t address;       /* that answered; valid once anything has */
	bool one_way;          /* the command was sent one-way */
	struct srq_track track;
	uint64_t heard;      /* when the last result came */
	uint64_t late;       /* since: what is not the host's fault, ns */
	uint64_t log_first;  /* of the run: its first record, and the one */
	uint64_t log_next;   /* that was next as the last result came */
	enum srq_code code;  /* END_REFUSED: why */
	uint8_t step;        /* END_REFUSED, END_ALIVE: which one */
	int64_t clock_ahead; /* ns: host's clock minus ours, END_REFUSED */
	uint64_t host_time;  /* ns since 1970, END_REFUSED */
	struct srq_reach reach[SYSRQ_ADDRESSES_MAX];

	const struct srq_ask *ask;
	int64_t real_offset; /* real time minus our clock */
	uint64_t id;
	uint64_t order;
	uint64_t epoch; /* the host's when it accepted the command */
	uint64_t began; /* this phase */
	uint64_t ends;
	uint64_t next_send;
	uint64_t last_sent;
	uint64_t changed;         /* when the run last got on */
	unsigned int backoff;     /* rounds sent since it began anew */
	unsigned int unanswered;  /* rounds sent since heard */
	unsigned int tries;       /* times that hello began anew */
	uint8_t from, to, cursor; /* addresses of a round */
	uint32_t copy;            /* number of the next datagram */
	uint32_t first_copy;      /* of this phase */
	uint32_t unsent;          /* copies of this phase that never left */
	uint64_t refused_copies;  /* a bit each, from first_copy */
	unsigned int news;        /* events to tell */
	uint8_t told;             /* steps told */
	uint8_t datagram[SRQ_SHORT];
};

/* A datagram to be sent from a new port to one of ask->addresses. */
struct srq_outgoing {
	const uint8_t *datagram; /* SRQ_SHORT bytes, until the next call */
	uint8_t address;
	uint32_t copy; /* give it back with whatever comes to that port */
};

/* real_time: ns since 1970 at now. */
void srq_session_begin(struct srq_session *s, const struct srq_ask *ask,
		       uint64_t now, uint64_t real_time);

/* Let time pass, and the next datagram to send now; false: none. */
bool srq_session_send(struct srq_session *s, uint64_t now,
		      struct srq_outgoing *out);

/* When to call srq_session_send() again at the latest. */
uint64_t srq_session_deadline(const struct srq_session *s);

/*
 * An authentic reply of SRQ_SHORT_BODY bytes came from that address to the port
 * that copy was sent from. Whatever does not answer this session's question
 * has no effect.
 */
void srq_session_receive(struct srq_session *s, uint64_t now, uint8_t address,
			 uint32_t copy, const uint8_t *body);

/*
 * Sending to that address failed with error (an errno value): local where this
 * machine could not send at all, else an ICMP message, which anyone can forge
 * and which therefore ends nothing before its time.
 */
void srq_session_error(struct srq_session *s, uint64_t now, uint8_t address,
		       int error, bool local);

/*
 * That copy never left this machine, for want of something that it may have
 * the next time: as good as lost on the way, but surely not received.
 */
void srq_session_unsent(struct srq_session *s, uint64_t now, uint8_t address,
			int error);

/* Nobody called for ns longer than was asked for: that was no silence. */
void srq_session_late(struct srq_session *s, uint64_t ns);

/* Follow it no further. */
void srq_session_stop(struct srq_session *s);

/* What has happened, one event a call, in order; *step with EVENT_STEP. */
enum srq_event srq_session_event(struct srq_session *s, uint8_t *step);

static inline bool srq_session_ended(const struct srq_session *s)
{
	return s->phase == SRQ_PHASE_ENDED;
}

#endif
