/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The judge: an opened request and the time go in, one verdict comes out.
 * docs/protocol.md, "How the host judges a command".
 *
 * A pure state machine: it does no I/O, reads no clock and allocates nothing.
 * The caller serializes all calls on one gate and owns its memory. Any
 * context.
 */
#ifndef SRQ_GATE_H
#define SRQ_GATE_H

#include "core/message.h"

enum {
	SRQ_OPERATOR_NAME_MAX = 31,
	SRQ_DEADLINE_MAX_S = 600,
	SRQ_GONE_MAX = 64,
};

/* The last command accepted from a key, so that asking again is harmless. */
struct srq_accepted {
	uint64_t id;
	uint64_t order; /* sequence or stamp; 0: none yet */
	uint64_t run;
	bool settled; /* a newer run has begun: code and progress are final */
	enum srq_code code;
	struct srq_progress progress;
};

/*
 * The last command refused for its letters. It is used up like an accepted one: or
 * a recording of it could be let through once permissions have changed.
 */
struct srq_refused {
	uint64_t id;
	uint64_t order; /* 0: none yet */
	enum srq_code code;
	uint8_t count; /* steps it had */
	uint8_t step;  /* and the one refused */
};

/* What is remembered of the commands from a key, by either way. */
struct srq_past {
	uint64_t floor; /* no order up to this is new */
	struct srq_accepted accepted;
	struct srq_refused refused;
};

struct srq_operator {
	char name[SRQ_OPERATOR_NAME_MAX + 1];
	struct srq_keys keys;
	uint64_t permitted; /* letters */
	bool may_read_log;
	uint64_t since; /* time since boot when its key was set, ns */
	struct srq_past session;
	struct srq_past one_way;
	uint64_t last_used; /* time since boot of its last new command, or 0 */
	char last_letters[SRQ_STEPS_MAX + 1]; /* of its last run */
};

/* The newest one-way stamp that a key had used up when it was taken away. */
struct srq_gone {
	uint8_t id[SRQ_KEY_ID_LEN];
	uint64_t stamp; /* 0: none here */
};

struct srq_gate {
	uint64_t epoch; /* never 0 */
	uint64_t runs;  /* number of the newest run */
	/* Keys that were taken away: in a ring, and the newest stamp of those
	 * that it had no room for. */
	struct srq_gone gone[SRQ_GONE_MAX];
	unsigned int gone_next;
	uint64_t gone_beyond;
	unsigned int count;
	struct srq_operator operators[]; /* count of them */
};

/* What the host is like as a datagram arrives. */
struct srq_situation {
	uint64_t boot_time;               /* ns */
	uint64_t real_time;               /* ns since 1970 */
	uint32_t tolerance;               /* seconds; 0: no one-way commands */
	uint8_t address[SRQ_ADDRESS_LEN]; /* where the datagram was sent to */
	uint64_t known;                   /* letters that have a handler */
	uint64_t mask_letters;            /* … that the sysrq mask permits */
	uint64_t rule_letters; /* … that the firewall rule permits */
};

enum srq_action {
	SRQ_ACT_NOTHING, /* authentic, yet nothing to answer */
	SRQ_ACT_STATUS,
	SRQ_ACT_RUN,    /* start command as run number run */
	SRQ_ACT_REPEAT, /* tell how far run number run has come: code and
			 * progress, or where !settled, ask the run itself */
	SRQ_ACT_REFUSE, /* reply of reply_type with code */
	SRQ_ACT_LOG,    /* send the log from log_first */
};

struct srq_verdict {
	enum srq_action action;
	enum srq_code code;
	enum srq_type reply_type;
	uint64_t id;
	uint64_t run;
	uint64_t log_first;
	bool settled;
	/* Refused: how many steps it had and which one it was. */
	struct srq_progress progress;
	struct srq_command command;
};

/* The operator whose key id this is, or NULL. */
struct srq_operator *srq_gate_find(struct srq_gate *gate,
				   const uint8_t id[SRQ_KEY_ID_LEN]);

/*
 * Judge the body of a request that was opened with that operator's key.
 * operator belongs to gate; the verdict is all that the caller needs and
 * points nowhere.
 */
void srq_gate_judge(struct srq_gate *gate, struct srq_operator *who,
		    const uint8_t *body, size_t body_len,
		    const struct srq_situation *now,
		    struct srq_verdict *verdict);

/* The highest sequence that this key has used up. */
uint64_t srq_gate_sequence(const struct srq_operator *who);

/* What this operator could press now. */
uint64_t srq_gate_letters(const struct srq_operator *who,
			  const struct srq_situation *now);

/* A newer run takes that one's place: keep how it ended. */
void srq_gate_settle(struct srq_gate *gate, uint64_t run, enum srq_code code,
		     const struct srq_progress *progress);

/*
 * Keys have changed: what `from` knows of one-way stamps stays known for every
 * key that is in both, so that no old datagram gets a second life, and so does
 * when it was used. A key that was taken away and comes back finds its stamps
 * used up. `to` must have an epoch of its own.
 */
void srq_gate_inherit(struct srq_gate *to, struct srq_gate *from);

#endif
