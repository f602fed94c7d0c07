// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/known.h"
#include "client/hosts/knownline.h"
#include "client/hosts/paths.h"
#include "client/hosts/trusted.h"
#include "client/output/tell.h"
#include "client/output/text.h"

/* A line that is in force */
struct line {
	struct known_line known;
	char *file;
	unsigned int number;
};

/* A name of a line */
struct entry {
	const char *name;
	const struct line *line;
	size_t order; /* an earlier line counts */
};

struct known {
	char *files[2];
	size_t line_count, line_room;
	struct line *lines;
	size_t count;
	struct entry *entries; /* sorted by name */
};

static void skip(const char *file, unsigned int number, const char *fault)
{
	tell("%s, line %u: %s; the line is skipped", file, number, fault);
}

static bool add_line(struct known *known, char *file, unsigned int number,
		     char *text)
{
	struct known_line line;
	const char *fault = known_line_read(&line, text);

	if (fault)
		skip(file, number, fault);
	if (fault || !line.count)
		return true;
	if (known->line_count == known->line_room) {
		size_t room = 2 * known->line_room + 64;
		struct line *lines =
			realloc(known->lines, room * sizeof(*lines));

		if (!lines) {
			known_line_free(&line);
			return false;
		}
		known->lines = lines;
		known->line_room = room;
	}
	known->lines[known->line_count++] = (struct line){ line, file, number };
	return true;
}

static bool read_lines(struct known *known, FILE *in, char *file)
{
	char *text = NULL;
	size_t size = 0, mark;
	unsigned int number = 0;
	bool ok = true;
	ssize_t n;

	errno = 0;
	while (ok && (n = getline(&text, &size, in)) >= 0) {
		if (n && text[n - 1] == '\n')
			text[n - 1] = '\0';
		mark = number++ ? 0 : text_mark(text, strlen(text));
		ok = add_line(known, file, number, text + mark);
	}
	free(text);
	return ok && !ferror(in);
}

/* Takes path. */
static bool load(struct known *known, int which, char *path)
{
	FILE *in;
	bool ok;

	if (!path)
		return !errno;
	known->files[which] = path;
	in = trusted_open("known hosts", path);
	if (!in)
		return errno == ENOENT ||
		       (errno && tell_cannot_read("known hosts", path));
	ok = trusted(fileno(in), "known hosts", path, false) &&
	     (read_lines(known, in, path) ||
	      tell_cannot_read("known hosts", path));
	fclose(in);
	return ok;
}

static int by_key(const void *a, const void *b)
{
	const struct line *const *one = a, *const *other = b;
	int order = memcmp(&(*one)->known.key, &(*other)->known.key,
			   sizeof((*one)->known.key));

	return order ? order : *one < *other ? -1 : 1;
}

/*
 * One key in two lines: the later line is skipped. The user's and the system's
 * file may both have a host.
 */
static bool drop_same_keys(struct known *known)
{
	struct line **sorted = calloc(known->line_count + 1, sizeof(*sorted));

	if (!sorted)
		return false;
	for (size_t i = 0; i < known->line_count; i++)
		sorted[i] = &known->lines[i];
	qsort(sorted, known->line_count, sizeof(*sorted), by_key);
	for (size_t i = 1, first = 0; i < known->line_count; i++) {
		struct line *one = sorted[first], *other = sorted[i];

		if (memcmp(&one->known.key, &other->known.key,
			   sizeof(one->known.key))) {
			first = i;
			continue;
		}
		if (one->file == other->file ||
		    !known_line_shares(&one->known, &other->known)) {
			tell("%s, line %u: the key is that of line %u of %s "
			     "too, but copies of one machine can be taken for "
			     "each other; the line is skipped",
			     other->file, other->number, one->number,
			     one->file);
			known_line_free(&other->known);
		}
	}
	free(sorted);
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order ? order : one->order < other->order ? -1 : 1;
}

static bool sort_names(struct known *known)
{
	size_t count = 0, last = 0;

	for (size_t i = 0; i < known->line_count; i++)
		count += known->lines[i].known.count;
	known->entries = calloc(count + 1, sizeof(*known->entries));
	if (!known->entries)
		return false;
	for (size_t i = 0; i < known->line_count; i++) {
		const struct line *line = &known->lines[i];

		for (size_t j = 0; j < line->known.count; j++)
			known->entries[known->count++] =
				(struct entry){ line->known.names[j], line,
						known->count };
	}
	qsort(known->entries, count, sizeof(*known->entries), by_name);
	/* Of entries with one name, only the first one stays. */
	for (size_t i = 1; i < count; i++) {
		const struct entry *one = &known->entries[last];
		const struct entry *other = &known->entries[i];

		if (strcmp(one->name, other->name))
			known->entries[++last] = *other;
		else if (one->line->file == other->line->file)
			tell("%s, line %u: %s is in line %u too, which counts",
			     other->line->file, other->line->number,
			     other->name, one->line->number);
	}
	known->count = count ? last + 1 : 0;
	return true;
}

bool known_load(struct known **known)
{
	struct known *k = calloc(1, sizeof(*k));
	bool ok = k && load(k, 0, path_of_user("known_hosts")) &&
		  load(k, 1, strdup(PATH_OF_SYSTEM "known_hosts")) &&
		  drop_same_keys(k) && sort_names(k);

	if (ok) {
		*known = k;
		return true;
	}
	if (!k || errno == ENOMEM)
		tell("out of memory: cannot read the known hosts");
	known_free(k);
	return false;
}

static int find_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct entry *)entry)->name);
}

const struct sysrq_public *known_find(const struct known *known,
				      const char *name)
{
	char form[KNOWN_NAME_MAX + 1];
	const struct entry *found;

	if (!known->count || !known_name(form, name))
		return NULL;
	found = bsearch(form, known->entries, known->count,
			sizeof(*known->entries), find_name);
	return found ? &found->line->known.key : NULL;
}

const char *known_name_of(const struct known *known,
			  const struct sysrq_public *key, const char *last)
{
	bool next = !last;

	for (size_t i = 0; i < known->line_count; i++) {
		const struct known_line *line = &known->lines[i].known;

		if (memcmp(&line->key, key, sizeof(*key)))
			continue;
		for (size_t j = 0; j < line->count; j++) {
			if (next)
				return line->names[j];
			next = line->names[j] == last;
		}
	}
	return NULL;
}

void known_free(struct known *known)
{
	if (!known)
		return;
	for (size_t i = 0; i < known->line_count; i++)
		known_line_free(&known->lines[i].known);
	free(known->lines);
	free(known->entries);
	free(known->files[0]);
	free(known->files[1]);
	free(known);
}
