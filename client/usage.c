// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "usage.h"

bool usage_bad(const char *what, const char *value, const char *expected)
{
	fprintf(stderr, "send_sysrq: %s: '%s' given, expected %s\n", what,
		value, expected);
	return false;
}

bool usage_clash(const char *a, const char *b)
{
	fprintf(stderr, "send_sysrq: %s and %s exclude each other\n", a, b);
	return false;
}

bool usage_bad_option(const char *command, int opt, const char *arg)
{
	char letter[] = { '-', (char)optopt, '\0' };
	bool is_letter = optopt > ' ' && optopt <= '~' && strncmp(arg, "--", 2);

	if (opt == ':')
		fprintf(stderr,
			"send_sysrq: %s: nothing given, expected a value; "
			"see %s --help\n",
			arg, command);
	else
		fprintf(stderr,
			"send_sysrq: '%s' given, expected an option of "
			"%s --help\n",
			is_letter ? letter : arg, command);
	return false;
}
