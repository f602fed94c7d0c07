/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run is the pressing of letters on one host. It includes a diagnosis, the
 * reading of what the kernel prints, and the wait until the host is back. It
 * calls a listener, which prints: one.c, many.c or json.c.
 */
#ifndef SRQ_RUN_H
#define SRQ_RUN_H

#include "client/hosts/targets.h"
#include "client/output/exit.h"
#include "client/output/sentence.h"
#include "client/press/back.h"
#include "client/press/diagnosis.h"
#include "client/press/printed.h"
#include "client/press/steps.h"

/* What to do on each host. */
struct plan {
	struct steps steps;
	enum sysrq_way way;
	uint64_t timeout;     /* ns */
	uint64_t one_way_for; /* ns that such a command is valid; 0: as usual */
	uint64_t until_back;  /* ns; 0: do not wait until the host is back */
	bool quiet;           /* do not read what the kernel prints */
};

struct run;

/*
 * The functions of a listener. data is the listener's own, of run_begin(). Only
 * end() may not be NULL.
 */
struct run_listener {
	/*
	 * The host has sent its status. Or no status came, and the command goes
	 * one-way: run->one_way.
	 */
	void (*status)(void *data, struct run *run);
	/* The fate of a step is final; step is its index in run->pressed. */
	void (*step)(void *data, struct run *run, unsigned int step);
	/*
	 * The kernel printed this for the last step: one line, len bytes with
	 * its newline.
	 */
	void (*text)(void *data, struct run *run, const char *text, size_t len);
	/* The log is in the file run->diagnosis.name. */
	void (*saved)(void *data, struct run *run);
	/*
	 * The state is RUN_BACK: the pressing has ended, and the wait begins.
	 * Or it is RUN_OVER: all has ended.
	 */
	void (*end)(void *data, struct run *run);
};

enum run_state {
	RUN_FINDING,   /* waiting for the addresses of the host */
	RUN_ASKING,    /* to save the log: waiting for the status */
	RUN_LOG_FIRST, /* reading the log before the pressing */
	RUN_PRESSING,
	RUN_LOG_LAST, /* diagnosis: reading the log of the pressing */
	RUN_BACK,     /* waiting until the host is back */
	RUN_OVER,
};

/* Other files may read the members. */
struct run {
	const struct plan *plan;
	struct target *target;
	const struct run_listener *listener;
	void *data;     /* of the listener */
	void *own;      /* the listener's, for this run; NULL at first */
	char name[254]; /* of the host, as the user wrote it, safe to print */
	enum run_state state;
	struct printed printed;
	struct diagnosis diagnosis;
	bool one_way;             /* no status came */
	bool ended;               /* the pressing has ended */
	uint64_t ended_at;        /* ns */
	unsigned int ended_steps; /* steps with a final fate */
	unsigned int told_steps;  /* those that the listener knows */
	bool reading_step;        /* reads what the next step to tell printed */
	bool unread_told;         /* tell_unread() has told it */
	bool interrupted;
	uint64_t bounds[SYSRQ_STEPS_MAX]; /* end of the log after each step */
	struct sysrq_outcome pressed;     /* of the pressing, so far */
	struct back back;                 /* its host is NULL before RUN_BACK */
	uint64_t began;                   /* ns */
	uint64_t sent;                    /* ns: just before the pressing */
	uint64_t took;                    /* RUN_OVER: ns */
	enum exit_status status;          /* RUN_OVER */
};

/*
 * Begin a run, whose host has no addresses yet. The caller owns target, plan,
 * listener and data, keeps them longer than run, and calls run_free().
 */
void run_begin(struct run *run, const struct plan *plan, struct target *target,
	       const struct run_listener *listener, void *data, uint64_t now);

/* Go on, because the host has got its addresses, or a problem. */
void run_found(struct run *run, uint64_t now);

/* End a run that has sent nothing: its host is that of another run, which is over
 * with status, or there is too little memory. */
void run_skip(struct run *run, enum exit_status status, uint64_t now);

/* Take an event of the host. Not if the state is RUN_OVER. */
void run_event(struct run *run, const struct sysrq_event *event, uint64_t now);

/*
 * Go on after events, or when it is time. Returns the time of the next call in
 * ns; now: call it again at once; UINT64_MAX: after the next event.
 */
uint64_t run_tick(struct run *run, uint64_t now);

/*
 * Stop watching: the user has interrupted it. False: nothing was sent, and
 * there is nothing to tell.
 */
bool run_interrupt(struct run *run, uint64_t now);

/*
 * Write the sentence that says what went wrong, without a newline. If all went
 * well, write nothing.
 */
void run_sentence(FILE *out, const struct run *run);
/* The same sentence as a line on stderr. */
void run_tell_sentence(const struct run *run);

/* What the functions of sentence.h need. It points into run. */
struct about run_about(const struct run *run);

/* Free what run holds. Not run itself. */
void run_free(struct run *run);

#endif
