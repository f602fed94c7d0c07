/* SPDX-License-Identifier: GPL-2.0 */
/* --until-back: asks a host again and again until it has rebooted. */
#ifndef SRQ_BACK_H
#define SRQ_BACK_H

#include <stdio.h>

#include "client/hosts/proof.h"
#include "client/output/exit.h"
#include "lib/sysrq.h"

enum back_state {
	BACK_ASKING,     /* a question is on its way */
	BACK_PAUSE,      /* the host has not rebooted yet; ask again later */
	BACK_REBOOTED,   /* the host has answered after a reboot */
	BACK_DOWN,       /* no answer came within the limit */
	BACK_NEVER_DOWN, /* the host answers on, and has not rebooted */
	BACK_PANICKED,   /* its kernel has panicked, and is so still */
};

/* Times are as sysrq_now() gives them, in ns. */
struct back {
	struct sysrq_host *host;
	enum back_state state;
	struct proof proof; /* what shows that it has rebooted */
	bool crash;         /* the last letter is c */
	uint64_t began;
	uint64_t ends;     /* when the limit is over */
	uint64_t heard;    /* the last answer before the crash or the reboot */
	uint64_t panicked; /* the last one since the crash; 0: none */
	bool answered;     /* the host answered the last question */
	bool dead;         /* … and said that it has panicked */
	uint64_t
		reboots_in; /* … and reboots by itself after so long; 0: never */
	uint64_t ask_again; /* BACK_PAUSE: when to ask */
	/* BACK_REBOOTED: ns from heard to the answer after, and the parts of them */
	struct back_times {
		uint64_t away;
		uint64_t panicked; /* after c: until it said so no more */
		uint64_t silent;   /* no kernel that could answer ran */
		uint64_t up;       /* since the boot */
	} times;
};

/* True: the host may be rebooting, because of its last letter. */
bool back_may_come(const struct sysrq_outcome *pressed);

/*
 * Ask host for the first time. pressed is how the pressing went, which began at sent.
 * limit is how long to wait from now on, in ns. The caller owns host.
 */
void back_begin(struct back *back, struct sysrq_host *host,
		const struct sysrq_outcome *pressed, uint64_t sent,
		uint64_t limit, uint64_t now);

/* Call it for each SYSRQ_EVENT_END of the host. */
void back_event(struct back *back, uint64_t now);

/*
 * Ask again if it is time. Returns the time of the next call; UINT64_MAX: after
 * the next event.
 */
uint64_t back_tick(struct back *back, uint64_t now);

/* True: the state will not change any more. */
static inline bool back_over(const struct back *back)
{
	return back->state >= BACK_REBOOTED;
}

/* The reboot shows that the last letter was pressed, and no other. Was the end of
 * each other one seen? */
bool back_after_all(const struct sysrq_outcome *pressed);

/* Return the exit status of the pressing, which was `before` without the wait. */
enum exit_status back_exit(const struct back *back,
			   const struct sysrq_outcome *pressed,
			   enum exit_status before);

/* BACK_REBOOTED: write how long the host was away, without a newline. */
void back_say_times(FILE *out, const struct back *back, const char *name);

/* Write the sentence that says why the host is not back, after limit at the latest, in
 * ns, or what was not seen before. Else write nothing. */
void back_say(FILE *out, const struct back *back,
	      const struct sysrq_outcome *pressed, const char *name,
	      uint64_t limit);

#endif
