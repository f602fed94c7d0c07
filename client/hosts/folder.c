// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/hosts/folder.h"
#include "client/hosts/paths.h"

/* All users read the system's files; a secret in them has a mode of its own. */
static mode_t mode_for(const char *path)
{
	static const char system[] = PATH_OF_SYSTEM;

	return strncmp(path, system, sizeof(system) - 1) ? 0700 : 0755;
}

bool folder_make_for(const char *path)
{
	char *part = strdup(path);
	bool ok = part;

	for (char *slash = part; ok && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		ok = !mkdir(part, mode_for(path)) || errno == EEXIST;
		*slash = '/';
	}
	free(part);
	return ok;
}
