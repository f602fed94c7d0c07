// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "client/hosts/configline.h"
#include "client/output/tell.h"
#include "client/output/text.h"

bool configline_check(const char *file, unsigned int number, char *line,
		      size_t len)
{
	size_t mark = number == 1 ? text_mark(line, len) : 0;

	len -= mark;
	memmove(line, line + mark, len + 1);
	if (len && line[len - 1] == '\n')
		line[--len] = '\0';
	if (len && line[len - 1] == '\r')
		line[--len] = '\0';
	for (size_t i = 0; i < len; i++) {
		if (!iscntrl((unsigned char)line[i]) || line[i] == '\t')
			continue;
		tell("%s:%u: '\\x%02x' given, expected no control characters",
		     file, number, (unsigned char)line[i]);
		return false;
	}
	return true;
}
