// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/index.h"
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
};

struct known {
	char *files[2];
	size_t line_count, line_room;
	struct line *lines;
	bool whole;   /* no line was skipped, and no file */
	bool partial; /* the system's file was skipped */
	struct entry *entries;
	struct index names; /* of entries */
};

static void skip(struct known *known, const char *file, unsigned int number,
		 const char *fault)
{
	known->whole = false;
	tell("%s, line %u: %s; the line is skipped", file, number, fault);
}

static bool add_line(struct known *known, char *file, unsigned int number,
		     char *text)
{
	struct known_line line;
	const char *fault = known_line_read(&line, text);

	if (fault)
		skip(known, file, number, fault);
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

static bool load(struct known *known, const char *what, char *path)
{
	FILE *in = trusted_open(what, path);
	bool ok;

	if (!in)
		return errno == ENOENT || errno == ENOTDIR ||
		       (errno && tell_cannot_read(what, path));
	ok = trusted(fileno(in), what, path, false) &&
	     (read_lines(known, in, path) || tell_cannot_read(what, path));
	fclose(in);
	return ok;
}

static bool load_users(struct known *known)
{
	char *path = path_of_user("known_hosts");

	known->files[0] = path;
	return path ? load(known, "known hosts", path) : !errno;
}

/*
 * Others have made this file, and one that cannot be read must not stop the user. He
 * knows fewer hosts then, and none by another key: his own lines come first.
 */
static bool load_systems(struct known *known, bool all)
{
	char *path = strdup(PATH_OF_SYSTEM "known_hosts");

	known->files[1] = path;
	errno = 0;
	if (!path ||
	    load(known, all ? "known hosts" : "known hosts (skipped)", path))
		return path;
	known->whole = false;
	known->partial = true;
	return !all && errno != ENOMEM;
}

static const void *key_of_line(const void *item, size_t *len)
{
	const struct line *line = item;

	*len = sizeof(line->known.key);
	return &line->known.key;
}

static bool drop_same_key(struct known *known, struct index *keys,
			  struct line *line)
{
	const struct line *first = index_find(
		keys, key_of_line, &line->known.key, sizeof(line->known.key));

	if (!first)
		return index_add(keys, key_of_line, line);
	if (first->file != line->file &&
	    known_line_shares(&first->known, &line->known))
		return true;
	tell("%s, line %u: the key is that of line %u of %s too, but copies of "
	     "one machine can be taken for each other; the line is skipped",
	     line->file, line->number, first->number, first->file);
	known->whole = false;
	known_line_free(&line->known);
	return true;
}

/*
 * One key in two lines: the later line is skipped. The user's and the system's
 * file may both have a host.
 */
static bool drop_same_keys(struct known *known)
{
	struct index keys = { 0 };
	bool ok = true;

	for (size_t i = 0; i < known->line_count && ok; i++)
		ok = drop_same_key(known, &keys, &known->lines[i]);
	index_free(&keys);
	return ok;
}

static const void *name_of_entry(const void *item, size_t *len)
{
	const struct entry *entry = item;

	*len = strlen(entry->name);
	return entry->name;
}

/* Of entries with one name, only the first one counts. */
static bool index_name(struct known *known, struct entry *entry)
{
	const struct line *line = entry->line;
	const struct entry *first = index_find(
		&known->names, name_of_entry, entry->name, strlen(entry->name));

	if (!first)
		return index_add(&known->names, name_of_entry, entry);
	if (first->line->file == line->file)
		tell("%s, line %u: %s is in line %u too, which counts",
		     line->file, line->number, entry->name,
		     first->line->number);
	return true;
}

static bool index_names(struct known *known)
{
	size_t count = 0;
	struct entry *entry;

	for (size_t i = 0; i < known->line_count; i++)
		count += known->lines[i].known.count;
	known->entries = entry = calloc(count + 1, sizeof(*entry));
	if (!entry)
		return false;
	for (size_t i = 0; i < known->line_count; i++) {
		const struct line *line = &known->lines[i];

		for (size_t j = 0; j < line->known.count; j++, entry++) {
			*entry = (struct entry){ line->known.names[j], line };
			if (!index_name(known, entry))
				return false;
		}
	}
	return true;
}

bool known_load(struct known **known, bool all)
{
	struct known *k = calloc(1, sizeof(*k));
	bool ok;

	if (k)
		k->whole = true;
	ok = k && load_users(k) && load_systems(k, all) && drop_same_keys(k) &&
	     index_names(k);

	if (ok) {
		*known = k;
		return true;
	}
	if (!k || errno == ENOMEM)
		tell("out of memory: cannot read the known hosts");
	known_free(k);
	return false;
}

bool known_whole(const struct known *known)
{
	return known->whole;
}

bool known_partial(const struct known *known)
{
	return known->partial;
}

const struct sysrq_public *known_find(const struct known *known,
				      const char *name)
{
	char form[KNOWN_NAME_MAX + 1];
	const struct entry *found;

	if (!known_name(form, name))
		return NULL;
	found = index_find(&known->names, name_of_entry, form, strlen(form));
	return found ? &found->line->known.key : NULL;
}

const char *const *known_names(const struct known *known, size_t index,
			       size_t *count, const struct sysrq_public **key)
{
	const struct known_line *line;

	if (index >= known->line_count)
		return NULL;
	line = &known->lines[index].known;
	*count = line->count;
	*key = &line->key;
	return (const char *const *)line->names;
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
	index_free(&known->names);
	free(known->files[0]);
	free(known->files[1]);
	free(known);
}
