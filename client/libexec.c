// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/libexec.h"

bool libexec_find(char self[PATH_MAX], char path[LIBEXEC_MAX], const char *name)
{
	ssize_t len = readlink("/proc/self/exe", self, PATH_MAX - 1);

	if (len < 0)
		return false;
	self[len] = '\0';
	strcpy(path, self);
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
	}
	snprintf(path + strlen(path), LIBEXEC_MAX - strlen(path), "/libexec/%s",
		 name);
	return true;
}
