/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the Host blocks of a configuration that mean a host. A block that only
 * lists names is found by an index: there may be one for each of many hosts.
 */
#ifndef SRQ_BLOCKS_H
#define SRQ_BLOCKS_H

#include "client/hosts/index.h"

struct mention;

/* Begins as {0}. */
struct blocks {
	struct index names; /* the first mention of each name */
	struct {
		const char *patterns;
		size_t number;
	} * others; /* blocks with other patterns than names */
	size_t count, size;
};

/*
 * Adds the block with this number, which is higher than all before. patterns is
 * of patterns_read(), and outlives blocks. False: out of memory.
 */
bool blocks_add(struct blocks *blocks, const char *patterns, size_t number);

/* How far the blocks of a host were found. Begins as blocks_begin() returns it. */
struct blocks_walk {
	const char *host;
	const struct mention *mention;
	size_t other;
};

struct blocks_walk blocks_begin(const struct blocks *blocks, const char *host);

/* Takes the next block that means the host; numbers go up, and may come twice.
 * False: there is none. */
bool blocks_next(const struct blocks *blocks, struct blocks_walk *walk,
		 size_t *number);

/* Frees what blocks holds. Not blocks itself. */
void blocks_free(struct blocks *blocks);

#endif
