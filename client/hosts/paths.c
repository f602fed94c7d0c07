// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/hosts/paths.h"

/* folder, and name below it. NULL: there is no folder, or no memory. */
static char *path_below(const char *folder, const char *below, const char *name)
{
	char *path;

	errno = 0;
	if (!folder || !*folder)
		return NULL;
	if (asprintf(&path, "%s%s/send_sysrq/%s", folder, below, name) >= 0)
		return path;
	errno = ENOMEM;
	return NULL;
}

/* variable has the folder, or it is `below` the home folder. */
static char *path_of(const char *variable, const char *below, const char *name)
{
	const char *folder = getenv(variable);

	if (folder && *folder == '/')
		return path_below(folder, "", name);
	return path_below(getenv("HOME"), below, name);
}

/* True: each folder and each link on the way to path is root's, as far as they are
 * there. path is changed meanwhile. */
static bool is_of_root(char *path)
{
	if (*path != '/')
		return false;
	for (char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		struct stat st;
		bool there;

		*slash = '\0';
		there = !lstat(*path ? path : "/", &st);
		*slash = '/';
		if (there && st.st_uid)
			return false;
	}
	return true;
}

char *path_of_user(const char *name)
{
	return path_of("XDG_CONFIG_HOME", "/.config", name);
}

char *path_of_state(const char *name)
{
	static const char below[] = "/.local/state";
	char *path = path_of("XDG_STATE_HOME", below, name);
	const struct passwd *user;

	if (geteuid() || (path && is_of_root(path)))
		return path;
	free(path);
	user = getpwuid(0);
	return path_below(user ? user->pw_dir : NULL, below, name);
}
