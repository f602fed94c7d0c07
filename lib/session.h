/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session is one question to one host: its status, or a command. It is the
 * client's side of docs/protocol.md, "How the client asks".
 *
 * A session is a pure state machine: it opens no socket and reads no clock.
 * Datagrams and the time go in. Datagrams to send, the time of the next call
 * and events come out. All its memory is one struct, so one loop can drive many
 * sessions:
 *
 *	srq_session_begin()
 *	until srq_session_ended():
 *		send what srq_session_send() gives, until it gives no more
 *		tell what srq_session_event() gives, until it gives no more
 *		wait for a datagram or srq_session_deadline()
 *		srq_session_receive() or srq_session_error() for what came
 *
 * Times are in ns, of any clock that never goes back. The clock has to count
 * while the machine is suspended, or one-way stamps are wrong after that. The
 * caller has called sodium_init(): random numbers are libsodium's.
 */
#ifndef SRQ_SESSION_H
#define SRQ_SESSION_H

#include "core/datagram.h"
#include "lib/track.h"

#define SRQ_NEVER        UINT64_MAX
#define SRQ_COPY_UNKNOWN UINT32_MAX

static inline uint64_t srq_earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The question, and the host. It stays the caller's, and outlives the
 * session. */
struct srq_ask {
	struct srq_keys keys;
	enum sysrq_way way;
	bool one_address;     /* one-way commands go to one address only */
	uint64_t timeout;     /* for the answers to one question */
	uint64_t one_way_for; /* a one-way command is void so long after */
	uint64_t epoch;       /* a command is for this one only; 0: for any */
	uint64_t boot_time;   /* of the host, when it had this epoch */
	uint8_t count; /* of steps, 1 to SRQ_STEPS_MAX; 0: only the status */
	struct srq_step steps[SRQ_STEPS_MAX];
	uint8_t address_count; /* 1 to SYSRQ_ADDRESSES_MAX */
	/* The destination that a one-way command to each address names; IPv4 is
	 * ::ffff:a.b.c.d. */
	uint8_t addresses[SYSRQ_ADDRESSES_MAX][SRQ_ADDRESS_LEN];
};

enum srq_phase {
	SRQ_PHASE_HELLO,   /* waiting for a status */
	SRQ_PHASE_COMMAND, /* waiting for the first result, in session */
	SRQ_PHASE_ONE_WAY, /* waiting for the first result, one-way */
	SRQ_PHASE_RUN,     /* accepted: following the run */
	SRQ_PHASE_ENDED,
};

/* What has become of the datagrams to an address */
struct srq_reach {
	unsigned int refused; /* how often ECONNREFUSED came back */
	int error;            /* the last other error, or 0 */
	bool local;           /* the last send failed on this machine */
	uint64_t when;        /* time of the last error of any kind */
};

struct srq_session {
	/* Callers may read these fields, and write none of them. */
	enum srq_phase phase;
	enum sysrq_end end;
	bool has_status;
	struct srq_status status;
	int64_t status_ahead;  /* ns: host's clock minus ours, at the status */
	uint64_t status_heard; /* when the status came */
	uint8_t address;       /* index of the address that has answered */
	bool one_way;          /* the command was sent one-way */
	struct srq_track track;
	uint64_t heard; /* when the last result came; 0: none has come */
	uint64_t
		newest; /* the host's boot time in the last result of the run */
	uint64_t late;  /* ns since then when nobody called us */
	uint64_t log_first;  /* number of the run's first log record */
	uint64_t log_next;   /* number of the next one, at the last result */
	enum srq_code code;  /* END_REFUSED: the reason */
	bool sure;           /* END_REFUSED: nothing was and will be pressed */
	bool restarted;      /* since the status: the host has booted */
	uint64_t void_at;    /* END_REFUSED: see srq_session_void_at() */
	uint32_t busy_for;   /* SRQ_BUSY: ms, at the latest */
	uint8_t step;        /* END_REFUSED, END_ALIVE: index of the step */
	int64_t clock_ahead; /* END_REFUSED: ns, host's clock minus ours */
	uint64_t host_time;  /* END_REFUSED: ns since 1970 */
	struct srq_reach reach[SYSRQ_ADDRESSES_MAX];

	/* The rest is the session's own. */
	const struct srq_ask *ask;
	int64_t real_offset; /* real time minus our clock */
	uint64_t id;
	uint64_t order;
	uint64_t deadline;   /* of the command */
	uint64_t anew_until; /* a new command may be made; 0: none was made */
	unsigned int anew;   /* how often it was made anew */
	uint64_t epoch;      /* the key's, that the command is for; 0: any */
	uint64_t boot_time;  /* of the host: the highest known */
	bool proving;        /* c was pressed: asks whether it panicked */
	uint64_t began;      /* this phase */
	uint64_t ends;
	uint64_t next_send;
	uint64_t last_sent;
	uint64_t changed;         /* when the run last got on */
	unsigned int backoff;     /* rounds since the pauses began anew */
	unsigned int unanswered;  /* rounds since the last result */
	uint8_t from, to, cursor; /* addresses of a round */
	uint32_t copy;            /* number of the next datagram */
	uint32_t first_copy;      /* of this phase */
	uint32_t unsent;          /* copies of this phase that never left */
	uint64_t refused_copies;  /* a bit each, from first_copy */
	unsigned int news;        /* events to tell */
	uint8_t told;             /* steps told */
	uint8_t datagram[SRQ_SHORT];
};

/* A datagram to send from a new port to one of ask->addresses */
struct srq_outgoing {
	const uint8_t *datagram; /* SRQ_SHORT bytes, until the next call */
	uint8_t address;         /* its index */
	uint32_t copy;           /* give it back with the answer to that port */
};

/* real_time: the real time at `now`, in ns since 1970. */
void srq_session_begin(struct srq_session *s, const struct srq_ask *ask,
		       uint64_t now, uint64_t real_time);

/* Gives the next datagram to send now; false: there is none. */
bool srq_session_send(struct srq_session *s, uint64_t now,
		      struct srq_outgoing *out);

/* Returns when to call srq_session_send() at the latest. */
uint64_t srq_session_deadline(const struct srq_session *s);

/*
 * Takes the body of an authentic reply, SRQ_SHORT_BODY bytes. It came from this
 * address to the port that `copy` was sent from, or SRQ_COPY_UNKNOWN if several
 * copies were. A body that does not answer
 * the question has no effect.
 */
void srq_session_receive(struct srq_session *s, uint64_t now, uint8_t address,
			 uint32_t copy, const uint8_t *body);

/*
 * A datagram to this address has failed with error, an errno value. local: this
 * machine cannot send to the address at all. Else an ICMP message came. Anybody
 * can forge such a message, so it ends nothing before its time.
 */
void srq_session_error(struct srq_session *s, uint64_t now, uint8_t address,
		       int error, bool local);

/*
 * A copy has never left this machine, for lack of something that the next one
 * may have. It is as good as lost on the way, but the host has surely not got
 * it.
 */
void srq_session_unsent(struct srq_session *s, uint64_t now, uint8_t address,
			int error);

/* The caller is late by ns. The host was not silent in that time. */
void srq_session_late(struct srq_session *s, uint64_t ns);

/* Ends the session: it follows the run no further. */
void srq_session_stop(struct srq_session *s);

/*
 * Returns the next event, in order; 0: there is none. EVENT_STEP: *step becomes
 * the index of the step. EVENT_TEXT and EVENT_LOG_END are not a session's.
 */
enum sysrq_event_type srq_session_event(struct srq_session *s, uint8_t *step);

static inline bool srq_session_ended(const struct srq_session *s)
{
	return s->phase == SRQ_PHASE_ENDED;
}

#endif
