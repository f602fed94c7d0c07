// SPDX-License-Identifier: GPL-2.0
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/index.h"

enum { SIZE_LEAST = 8 };

/* A secret decides over the places: nobody can choose names that share one. */
static size_t hash(const void *key, size_t len)
{
	static unsigned char secret[crypto_shorthash_KEYBYTES];
	static bool has_secret;
	unsigned char out[crypto_shorthash_BYTES];
	size_t number;

	if (!has_secret)
		randombytes_buf(secret, sizeof(secret));
	has_secret = true;
	crypto_shorthash(out, key, len, secret);
	memcpy(&number, out, sizeof(number));
	return number;
}

const void *index_text(const void *item, size_t *len)
{
	*len = strlen(item);
	return item;
}

/* Returns the slot of the item with this key, or the free one for it. There is
 * always a free slot. */
static void **slot_of(const struct index *index, index_key *key_of,
		      const void *key, size_t len)
{
	size_t at = hash(key, len), item_len;

	for (;; at++) {
		void **slot = &index->slots[at & (index->size - 1)];
		const void *other = *slot ? key_of(*slot, &item_len) : NULL;

		if (!other || (item_len == len && !memcmp(other, key, len)))
			return slot;
	}
}

void *index_find(const struct index *index, index_key *key_of, const void *key,
		 size_t len)
{
	return index->size ? *slot_of(index, key_of, key, len) : NULL;
}

static void put(struct index *index, index_key *key_of, void *item)
{
	size_t len;
	const void *key = key_of(item, &len);

	*slot_of(index, key_of, key, len) = item;
}

/* Make room for one more item. At most half of the slots are taken. */
static bool make_room(struct index *index, index_key *key_of)
{
	struct index larger = *index;

	if (2 * (index->count + 1) <= index->size)
		return true;
	larger.size = index->size ? 2 * index->size : SIZE_LEAST;
	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < index->size; i++) {
		if (index->slots[i])
			put(&larger, key_of, index->slots[i]);
	}
	free(index->slots);
	*index = larger;
	return true;
}

bool index_add(struct index *index, index_key *key_of, void *item)
{
	if (!make_room(index, key_of))
		return false;
	put(index, key_of, item);
	index->count++;
	return true;
}

void index_empty(struct index *index)
{
	if (index->size)
		memset(index->slots, 0, index->size * sizeof(*index->slots));
	index->count = 0;
}

void index_free(struct index *index)
{
	free(index->slots);
	*index = (struct index){ 0 };
}
