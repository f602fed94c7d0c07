// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/group.h"
#include "client/hosts/names.h"
#include "client/hosts/patterns.h"
#include "client/hosts/ranges.h"

/* --- Matching --- */

static bool match(const char *pattern, const char *host);

/* Does host begin with a number of the ranges, and the rest of it match? */
static bool match_ranges(const char *pattern, const char *host)
{
	const char *rest = strchr(pattern, ']') + 1;
	struct range r;

	do {
		uint64_t number = 0;

		range_read(&pattern, &r);
		for (int len = 1; isdigit((unsigned char)host[len - 1]);
		     len++) {
			number = 10 * number + (uint64_t)(host[len - 1] - '0');
			if (number > r.to)
				break;
			/* Only the first digit of a wider number may be 0. */
			if (len < r.width || (len > r.width && *host == '0'))
				continue;
			if (number >= r.from &&
			    (number - r.from) % r.step == 0 &&
			    match(rest, host + len))
				return true;
		}
	} while (*pattern == ',');
	return false;
}

/* A blank or a NUL ends the pattern, which patterns_read() has checked. */
static bool match(const char *pattern, const char *host)
{
	for (;; pattern++, host++) {
		switch (*pattern) {
		case '*':
			while (pattern[1] == '*')
				pattern++;
			do {
				if (match(pattern + 1, host))
					return true;
			} while (*host++);
			return false;
		case '[':
			return match_ranges(pattern, host);
		case '?':
			if (!*host)
				return false;
			break;
		case ' ':
		case '\0':
			return !*host;
		default:
			if (*pattern != *host)
				return false;
		}
	}
}

bool patterns_match(const char *patterns, const char *host)
{
	bool meant = false;

	while (*(patterns += strspn(patterns, " "))) {
		bool excludes = *patterns == '!';
		bool hit = match(patterns + excludes, host);

		if (hit && excludes)
			return false;
		meant |= hit;
		patterns += strcspn(patterns, " ");
	}
	return meant;
}

/* --- Reading --- */

static const char no_memory[] = "fewer patterns: out of memory";

static const char *read_list(FILE *out, const char *list, bool is_group,
			     bool excludes);

static const char *read_group(FILE *out, char *group, bool excludes)
{
	char *list;
	const char *expected = group_expand(group, &list);

	if (!expected)
		expected = read_list(out, list, true, excludes);
	free(list);
	return expected;
}

/* As known_name() has it: small letters, and no dot at the end. */
static void write_small(FILE *out, const char * not, const char *element)
{
	fputs(not, out);
	for (; *element && strcmp(element, "."); element++)
		fputc(tolower((unsigned char)*element), out);
	fputc(' ', out);
}

/*
 * Check an element with ranges, which may mean millions of hosts: their names
 * differ in digits only, so the first one tells of all.
 */
static const char *check_ranges(const char *element)
{
	const char *expected = hosts_check(element, "");
	struct hosts hosts = { 0 };
	char *first = expected ? NULL : strdup(element), *to = first;

	if (expected || !first)
		return expected ? expected : no_memory;
	for (const char *from = element; *from; from++) {
		if (*from != '[') {
			*to++ = *from;
			continue;
		}
		while (isdigit((unsigned char)*++from))
			*to++ = *from;
		from = strchr(from, ']');
	}
	*to = '\0';
	expected = hosts_try(&hosts, first);
	hosts_free(&hosts);
	free(first);
	return expected;
}

/* Write an element to out in the form of names in struct hosts. */
static const char *read_element(FILE *out, const char *element, bool excludes)
{
	struct hosts hosts = { 0 };
	const char *expected, *not = excludes ? "!" : "";

	if (strpbrk(element, "*?")) {
		expected = hosts_check(element, "*?");
		write_small(out, not, element);
		return expected;
	}
	if (strchr(element, '[') && !strchr(element, ':')) {
		write_small(out, not, element);
		return check_ranges(element);
	}
	expected = hosts_try(&hosts, element);
	/* A range of addresses may have a shorter form, which each host has. */
	if (hosts.count == 1 || strchr(element, ':')) {
		for (size_t i = 0; i < hosts.count; i++)
			fprintf(out, "%s%s ", not, hosts.names[i]);
	} else {
		write_small(out, not, element);
	}
	hosts_free(&hosts);
	return expected;
}

/*
 * Read elements with commas between them. is_group: @group is not permitted.
 * excludes: all exclude hosts, as those after "!" do.
 */
static const char *read_list(FILE *out, const char *list, bool is_group,
			     bool excludes)
{
	const char *expected;

	do {
		bool not = *list == '!' && !is_group;
		size_t len = element_length(list += not );
		char *element = strndup(list, len);

		not |= excludes;
		if (!element)
			expected = no_memory;
		else if (*element == '@' && !is_group)
			expected = read_group(out, element, not );
		else
			expected = read_element(out, element, not );
		free(element);
		list += len;
	} while (!expected && *list++);
	return expected;
}

/* True: all patterns exclude hosts. */
static bool only_excludes(const char *patterns)
{
	for (; *patterns; patterns += strcspn(patterns, " ") + 1) {
		if (*patterns != '!')
			return false;
	}
	return true;
}

const char *patterns_read(const char *words, char **result)
{
	const char *expected = NULL;
	size_t size;
	FILE *out = open_memstream(result, &size);

	if (!out)
		return no_memory;
	while (!expected && *(words += strspn(words, " \t"))) {
		size_t len = strcspn(words, " \t");
		char *word = strndup(words, len);

		expected =
			word ? read_list(out, word, false, false) : no_memory;
		free(word);
		words += len;
	}
	if (fclose(out))
		expected = no_memory;
	else if (!expected && only_excludes(*result))
		expected = "at least one pattern without !";
	if (expected) {
		free(*result);
		*result = NULL;
	}
	return expected;
}

bool patterns_name(const char *patterns, const char *host)
{
	size_t len = strlen(host);

	while (*(patterns += strspn(patterns, " \t"))) {
		size_t word = strcspn(patterns, " \t");

		if (word == len && !memcmp(patterns, host, len))
			return true;
		patterns += word;
	}
	return false;
}
