/* SPDX-License-Identifier: GPL-2.0 */
/* --until-back: has the host rebooted, and when does it answer again? */
#ifndef SRQ_BACK_H
#define SRQ_BACK_H

#include "lib/sysrq.h"

enum back_state {
	BACK_ASKING,
	BACK_PAUSE, /* it answered as before, or its port is still closed */
	BACK_REBOOTED,
	BACK_DOWN,	 /* no answer within the limit */
	BACK_NEVER_DOWN, /* it goes on answering, from the same boot */
};

struct back {
	struct sysrq_host *host;
	enum back_state state;
	uint64_t began;
	uint64_t ends;	    /* the limit */
	uint64_t heard;	    /* the last answer before it went */
	bool answered;	    /* the last question */
	uint64_t ask_again; /* BACK_PAUSE: when */
	uint64_t away;	    /* BACK_REBOOTED: ns from that answer to the next */
};

/* heard: when it last answered. limit: ns from now. */
void back_begin(struct back *back, struct sysrq_host *host, uint64_t heard,
		uint64_t limit, uint64_t now);

/* Take EVENT_END of the host. */
void back_event(struct back *back, uint64_t now);

/* Time goes by. Returns when to be called next. */
uint64_t back_tick(struct back *back, uint64_t now);

static inline bool back_over(const struct back *back)
{
	return back->state >= BACK_REBOOTED;
}

#endif
