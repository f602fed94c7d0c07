// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/hosts/most.h"

size_t hosts_most(void)
{
	static const int limits[] = { RLIMIT_AS, RLIMIT_DATA };
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) *
			  (uint64_t)sysconf(_SC_PAGESIZE);
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (!getrlimit(limits[i], &limit) && limit.rlim_cur < memory)
			memory = limit.rlim_cur;
	}
	return (size_t)(memory / HOST_MEMORY);
}

const char *hosts_expected(void)
{
	static char text[96];

	snprintf(text, sizeof(text),
		 "at most %zu hosts: there is no memory for more",
		 hosts_most());
	return text;
}
