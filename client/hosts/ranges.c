// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/ranges.h"

enum { DIGITS_MAX = 18 }; /* a number of 18 digits fits 64 bits */

static const char digits[] = "0123456789";

/* Read a number and move *text to its end. Returns its length. */
static size_t read_number(const char **text, uint64_t *number)
{
	size_t len = strspn(*text, digits);

	if (len && len <= DIGITS_MAX)
		*number = strtoull(*text, NULL, 10);
	*text += len;
	return len;
}

/* True: a number of len digits begins with a zero that it does not need. */
static bool padded(const char *number, size_t len)
{
	return len > 1 && *number == '0';
}

const char *range_read(const char **text, struct range *r)
{
	const char *first = *text + 1, *second = first, *end = first;
	size_t width = read_number(&end, &r->from), last = width, step = 1;

	r->to = r->from;
	r->step = 1;
	if (!first[strcspn(first, "]")])
		return "a ] after each [";
	if (*end == '-') {
		second = ++end;
		last = read_number(&end, &r->to);
	}
	if (second != first && *end == '/') {
		end++;
		step = read_number(&end, &r->step);
	}
	if (!width || !last || !step || (*end != ',' && *end != ']'))
		return "numbers and ranges in the brackets, such as "
		       "[01-40,50] or [1-9/2]";
	if (width > DIGITS_MAX || last > DIGITS_MAX || step > DIGITS_MAX)
		return "numbers of at most 18 digits in the brackets";
	if (r->from > r->to)
		return "ranges from a lower to a higher number";
	if (!r->step)
		return "a step of at least 1";
	/* As nodeset does: would [8-0011] begin with 8 or with 0008? */
	if (width != last && (padded(first, width) || padded(second, last)))
		return "numbers of the same length in a range with leading "
		       "zeros, such as [08-11]";
	r->width = (int)width;
	*text = end;
	return NULL;
}

uint64_t range_count(const struct range *r)
{
	return (r->to - r->from) / r->step + 1;
}

size_t element_length(const char *list)
{
	const char *end = list;

	while (*(end += strcspn(end, ",["))) {
		if (*end == ',')
			break;
		end += strcspn(end, "]");
	}
	return (size_t)(end - list);
}

/* Say what is wrong with this character of element. */
static const char *refuse_character(const char *element, char c)
{
	size_t address = strspn(element, "0123456789abcdefABCDEF.:[]");

	if ((unsigned char)c <= ' ' || c == 0x7f)
		return "a name without blanks or control characters";
	if (c == '@')
		return "a name without a user: your key says who you are "
		       "(--key-file)";
	if (element[address] == '/')
		return "hosts and not a network, such as 10.0.0.[1-20]";
	if (c == '!' || c == '&' || c == '^')
		return "a list with commas; -x leaves hosts out of it";
	return "names of letters, digits, '-', '_' and '.'";
}

const char *element_check(const char *element, const char *others)
{
	bool inside = false;

	for (const char *c = element; *c; c++) {
		unsigned char byte = (unsigned char)*c;
		bool control = byte <= ' ' || byte == 0x7f;

		inside = *c == '[' || (inside && *c != ']');
		/* An en dash is no hyphen: its option would be a host. */
		if (control || byte >= 0x80 ||
		    (!inside && !isalnum(byte) && !strchr("-_.:%[]", byte) &&
		     !strchr(others, byte)))
			return refuse_character(element, *c);
	}
	return NULL;
}
