// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/output/terminal.h"

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

bool terminal_colour(FILE *stream)
{
	const char *term = variable("TERM");

	return isatty(fileno(stream)) && !*variable("NO_COLOR") && *term &&
	       strcmp(term, "dumb");
}

unsigned int terminal_width(FILE *stream)
{
	struct winsize size;

	if (!isatty(fileno(stream)))
		return 0;
	/* A serial line does not know its size. */
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}
