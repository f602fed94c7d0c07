/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent tells of itself, from the tables of options and actions. */
#ifndef SRQ_FENCE_DESCRIBE_H
#define SRQ_FENCE_DESCRIBE_H

#include "fence/actions.h"

/* Print what --help prints. */
enum fence_exit describe_help(void);

/* Print the metadata, as the cluster reads it: XML of a fixed schema. */
enum fence_exit describe_metadata(const struct options *options);

#endif
