// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/output/tell.h"
#include "client/press/diagnosis.h"

/* A malicious host must not fill our disk. */
static const uint64_t size_most = 256 << 20;

static bool failed(const struct diagnosis *d)
{
	tell("cannot write '%s': %s", d->name, strerror(errno));
	return false;
}

bool diagnosis_create(struct diagnosis *d, const char *name)
{
	time_t now = time(NULL);
	char when[32] = "now";
	struct tm tm;
	int fd;

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	/* The name is cut. The zone of an IPv6 address may contain a /. */
	snprintf(d->name, sizeof(d->name), "%.80s-%s.log", name, when);
	for (char *c = d->name; *c; c++) {
		if (*c == '/')
			*c = '_';
	}
	fd = open(d->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	d->file = fd < 0 ? NULL : fdopen(fd, "w");
	logtext_begin(&d->logtext, d->file);
	if (d->file)
		return true;
	failed(d);
	if (fd >= 0)
		close(fd);
	return false;
}

bool diagnosis_write(struct diagnosis *d, const char *text, size_t len)
{
	d->size += len;
	logtext_print(&d->logtext, text, len);
	if (!ferror(d->file) && !fflush(d->file))
		return true;
	failed(d);
	fclose(d->file);
	d->file = NULL;
	return false;
}

bool diagnosis_full(const struct diagnosis *d)
{
	return d->size >= size_most;
}

bool diagnosis_close(struct diagnosis *d)
{
	FILE *file = d->file;
	bool ok;

	d->file = NULL;
	if (!file)
		return true;
	ok = !fflush(file) && !fsync(fileno(file));
	if (!fclose(file) && ok)
		return true;
	d->written = false;
	return failed(d);
}
