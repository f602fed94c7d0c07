/* SPDX-License-Identifier: GPL-2.0 */
/* Prints how the pressing on each host ended, as one line of JSON. */
#ifndef SRQ_PRESS_JSON_H
#define SRQ_PRESS_JSON_H

#include "client/press/many.h"

/* The data for run_begin() is a struct many. */
extern const struct run_listener json_listener;

#endif
