/* SPDX-License-Identifier: GPL-2.0 */
/* The event loop that pressing, status and log run until they have finished. */
#ifndef SRQ_LOOP_H
#define SRQ_LOOP_H

#include "lib/sysrq.h"

#define LOOP_NEVER UINT64_MAX

struct target;
struct targets;

/* The functions of a subcommand. They get the data of loop_run(). */
struct loop_calls {
	/* A target has its addresses, a problem or the member same. */
	void (*found)(void *data, struct target *target);
	/* Take an event of a host. */
	void (*event)(void *data, const struct sysrq_event *event);
	/*
	 * Draw, or ask again. now: sysrq_now(). Returns the time of the next
	 * call in ns at the latest, or LOOP_NEVER; events make it earlier.
	 */
	uint64_t (*tick)(void *data, uint64_t now);
	/*
	 * SIGINT, SIGTERM, SIGHUP or SIGQUIT came. True: go on until finished()
	 * says so. False: the signal ends the process.
	 */
	bool (*interrupt)(void *data);
	/* True: the loop ends. */
	bool (*finished)(const void *data);
};

/* Find the targets, and take events of them, until finished() returns true. */
void loop_run(struct targets *targets, const struct loop_calls *calls,
	      void *data);

#endif
