/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate judges: an opened request and the situation of the host go in, and
 * one verdict comes out. docs/protocol.md, "How the host judges".
 *
 * The gate is a pure state machine: it does no I/O, reads no clock and
 * allocates nothing. The caller owns its memory, and makes one call at a time
 * on one gate. Any context. Times are in nanoseconds.
 */
#ifndef SRQ_GATE_H
#define SRQ_GATE_H

#include "core/message.h"

enum {
	SRQ_OPERATOR_NAME_MAX = 31, /* bytes, without the NUL */
	SRQ_DEADLINE_MAX_S = 600,
	SRQ_AHEAD_MAX_S = 60,    /* of a stamp, ahead of the host's clock */
	SRQ_AHEAD_IN_PANIC = 10, /* and 1 s for so many s since a panic */
	SRQ_GONE_MAX = 64,       /* keys that were taken away */
};

/* A sequence may be higher than the highest one used up by less than this. */
#define SRQ_SEQUENCE_STEP (1ULL << 32)

/* The last accepted command of a key: a repeated one must not run again. */
struct srq_accepted {
	uint64_t id;
	uint64_t order; /* sequence or stamp; 0: there is no command yet */
	uint64_t run;   /* its number */
	bool settled;   /* a newer run has begun: code and progress are final */
	enum srq_code code;
	struct srq_progress progress;
};

/*
 * The last command of a key that was refused for its letters, or for the run
 * in progress. It is used up like an accepted one: permissions may change, and
 * a recording of the command must not run then.
 */
struct srq_refused {
	uint64_t id;
	uint64_t order; /* 0: there is no command yet */
	enum srq_code code;
	uint8_t count; /* of its steps */
	uint8_t step;  /* index of the refused step */
};

/* What the gate remembers of the commands of a key, for one of the two ways. */
struct srq_past {
	uint64_t floor; /* an order up to this one is used up */
	struct srq_accepted accepted;
	struct srq_refused refused;
};

/* A limit of the host for what it tells its log of a key. */
struct srq_lines {
	uint64_t since; /* time since boot */
	unsigned int told, untold;
};

struct srq_operator {
	char name[SRQ_OPERATOR_NAME_MAX + 1];
	struct srq_keys keys;
	uint64_t permitted; /* a set of letters */
	bool may_read_log;
	uint64_t epoch; /* random, never 0, new each time the key is set */
	uint64_t since; /* time since boot when the key was set */
	struct srq_past session;
	struct srq_past one_way;
	uint64_t last_used; /* time since boot of the last new command, or 0 */
	char last_letters[SRQ_STEPS_MAX + 1]; /* of the last run, a string */
	struct srq_lines lines[2]; /* the host's; the gate keeps them */
};

/* A key that was taken away, and its newest one-way stamp */
struct srq_gone {
	uint8_t id[SRQ_KEY_ID_LEN];
	uint64_t stamp; /* 0: there is no key here */
};

struct srq_gate {
	uint64_t runs;                      /* number of the newest run */
	struct srq_gone gone[SRQ_GONE_MAX]; /* a ring */
	unsigned int gone_next;             /* place for the next one */
	uint64_t gone_beyond; /* newest stamp of the keys without a place */
	unsigned int count;
	struct srq_operator operators[]; /* count of them */
};

/* The run in progress */
struct srq_in_progress {
	bool any; /* false: there is none, and the next four mean nothing */
	char owner[SRQ_OPERATOR_NAME_MAX + 1]; /* name of its operator */
	uint64_t letters; /* a set: those that it has not pressed yet */
	bool overdue; /* it is stuck, or no longer permitted: anybody may end it */
	uint32_t ends_in; /* milliseconds, at the latest */
	/* Nobody may end it, because there is no room for another run. */
	bool full;
};

/* The situation of the host when a datagram arrives */
struct srq_situation {
	uint64_t boot_time;               /* time since boot */
	uint64_t real_time;               /* since 1970 */
	uint32_t tolerance;               /* seconds; 0: no one-way commands */
	uint32_t since_panic;             /* seconds; 0: it has not panicked */
	uint8_t address[SRQ_ADDRESS_LEN]; /* the datagram's destination */
	/* Sets of letters: with a handler; permitted by the sysrq mask;
	 * permitted by the firewall rule. */
	uint64_t known;
	uint64_t mask_letters;
	uint64_t rule_letters;
	struct srq_in_progress run;
};

enum srq_action {
	SRQ_ACT_NOTHING, /* the request is authentic, but has no answer */
	SRQ_ACT_STATUS,  /* send the status */
	SRQ_ACT_RUN,     /* begin the command as run number `run` */
	/* Tell how far run number `run` has come. If settled: code and
	 * progress. Else the run itself knows it. */
	SRQ_ACT_REPEAT,
	SRQ_ACT_REFUSE, /* send a reply of reply_type with code */
	SRQ_ACT_LOG,    /* send the log from record log_first on */
};

/* All that the caller needs. It points nowhere. */
struct srq_verdict {
	enum srq_action action;
	enum srq_code code;
	enum srq_type reply_type;
	uint64_t id;
	uint64_t run;
	uint64_t log_first;
	bool settled;
	bool again; /* REFUSE: the same command was refused before */
	/* REFUSE: count is the number of steps, finished the refused one. */
	struct srq_progress progress;
	struct srq_command command;
};

/* Returns the gate's operator with this key id; NULL: there is none. */
struct srq_operator *srq_gate_find(struct srq_gate *gate,
				   const uint8_t id[SRQ_KEY_ID_LEN]);

/*
 * Judges the body of a request. The operator is within the gate, and the
 * request was opened with the operator's key. Any bytes may be in the body,
 * which has SRQ_SHORT_BODY or SRQ_LONG_BODY of them.
 */
void srq_gate_judge(struct srq_gate *gate, struct srq_operator *who,
		    const uint8_t *body, size_t body_len,
		    const struct srq_situation *now,
		    struct srq_verdict *verdict);

/* Returns the highest sequence that this operator's key has used up. */
uint64_t srq_gate_sequence(const struct srq_operator *who);

/* Returns the letters that this operator may press now, a set. */
uint64_t srq_gate_letters(const struct srq_operator *who,
			  const struct srq_situation *now);

/*
 * May this operator still press the letter? Judged anew before each letter of a
 * run. The operator's key has the key id; id may belong to nobody.
 */
bool srq_gate_still_permits(struct srq_gate *gate,
			    const uint8_t id[SRQ_KEY_ID_LEN], char letter);

/* A newer run takes the place of run number `run`, which has ended so. */
void srq_gate_settle(struct srq_gate *gate, uint64_t run, enum srq_code code,
		     const struct srq_progress *progress);

/*
 * The keys have changed, and the gate `to` takes the place of the gate `from`.
 * Every key in both keeps its epoch, its age, its sequences and stamps, its last
 * commands and its last use. A key that was taken away and comes back finds its
 * stamps used up; the caller has given it a new epoch.
 */
void srq_gate_inherit(struct srq_gate *to, struct srq_gate *from);

/*
 * The machine was cloned, or restored from a snapshot: nothing that was made
 * before is valid any more. Gives each key an age of 0 and a new epoch:
 * epochs has gate->count random numbers, none of them 0. now: time since boot.
 */
void srq_gate_renew(struct srq_gate *gate, const uint64_t *epochs,
		    uint64_t now);

#endif
