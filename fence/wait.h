/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_FENCE_WAIT_H
#define SRQ_FENCE_WAIT_H

#include <stdint.h>

/* Wait until then, a time of sysrq_now(), whatever signal comes in between. */
void wait_until(uint64_t then);

#endif
