/* SPDX-License-Identifier: GPL-2.0 */
/* Looks at each element of a list of hosts such as web[01-40],db1,@group. */
#ifndef SRQ_ELEMENTS_H
#define SRQ_ELEMENTS_H

#include <stdbool.h>

#include "client/hosts/names.h"

/* Both return false if the reason has been told on stderr. */

/*
 * Add the hosts of a good list that are written out in it: those of no range and
 * no group.
 */
bool elements_add_plain(struct hosts *hosts, const char *list);

/*
 * Add to out the hosts of a list that -x has. Each element must mean one of
 * hosts, so that a slip leaves nobody in.
 */
bool elements_exclude(struct hosts *out, const struct hosts *hosts,
		      const char *list);

#endif
