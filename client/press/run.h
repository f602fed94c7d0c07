/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The states of one pressing: letters on one host, with the reading of what its
 * kernel prints, a diagnosis, and the wait for its return. What happens is told
 * to a listener: one.c, many.c or json.c.
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

/* What is to be done on each host. */
struct plan {
	struct steps steps;
	enum sysrq_way way;
	uint64_t timeout;    /* ns */
	uint64_t until_back; /* ns; 0: do not wait for its return */
	bool quiet;	     /* do not read what the kernel prints */
};

struct run;

/* data: the listener's own, as it was given to run_begin(). */
struct run_listener {
	/* The host has answered; or it has not, and the command goes one-way. */
	void (*status)(void *data, struct run *run);
	/* That step of run->pressed has its last fate. */
	void (*step)(void *data, struct run *run, unsigned int step);
	/* len bytes, whole lines, that the kernel printed for the last step. */
	void (*text)(void *data, struct run *run, const char *text, size_t len);
	/* RUN_BACK: it is pressed, its return is waited for. RUN_OVER. */
	void (*end)(void *data, struct run *run);
};

enum run_state {
	RUN_ASKING,    /* for its status, to diagnose */
	RUN_LOG_FIRST, /* reading its log, before letters are pressed */
	RUN_PRESSING,
	RUN_LOG_LAST, /* reading what came after that */
	RUN_BACK,     /* waiting for its return */
	RUN_OVER,
};

/* Callers read it, and write the name alone. */
struct run {
	const struct plan *plan;
	struct target *target;
	const struct run_listener *listener;
	void *data;
	char name[254]; /* what the host is called, safe to print */
	enum run_state state;
	struct printed printed;
	struct diagnosis diagnosis;
	bool one_way; /* no status came */
	bool ended;   /* the pressing */
	unsigned int ended_steps;
	unsigned int told_steps;
	bool reading_step; /* the text of the next step to be told */
	bool unread_told;
	bool interrupted;
	uint64_t bounds[SYSRQ_STEPS_MAX]; /* log's end as each step ended */
	struct sysrq_outcome pressed;	  /* how far it is, or how it ended */
	struct back back;		  /* host is NULL before RUN_BACK */
	uint64_t began;			  /* ns */
	uint64_t took;			  /* ns; RUN_OVER */
	enum exit_status status;	  /* RUN_OVER */
};

/*
 * Begin at once. target, plan, listener and data outlive run, which run_free()
 * frees.
 */
void run_begin(struct run *run, const struct plan *plan, struct target *target,
	       const struct run_listener *listener, void *data, uint64_t now);

/* Take an event of its host. */
void run_event(struct run *run, const struct sysrq_event *event, uint64_t now);

/* Go on as far as it goes. Returns when to be called next, ns. */
uint64_t run_tick(struct run *run, uint64_t now);

/* Stop watching. False: nothing was sent that could be told of. */
bool run_interrupt(struct run *run, uint64_t now);

/*
 * Write the sentence that says what went wrong, without a newline; nothing
 * where nothing did.
 */
void run_sentence(FILE *out, const struct run *run);
/* The same as a line on stderr. */
void run_tell_sentence(const struct run *run);

/* What sentence.h wants to know of it. */
struct about run_about(const struct run *run);

/* Does the kernel print anything for that step, or for one behind it? */
bool plan_prints_from(const struct plan *plan, unsigned int step);

void run_free(struct run *run);

#endif
