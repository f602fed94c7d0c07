// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/hosts/blocks.h"
#include "client/hosts/patterns.h"

/* A name in a block that only lists names */
struct mention {
	const char *name; /* len bytes */
	size_t len;
	size_t block;
	struct mention *next; /* of the same name, in a later block */
	struct mention *last; /* of the first mention: the last one */
};

static const void *name_of(const void *item, size_t *len)
{
	const struct mention *mention = item;

	*len = mention->len;
	return mention->name;
}

static bool add_name(struct blocks *blocks, const char *name, size_t len,
		     size_t block)
{
	struct mention *first = index_find(&blocks->names, name_of, name, len);
	struct mention *mention = malloc(sizeof(*mention));

	if (!mention)
		return false;
	*mention = (struct mention){ name, len, block, NULL, mention };
	if (first) {
		first->last->next = mention;
		first->last = mention;
		return true;
	}
	if (index_add(&blocks->names, name_of, mention))
		return true;
	free(mention);
	return false;
}

static bool add_other(struct blocks *blocks, const char *patterns,
		      size_t number)
{
	if (blocks->count == blocks->size) {
		size_t size = 2 * blocks->size + 8;
		void *others =
			realloc(blocks->others, size * sizeof(*blocks->others));

		if (!others)
			return false;
		blocks->others = others;
		blocks->size = size;
	}
	blocks->others[blocks->count].patterns = patterns;
	blocks->others[blocks->count++].number = number;
	return true;
}

bool blocks_add(struct blocks *blocks, const char *patterns, size_t number)
{
	if (strpbrk(patterns, "*?[!"))
		return add_other(blocks, patterns, number);
	while (*(patterns += strspn(patterns, " "))) {
		size_t len = strcspn(patterns, " ");

		if (!add_name(blocks, patterns, len, number))
			return false;
		patterns += len;
	}
	return true;
}

struct blocks_walk blocks_begin(const struct blocks *blocks, const char *host)
{
	return (struct blocks_walk){
		.host = host,
		.mention =
			index_find(&blocks->names, name_of, host, strlen(host)),
	};
}

bool blocks_next(const struct blocks *blocks, struct blocks_walk *walk,
		 size_t *number)
{
	const struct mention *mention = walk->mention;

	for (; walk->other < blocks->count; walk->other++) {
		size_t other = blocks->others[walk->other].number;

		if (mention && mention->block < other)
			break;
		if (patterns_match(blocks->others[walk->other].patterns,
				   walk->host)) {
			*number = other;
			walk->other++;
			return true;
		}
	}
	if (!mention)
		return false;
	*number = mention->block;
	walk->mention = mention->next;
	return true;
}

void blocks_free(struct blocks *blocks)
{
	for (size_t i = 0; i < blocks->names.size; i++) {
		struct mention *mention = blocks->names.slots[i], *next;

		for (; mention; mention = next) {
			next = mention->next;
			free(mention);
		}
	}
	index_free(&blocks->names);
	free(blocks->others);
}
