// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/hosts/paths.h"

char *path_of_user(const char *name)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *below = "";
	char *path;

	if (!folder || *folder != '/') {
		folder = getenv("HOME");
		below = "/.config";
	}
	errno = 0;
	if (!folder || !*folder)
		return NULL;
	if (asprintf(&path, "%s%s/send_sysrq/%s", folder, below, name) >= 0)
		return path;
	errno = ENOMEM;
	return NULL;
}
