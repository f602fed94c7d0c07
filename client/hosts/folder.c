// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/hosts/folder.h"
#include "client/hosts/paths.h"

bool folder_is_of_system(const char *path)
{
	static const char system[] = PATH_OF_SYSTEM;

	return !strncmp(path, system, sizeof(system) - 1);
}

/* All users read the system's files, whatever the umask of root is. A secret there has
 * a mode of its own. */
static bool make(const char *folder, bool of_system)
{
	if (mkdir(folder, of_system ? 0755 : 0700))
		return errno == EEXIST;
	return !of_system || !chmod(folder, 0755);
}

bool folder_make_for(const char *path)
{
	bool of_system = folder_is_of_system(path);
	char *part = strdup(path);
	bool ok = part;

	/* The root folder is there, and an empty path has no folder. */
	for (char *slash = part;
	     ok && *slash && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		ok = make(part, of_system);
		*slash = '/';
	}
	free(part);
	return ok;
}
