// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/group.h"
#include "client/hosts/knownline.h"
#include "client/hosts/most.h"
#include "client/hosts/names.h"
#include "client/hosts/ranges.h"
#include "client/hosts/trusted.h"
#include "client/output/tell.h"
#include "client/output/text.h"

/*
 * Functions that return a text return NULL if all is well. Otherwise the text
 * says what was expected instead of the pattern.
 */

/*
 * Add up the ranges in the brackets at *element, and move it behind them.
 * after_digit: a digit stands before the brackets.
 */
static const char *add_up(const char **element, bool after_digit,
			  uint64_t *count, size_t *longest)
{
	size_t longest_here = 0;

	*count = 0;
	do {
		struct range r;
		const char *expected = range_read(element, &r);
		int from, to;

		if (expected)
			return expected;
		from = snprintf(NULL, 0, "%0*ju", r.width, (uintmax_t)r.from);
		to = snprintf(NULL, 0, "%0*ju", r.width, (uintmax_t)r.to);
		/* nodeset takes n1[8-12] for n18 to n112. */
		if (after_digit && from != to)
			return "numbers of the same length after a digit, "
			       "such as n1[08-12]";
		*count += range_count(&r);
		if (*count > hosts_most())
			return hosts_expected();
		if (longest_here < (size_t)to)
			longest_here = (size_t)to;
	} while (**element == ',');
	++*element;
	*longest += longest_here;
	return NULL;
}

const char *hosts_check(const char *element, const char *others)
{
	const char *expected = element_check(element, others);
	uint64_t all = 1;
	size_t longest = 0;

	if (expected)
		return expected;
	if (!*element)
		return "a name or an address";
	if (*element == '-')
		return "a name that does not begin with -";
	while (*element) {
		size_t plain = strcspn(element, "[]");
		uint64_t here;

		longest += plain;
		element += plain;
		if (*element == ']')
			return "a [ before each ]";
		if (!*element)
			break;
		expected = add_up(&element,
				  plain && isdigit((unsigned char)element[-1]),
				  &here, &longest);
		if (expected)
			return expected;
		if (here > hosts_most() / all)
			return hosts_expected();
		all *= here;
	}
	return longest > HOSTS_NAME_MAX ? "a name of at most 253 bytes" : NULL;
}

/*
 * True: name is an IPv6 address, with or without a zone. A zone that cannot be
 * used counts as none.
 */
static bool is_ipv6(const char *name)
{
	char plain[INET6_ADDRSTRLEN];
	size_t len = strcspn(name, "%");
	struct in6_addr address;

	if (len >= sizeof(plain))
		return false;
	memcpy(plain, name, len);
	plain[len] = '\0';
	return inet_pton(AF_INET6, plain, &address) == 1 &&
	       (!name[len] ||
		(name[len + 1] && IN6_IS_ADDR_LINKLOCAL(&address)));
}

static const char port_given[] =
	"a name without a port: give the port with --port, or with Port in "
	"the configuration";

/* Check a name without brackets. */
static const char *check_name(const char *name)
{
	static const char numbers[] = "0123456789";
	const char *colon = strchr(name, ':');
	unsigned int dots = 0;

	if ((colon || strchr(name, '%')) && is_ipv6(name))
		return NULL;
	if (strchr(name, '%'))
		return "an interface after % only behind a link-local "
		       "address, such as fe80::1%eth0";
	if (colon && !colon[1 + strspn(colon + 1, numbers)])
		return port_given;
	if (colon)
		return "an IPv6 address, such as 2001:db8::7";
	if (strspn(name, "0123456789.-") < strlen(name) || !strchr(name, '-'))
		return NULL;
	for (const char *c = name; *c; c++)
		dots += *c == '.';
	return dots < 3 ? NULL : "a range in brackets, such as 10.0.0.[1-20]";
}

static const char no_memory[] = "fewer hosts: out of memory";

/* The names have become fewer. */
static void index_anew(struct hosts *hosts)
{
	index_empty(&hosts->index);
	for (size_t i = 0; i < hosts->count; i++)
		index_add(&hosts->index, index_text, hosts->names[i]);
}

/* Remove all names but the first `from`. */
static void forget(struct hosts *hosts, size_t from)
{
	while (hosts->count > from)
		free(hosts->names[--hosts->count]);
	index_anew(hosts);
}

/* Make room for one more name. */
static const char *make_room(struct hosts *hosts)
{
	size_t size = hosts->size ? 2 * hosts->size : 1;
	size_t most;
	char **names;

	if (hosts->count < hosts->size)
		return NULL;
	most = hosts_most();
	if (hosts->count >= most)
		return hosts_expected();
	if (size > most)
		size = most;
	names = realloc(hosts->names, size * sizeof(*names));
	if (!names)
		return no_memory;
	hosts->names = names;
	hosts->size = size;
	return NULL;
}

static const char *append(struct hosts *hosts, const char *typed)
{
	char name[INET6_ADDRSTRLEN + HOSTS_NAME_MAX + 1];
	const char *zone = strchr(typed, '%'), *expected;
	char *copy;

	/* Other than a name, numbers such as 10.1 have no other form. */
	if (!known_name(name, typed))
		strcpy(name, typed);
	else if (zone)
		strcat(name, zone);
	if (hosts_has(hosts, name))
		return NULL;
	expected = make_room(hosts);
	if (expected)
		return expected;
	copy = strdup(name);
	if (!copy || !index_add(&hosts->index, index_text, copy)) {
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
	const char *expected;

	memcpy(name + len, rest, plain);
	len += plain;
	rest += plain;
	if (!*rest) {
		name[len] = '\0';
		expected = check_name(name);
		return expected ? expected : append(hosts, name);
	}
	do {
		struct range r;

		expected = range_read(&rest, &r);
		for (uint64_t n = r.from; n <= r.to && !expected; n += r.step) {
			int w = sprintf(name + len, "%0*ju", r.width,
					(uintmax_t)n);

			expected = expand(hosts, name, len + (size_t)w,
					  strchr(rest, ']') + 1);
		}
	} while (*rest == ',' && !expected);
	return expected;
}

/* True: the first brackets of an element are those of an IPv6 address. */
static bool has_address(const char *element)
{
	const char *first = element + strcspn(element, "[");

	return memchr(first, ':', strcspn(first, "]"));
}

/* Add an address such as [2001:db8::7] or [fe80::1%eth0]. */
static const char *add_address(struct hosts *hosts, const char *element)
{
	size_t end = strcspn(element, "]");
	char name[HOSTS_NAME_MAX + 1];
	const char *expected = NULL;

	if (end - 1 > HOSTS_NAME_MAX)
		return "a name of at most 253 bytes";
	memcpy(name, element + 1, end - 1);
	name[end - 1] = '\0';
	if (*element == '[' && element[end] && is_ipv6(name)) {
		if (element[end + 1] == ':')
			return port_given;
		if (!element[end + 1])
			return append(hosts, name);
	} else if (strchr(name, '%')) {
		expected = check_name(name);
	}
	return expected ? expected
			: "an IPv6 address in the brackets, such as "
			  "[2001:db8::7]";
}

static const char *add_element(struct hosts *hosts, const char *element)
{
	char name[HOSTS_NAME_MAX + 1];
	const char *expected;

	if (has_address(element)) {
		expected = element_check(element, "");
		return expected ? expected : add_address(hosts, element);
	}
	expected = hosts_check(element, "");
	return expected ? expected : expand(hosts, name, 0, element);
}

static const char *add(struct hosts *hosts, const char *list, bool groups);

/* Add the hosts of a group, which has no groups itself. */
static const char *add_group(struct hosts *hosts, char *group)
{
	char *list;
	const char *expected = group_expand(group, &list);

	if (!expected)
		expected = add(hosts, list, false);
	free(list);
	return expected;
}

/* groups: @group is permitted. */
static const char *add(struct hosts *hosts, const char *list, bool groups)
{
	size_t before = hosts->count;
	const char *expected;

	do {
		size_t len = element_length(list);
		char *element = strndup(list, len);

		if (!element)
			expected = no_memory;
		else if (groups && *element == '@')
			expected = add_group(hosts, element);
		else
			expected = add_element(hosts, element);
		free(element);
		list += len;
	} while (!expected && *list++);
	if (expected)
		forget(hosts, before);
	return expected;
}

const char *hosts_try(struct hosts *hosts, const char *list)
{
	return add(hosts, list, false);
}

/* Tell what was expected. where: "host", or the pattern's file and line. */
static bool refuse(const char *where, const char *pattern, const char *expected)
{
	tell("%s: '%.*s%s' given, expected %s", where, HOSTS_NAME_MAX, pattern,
	     strlen(pattern) > HOSTS_NAME_MAX ? "..." : "", expected);
	return false;
}

bool hosts_add(struct hosts *hosts, const char *where, const char *list)
{
	const char *expected = add(hosts, list, true);

	return !expected || refuse(where, list, expected);
}

bool hosts_has(const struct hosts *hosts, const char *name)
{
	return index_find(&hosts->index, index_text, name, strlen(name));
}

void hosts_leave_out(struct hosts *hosts, const struct hosts *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < hosts->count; i++) {
		char *name = hosts->names[i];

		if (!hosts_has(out, name))
			hosts->names[kept++] = name;
		else
			free(name);
	}
	hosts->count = kept;
	index_anew(hosts);
}

/* Cut the comment, and the blanks at both ends, off a line of len bytes. */
static const char *bare(char *line, size_t len)
{
	char *end;

	for (size_t i = 0; i < len; i++) {
		if (!line[i])
			line[i] = '\x01'; /* element_check() refuses it */
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
		size_t mark = number++ ? 0 : text_mark(line, (size_t)len);
		const char *pattern = bare(line + mark, (size_t)len - mark);
		const char *expected;

		if (!*pattern)
			continue;
		any = true;
		expected = add(hosts, pattern, true);
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
	/* The shell has chosen standard input. */
	ok = (is_stdin || trusted(fileno(stream), "--hosts", file, false)) &&
	     read_lines(hosts, stream, is_stdin ? "standard input" : file);
	if (!is_stdin)
		fclose(stream);
	if (!ok)
		forget(hosts, before);
	return ok;
}

void hosts_free(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		free(hosts->names[i]);
	index_free(&hosts->index);
	free(hosts->names);
	*hosts = (struct hosts){ 0 };
}
