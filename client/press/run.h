/* SPDX-License-Identifier: GPL-2.0 */
/* The pressing of keys on one host, with all that goes with it. */
#ifndef SRQ_RUN_H
#define SRQ_RUN_H

#include "client/press/back.h"
#include "client/output/exit.h"
#include "client/output/logtext.h"
#include "client/press/printed.h"
#include "client/press/show.h"
#include "client/press/steps.h"
#include "client/hosts/targets.h"
#include "lib/sysrq.h"

/* What is to be done on each host. */
struct plan {
	struct steps steps;
	enum sysrq_way way;
	uint64_t timeout;    /* ns */
	uint64_t until_back; /* ns; 0: do not wait for it */
	bool quiet;	     /* do not read what the kernel prints */
	bool alone;	     /* one host: show each step as it ends */
};

enum run_state {
	RUN_ASKING,    /* who it is, to diagnose */
	RUN_LOG_FIRST, /* its log, before keys are pressed */
	RUN_PRESSING,
	RUN_LOG_LAST, /* what came after that */
	RUN_BACK,     /* waiting for its return */
	RUN_OVER,
};

struct run {
	const struct plan *plan;
	struct target *target;
	enum run_state state;
	struct show show; /* its name, at least */
	struct output output;
	struct logtext logtext;
	char prefix[260]; /* of its lines, among those of several hosts, */
	char *text;	  /* where they wait here: text_len bytes */
	size_t text_len;
	FILE *stream; /* which that comes by */
	bool ended;   /* the pressing */
	unsigned int ended_steps;
	unsigned int told_steps;
	bool reading_step; /* the next to be told: its text was asked for */
	bool unread_told;
	bool interrupted;
	uint64_t bounds[SYSRQ_STEPS_MAX]; /* log's end as each step ended */
	struct sysrq_outcome pressed;	  /* how far it is, or how it ended */
	struct back back;
	FILE *file; /* of a diagnosis */
	char file_name[128];
	uint64_t began;
	uint64_t took;
	enum exit_status status; /* RUN_OVER */
	/* The caller's: */
	bool touched;  /* an event has come */
	bool counted;  /* that it is over */
	uint64_t next; /* when to call it */
};

/* target and plan outlive run. Begins at once; see state. */
void run_begin(struct run *run, const struct plan *plan, struct target *target,
	       uint64_t now);

/* Take an event of its host. */
void run_event(struct run *run, const struct sysrq_event *event, uint64_t now);

/* Go on as far as it goes. Returns when to be called next, ns. */
uint64_t run_tick(struct run *run, uint64_t now);

/* Stop watching. False: nothing was sent that could be told of. */
bool run_interrupt(struct run *run, uint64_t now);

/* The sentence that tells what went wrong, if anything did, without newline. */
void run_sentence(struct run *run, FILE *out, uint64_t now);

/* Of several hosts: what the kernel printed, each line behind the host's name. */
void run_print_output(struct run *run);

/* Frees what run holds. */
void run_free(struct run *run);

#endif
