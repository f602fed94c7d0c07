// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/output/tell.h"
#include "fence/options.h"
#include "fence/say.h"

static const char name[] = "fence_sysrq";
static FILE *file; /* debug_file; NULL: none */
static bool verbose;

/* Nobody reads it. In a container there may be no /dev/null. */
static void silence_stderr(void)
{
	int ends[2];

	if (pipe(ends))
		return;
	dup2(ends[1], STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
}

/* A pipe that nobody reads must not hold the agent. */
static FILE *open_file(const char *path)
{
	int fd = open(path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK |
			      O_NOCTTY,
		      0666);
	FILE *opened = fd < 0 ? NULL : fdopen(fd, "a");

	if (fd >= 0 && !opened)
		close(fd);
	return opened;
}

/* A node is fenced even where its debug file cannot be written. */
void say_begin(const struct options *options)
{
	const char *path = options->value[OPTION_DEBUG_FILE];

	if (option_is_on(options, OPTION_QUIET))
		silence_stderr();
	verbose = option_is_on(options, OPTION_VERBOSE) ||
		  option_number(options, OPTION_VERBOSE_LEVEL);
	if (path)
		file = open_file(path);
	if (file)
		setvbuf(file, NULL, _IOLBF, 0);
	else if (path)
		tell("cannot write the debug file %s: %s", path,
		     strerror(errno));
	tell_as(name, file);
}

void say(const char *format, ...)
{
	FILE *const to[] = { verbose ? stderr : NULL, file };

	for (int i = 0; i < 2; i++) {
		va_list args;

		if (!to[i])
			continue;
		va_start(args, format);
		fprintf(to[i], "%s: ", name);
		vfprintf(to[i], format, args);
		fputc('\n', to[i]);
		va_end(args);
	}
}
