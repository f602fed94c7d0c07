// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/names.h"
#include "client/output/tell.h"

/*
 * Functions that return a text return NULL if all is well. Otherwise the text
 * says what was expected instead of the pattern.
 */

enum { DIGITS_MAX = 18 }; /* a number of 18 digits fits 64 bits */

static const char digits[] = "0123456789";

struct range {
	uint64_t from, to;
	int width;
};

/* Read the range after the '[' or ',' at text. Move text to its end. */
static const char *read_range(const char **text, struct range *r)
{
	const char *first = *text + 1, *second = first, *end;
	size_t width = strspn(first, digits), width2 = width;

	if (first[width] == '-') {
		second += width + 1;
		width2 = strspn(second, digits);
	}
	end = second + width2;
	if (!first[strcspn(first, "]")])
		return "a ] after each [";
	if (!width || !width2 || (*end != ',' && *end != ']'))
		return "numbers and ranges in the brackets, such as [01-40,50]";
	if (width2 > DIGITS_MAX)
		return "numbers of at most 18 digits in the brackets";
	r->width = (int)width;
	r->from = strtoull(first, NULL, 10);
	r->to = strtoull(second, NULL, 10);
	if (r->from > r->to)
		return "ranges from a lower to a higher number";
	*text = end;
	return NULL;
}

/* Check a whole pattern: how many hosts it means, and how long names get. */
static const char *check(const char *pattern)
{
	uint64_t all = 1;
	size_t longest = 0;

	if (!*pattern)
		return "a name or an address";
	if (*pattern == '-')
		return "a name that does not begin with -";
	while (*pattern) {
		size_t plain = strcspn(pattern, "[]");
		uint64_t here = 0;
		int wide = 0;

		longest += plain;
		pattern += plain;
		if (*pattern == ']')
			return "a [ before each ]";
		if (!*pattern)
			break;
		do {
			struct range r;
			const char *expected = read_range(&pattern, &r);
			int w;

			if (expected)
				return expected;
			here += r.to - r.from + 1;
			if (here > HOSTS_MAX)
				return "at most 65536 hosts";
			w = snprintf(NULL, 0, "%0*ju", r.width,
				     (uintmax_t)r.to);
			wide = w > wide ? w : wide;
		} while (*pattern == ',');
		pattern++;
		all *= here;
		longest += (size_t)wide;
		if (all > HOSTS_MAX)
			return "at most 65536 hosts";
	}
	return longest > HOSTS_NAME_MAX ? "a name of at most 253 bytes" : NULL;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Remove all names but the first `from`. */
static void forget(struct hosts *hosts, size_t from)
{
	while (hosts->count > from) {
		char *name = hosts->names[--hosts->count];

		tdelete(name, &hosts->tree, compare);
		free(name);
	}
}

static const char *append(struct hosts *hosts, const char *name)
{
	static const char no_memory[] = "fewer hosts: out of memory";
	char *copy;

	if (!hosts->names)
		hosts->names = malloc(HOSTS_MAX * sizeof(*hosts->names));
	if (!hosts->names)
		return no_memory;
	if (tfind(name, &hosts->tree, compare))
		return NULL;
	if (hosts->count == HOSTS_MAX)
		return "at most 65536 hosts";
	copy = strdup(name);
	if (!copy || !tsearch(copy, &hosts->tree, compare)) {
		free(copy);
		return no_memory;
	}
	hosts->names[hosts->count++] = copy;
	return NULL;
}

/* name begins with len ready bytes. Append the hosts that rest makes of it. */
static const char *expand(struct hosts *hosts, char name[HOSTS_NAME_MAX + 1],
			  size_t len, const char *rest)
{
	size_t plain = strcspn(rest, "[");
	const char *expected = NULL;

	memcpy(name + len, rest, plain);
	len += plain;
	rest += plain;
	if (!*rest) {
		name[len] = '\0';
		return append(hosts, name);
	}
	do {
		struct range r;

		read_range(&rest, &r);
		for (uint64_t n = r.from; n <= r.to && !expected; n++) {
			int w = sprintf(name + len, "%0*ju", r.width,
					(uintmax_t)n);

			expected = expand(hosts, name, len + (size_t)w,
					  strchr(rest, ']') + 1);
		}
	} while (*rest == ',' && !expected);
	return expected;
}

/*
 * True: pattern is an address such as [2001:db8::7] or [fe80::1%eth0]. name
 * gets the address without its brackets.
 */
static bool is_address(char name[HOSTS_NAME_MAX + 1], const char *pattern)
{
	size_t end = strcspn(pattern, "]"), zone = strcspn(pattern, "%]");
	struct in6_addr address;

	if (*pattern != '[' || strcmp(pattern + end, "]") ||
	    end - 1 > HOSTS_NAME_MAX)
		return false;
	memcpy(name, pattern + 1, end - 1);
	name[zone - 1] = '\0';
	if (inet_pton(AF_INET6, name, &address) != 1)
		return false;
	name[zone - 1] = pattern[zone];
	name[end - 1] = '\0';
	return true;
}

static const char *add(struct hosts *hosts, const char *pattern)
{
	char name[HOSTS_NAME_MAX + 1];
	size_t before = hosts->count;
	const char *expected;

	for (const char *c = pattern; *c; c++) {
		if (iscntrl((unsigned char)*c) || *c == ' ')
			return "a name without blanks or control characters";
	}
	if (is_address(name, pattern))
		return append(hosts, name);
	expected = check(pattern);
	if (!expected)
		expected = expand(hosts, name, 0, pattern);
	if (expected)
		forget(hosts, before);
	return expected;
}

/* Tell what was expected. where: "host", or the pattern's file and line. */
static bool refuse(const char *where, const char *pattern, const char *expected)
{
	tell("%s: '%.*s%s' given, expected %s", where, HOSTS_NAME_MAX, pattern,
	     strlen(pattern) > HOSTS_NAME_MAX ? "..." : "", expected);
	return false;
}

bool hosts_add(struct hosts *hosts, const char *pattern)
{
	const char *expected = add(hosts, pattern);

	return !expected || refuse("host", pattern, expected);
}

/* Cut the comment, and the blanks at both ends, off a line of len bytes. */
static const char *bare(char *line, size_t len)
{
	char *end;

	for (size_t i = 0; i < len; i++) {
		if (!line[i])
			line[i] = '\x01'; /* add() refuses it */
	}
	end = line + strcspn(line, "#");
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	while (isspace((unsigned char)*line))
		line++;
	return line;
}

static bool read_lines(struct hosts *hosts, FILE *stream, const char *file)
{
	bool any = false, ok = true;
	size_t number = 0, size = 0;
	char *line = NULL, where[PATH_MAX + 24];
	ssize_t len;

	while (ok && (len = getline(&line, &size, stream)) >= 0) {
		const char *pattern = bare(line, (size_t)len), *expected;

		number++;
		if (!*pattern)
			continue;
		any = true;
		expected = add(hosts, pattern);
		if (!expected)
			continue;
		snprintf(where, sizeof(where), "%s:%zu", file, number);
		ok = refuse(where, pattern, expected);
	}
	if (ok && !feof(stream))
		ok = tell_cannot_read("--hosts", file);
	else if (ok && !any)
		ok = tell_bad("--hosts", file,
			      "a file with one host on each line");
	free(line);
	return ok;
}

bool hosts_read(struct hosts *hosts, const char *file)
{
	bool is_stdin = !strcmp(file, "-"), ok;
	size_t before = hosts->count;
	FILE *stream = is_stdin ? stdin : fopen(file, "re");

	if (!stream)
		return tell_cannot_read("--hosts", file);
	ok = read_lines(hosts, stream, is_stdin ? "standard input" : file);
	if (!is_stdin)
		fclose(stream);
	if (!ok)
		forget(hosts, before);
	return ok;
}

void hosts_free(struct hosts *hosts)
{
	tdestroy(hosts->tree, free);
	free(hosts->names);
	*hosts = (struct hosts){ 0 };
}
