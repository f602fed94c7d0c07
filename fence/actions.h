/* SPDX-License-Identifier: GPL-2.0 */
/* The table of actions: the agent runs one of them, help and metadata list them. */
#ifndef SRQ_FENCE_ACTIONS_H
#define SRQ_FENCE_ACTIONS_H

#include <stdbool.h>

struct options;

/* What the cluster reads of an exit status */
enum fence_exit { FENCE_OK = 0, FENCE_FAILED = 1, FENCE_IS_OFF = 2 };

struct action {
	const char *name;
	/* Does it. Whatever went wrong has been told on stderr. */
	enum fence_exit (*run)(const struct options *options);
	bool delayed;     /* delay counts for it */
	bool not_at_join; /* metadata: automatic="0" */
	const char *description;
};

/* The table ends with a name that is NULL. */
extern const struct action actions[];

/* Returns the action of that name; NULL: there is none. */
const struct action *action_find(const char *name);

#endif
