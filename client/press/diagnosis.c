// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/press/diagnosis.h"
#include "client/output/tell.h"

void diagnosis_failed(const char *file_name)
{
	tell("cannot write '%s': %s", file_name, strerror(errno));
}

FILE *diagnosis_create(char *file_name, size_t size, const char *name)
{
	time_t now = time(NULL);
	char when[32] = "now";
	struct tm tm;
	FILE *file;
	int fd;

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	/* Of a zone of IPv6, / is possible; and no name is that long. */
	snprintf(file_name, size, "%.80s-%s.log", name, when);
	for (char *c = file_name; *c; c++) {
		if (*c == '/')
			*c = '_';
	}
	fd = open(file_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file)
		return file;
	diagnosis_failed(file_name);
	if (fd >= 0)
		close(fd);
	return NULL;
}
