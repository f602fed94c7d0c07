/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds an item by its key: a hash table of pointers. An item that is found or
 * added takes the same time, however many there are.
 */
#ifndef SRQ_INDEX_H
#define SRQ_INDEX_H

#include <stdbool.h>
#include <stddef.h>

/* Begins as {0}. The items are the caller's. */
struct index {
	size_t count;
	size_t size; /* of slots: 0 or a power of two */
	void **slots;
};

/* Returns the key of an item, *len bytes. It stays the same. */
typedef const void *index_key(const void *item, size_t *len);

/* The key of an item that is a text */
const void *index_text(const void *item, size_t *len);

/* Returns the item with this key of len bytes; NULL: there is none. */
void *index_find(const struct index *index, index_key *key_of, const void *key,
		 size_t len);

/* Adds an item whose key no other item has. False: out of memory. */
bool index_add(struct index *index, index_key *key_of, void *item);

/* Takes all items out, but keeps the memory for as many. */
void index_empty(struct index *index);

/* Frees what index holds: neither the items nor index itself. */
void index_free(struct index *index);

#endif
