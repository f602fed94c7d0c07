// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/hosts/folder.h"

bool folder_make_for(const char *path)
{
	char *part = strdup(path);
	bool ok = part;

	for (char *slash = part; ok && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		ok = !mkdir(part, 0700) || errno == EEXIST;
		*slash = '/';
	}
	free(part);
	return ok;
}
