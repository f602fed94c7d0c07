/* SPDX-License-Identifier: GPL-2.0 */
/* What became of the pressing of letters on each host, as a line of JSON. */
#ifndef SRQ_PRESS_JSON_H
#define SRQ_PRESS_JSON_H

#include "client/press/many.h"

/* Its data is a struct many. */
extern const struct run_listener json_listener;

#endif
