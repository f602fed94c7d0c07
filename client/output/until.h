/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_UNTIL_H
#define SRQ_UNTIL_H

#include <stdint.h>
#include <time.h>

/* The time from now until then, in ns as sysrq_now() counts: for ppoll(), 0 at least, and an
 * hour at most, which fits a time_t of 32 bits. */
struct timespec time_until(uint64_t then);

#endif
