/* SPDX-License-Identifier: GPL-2.0 */
/* The actions on all known hosts. Each is a line: "name,other name". */
#ifndef SRQ_FENCE_LIST_H
#define SRQ_FENCE_LIST_H

#include "fence/actions.h"

enum fence_exit list_nodes(const struct options *options);

/* Each line ends with ",ON", ",OFF" or ",UNKNOWN". */
enum fence_exit list_status(const struct options *options);

/*
 * With a node: its status; FENCE_OK, too, if it is off. Otherwise: are there known hosts, and
 * can a key be made for each? A wrong line is told, and fails nothing, as the other nodes can
 * be fenced.
 */
enum fence_exit list_monitor(const struct options *options);

/* The same without a node. A wrong line fails. Asks nobody. */
enum fence_exit list_validate(const struct options *options);

#endif
