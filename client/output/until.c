// SPDX-License-Identifier: GPL-2.0
#include "client/output/until.h"
#include "lib/sysrq.h"

static const uint64_t longest = 3600 * SYSRQ_SECOND;

struct timespec time_until(uint64_t then)
{
	uint64_t now = sysrq_now();
	uint64_t ns = then > now ? then - now : 0;

	if (ns > longest)
		ns = longest;
	return (struct timespec){ .tv_sec = (time_t)(ns / SYSRQ_SECOND),
				  .tv_nsec = (long)(ns % SYSRQ_SECOND) };
}
