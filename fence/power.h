/* SPDX-License-Identifier: GPL-2.0 */
/* The actions on one node. They succeed only where proof.h says that it is proven. */
#ifndef SRQ_FENCE_POWER_H
#define SRQ_FENCE_POWER_H

#include "fence/actions.h"

enum fence_exit power_reboot(const struct options *options);
enum fence_exit power_off(const struct options *options);
enum fence_exit power_on(const struct options *options);

/* Prints "Status: ON" or "Status: OFF". */
enum fence_exit power_status(const struct options *options);

/* Does the node answer, and can it be fenced, and off be proven? Without a node:
 * are the files good? */
enum fence_exit power_validate(const struct options *options);

#endif
