// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <string.h>

#include "client/hosts/patterns.h"

int patterns_match(const char *patterns, const char *host)
{
	bool meant = false, excluded = false, any = false;
	char pattern[PATTERN_MAX + 1];

	while (*(patterns += strspn(patterns, " \t"))) {
		bool excludes = *patterns == '!';
		size_t len = strcspn(patterns += excludes, " \t");
		bool hit;

		if (len < 1 || len > PATTERN_MAX)
			return -1;
		memcpy(pattern, patterns, len);
		pattern[len] = '\0';
		patterns += len;
		hit = !fnmatch(pattern, host, 0);
		any |= !excludes;
		meant |= hit && !excludes;
		excluded |= hit && excludes;
	}
	return any ? meant && !excluded : -1;
}

bool patterns_name(const char *patterns, const char *host)
{
	size_t len = strlen(host);

	while (*(patterns += strspn(patterns, " \t"))) {
		size_t word = strcspn(patterns, " \t");

		if (word == len && !memcmp(patterns, host, len))
			return true;
		patterns += word;
	}
	return false;
}
