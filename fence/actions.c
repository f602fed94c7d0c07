// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <strings.h>

#include "fence/actions.h"
#include "fence/describe.h"
#include "fence/list.h"
#include "fence/power.h"

const struct action actions[] = {
	{ "reboot", power_reboot, .delayed = true,
	  .description =
		  "reboot the node (b), and wait until it has rebooted" },
	{ "off", power_off, .delayed = true,
	  .description =
		  "make its kernel panic (c), and wait until it says so" },
	{ "on", power_on, .not_at_join = true,
	  .description = "reboot the node if its kernel has panicked" },
	{ "status", power_status,
	  .description = "is the node on, or off (its kernel has panicked)?" },
	{ "monitor", list_monitor,
	  .description = "status of the node; without a node: are the files "
			 "good?" },
	{ "list", list_nodes, .description = "list the known hosts" },
	{ "list-status", list_status,
	  .description = "list them with their status" },
	{ "validate-all", power_validate,
	  .description = "can the node be fenced, and proven so?" },
	{ "metadata", describe_metadata,
	  .description = "describe this agent in XML" },
	{ .name = NULL },
};

const struct action *action_find(const char *name)
{
	for (const struct action *a = actions; a->name; a++) {
		if (!strcasecmp(a->name, name))
			return a;
	}
	return NULL;
}
