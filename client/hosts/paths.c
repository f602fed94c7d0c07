// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/hosts/paths.h"

/* variable has the folder, or it is `below` the home folder. */
static char *path_of(const char *variable, const char *below, const char *name)
{
	const char *folder = getenv(variable);
	char *path;

	if (folder && *folder == '/')
		below = "";
	else
		folder = getenv("HOME");
	errno = 0;
	if (!folder || !*folder)
		return NULL;
	if (asprintf(&path, "%s%s/send_sysrq/%s", folder, below, name) >= 0)
		return path;
	errno = ENOMEM;
	return NULL;
}

char *path_of_user(const char *name)
{
	return path_of("XDG_CONFIG_HOME", "/.config", name);
}

char *path_of_state(const char *name)
{
	return path_of("XDG_STATE_HOME", "/.local/state", name);
}
