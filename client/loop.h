/* SPDX-License-Identifier: GPL-2.0 */
/* The event loop of a command: signals, the terminal, and libsysrq. */
#ifndef SRQ_LOOP_H
#define SRQ_LOOP_H

#include "lib/sysrq.h"

/* What a command does in it; data is the command's own. */
struct loop {
	struct sysrq *ctx;
	void *data;
	void (*event)(void *data, const struct sysrq_event *event);
	/* Time goes by: draw, ask again. Returns when to be called next, ns. */
	uint64_t (*tick)(void *data, uint64_t now);
	/* SIGINT, SIGTERM, SIGHUP. False: nothing was sent that could be told
	 * of, and the signal takes its course. */
	bool (*interrupt)(void *data);
	bool (*finished)(const void *data);
};

#define LOOP_NEVER UINT64_MAX

void loop_run(const struct loop *loop);

#endif
