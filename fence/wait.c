// SPDX-License-Identifier: GPL-2.0
#include <time.h>

#include "fence/wait.h"
#include "lib/sysrq.h"

void wait_until(uint64_t then)
{
	uint64_t now;

	while ((now = sysrq_now()) < then) {
		struct timespec rest = {
			.tv_sec = (time_t)((then - now) / SYSRQ_SECOND),
			.tv_nsec = (long)((then - now) % SYSRQ_SECOND),
		};

		nanosleep(&rest, NULL);
	}
}
