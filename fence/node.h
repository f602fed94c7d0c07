/* SPDX-License-Identifier: GPL-2.0 */
/* Finds nodes, asks them, and presses letters on one of them. Each function waits. */
#ifndef SRQ_FENCE_NODE_H
#define SRQ_FENCE_NODE_H

#include <stdbool.h>

#include "client/hosts/targets.h"
#include "lib/sysrq.h"

struct options;

/* How long a node has for its first answer */
#define NODE_TIMEOUT (5 * SYSRQ_SECOND)

struct node {
	const char *name; /* as it was given */
	struct targets targets;
	struct sysrq_host *host;
	struct sysrq_status status; /* the newest one */
	/* node_press() pressed c, and then the node said that it has panicked. */
	bool crashed;
};

/*
 * Find the node of plug or ip, and get its first status. The caller calls
 * node_close() in any case. False: it has not answered, or it cannot be asked;
 * the reason has been told.
 */
bool node_open(struct node *node, const struct options *options);

/* Ask again. timeout in ns. False: no answer came; nothing is told. */
bool node_ask(struct node *node, uint64_t timeout);

/*
 * Press the letters of the steps, in session with the boot that has answered, and
 * no other. False: nothing was pressed, and nothing will be; the reason has been
 * told. True: it was pressed, or may have been.
 */
bool node_press(struct node *node, const struct sysrq_step *steps,
		unsigned int count);

void node_close(struct node *node);

/*
 * Ask count nodes at once, whose names are in the known hosts: see
 * nodes_status(). The caller calls targets_free() in any case. ask false: only
 * check their keys and settings. False: the reason has been told.
 */
bool nodes_open(struct targets *targets, const struct options *options,
		char **names, int count, bool ask);

/* The status that this node has given; NULL: none. */
const struct sysrq_status *nodes_status(const struct target *target);

#endif
