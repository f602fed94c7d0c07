// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tell.h"
#include "usage.h"

bool usage_bad(const char *what, const char *value, const char *expected)
{
	tell("%s: '%s' given, expected %s", what, value, expected);
	return false;
}

bool usage_clash(const char *a, const char *b)
{
	tell("%s and %s exclude each other", a, b);
	return false;
}

bool usage_bad_option(const char *command, int opt, const char *arg)
{
	char letter[] = { '-', (char)optopt, '\0' };
	bool is_letter = optopt > ' ' && optopt <= '~' && strncmp(arg, "--", 2);

	if (opt == ':')
		tell("%s: nothing given, expected a value; "
		     "see %s --help",
		     arg, command);
	else
		tell("'%s' given, expected an option of "
		     "%s --help",
		     is_letter ? letter : arg, command);
	return false;
}
