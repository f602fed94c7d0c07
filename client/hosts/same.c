// SPDX-License-Identifier: GPL-2.0
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/same.h"
#include "client/hosts/targets.h"

/* An address of a target */
struct place {
	unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint32_t zone;
	uint32_t port; /* in network byte order */
	struct target *target;
};

static const void *key_of_place(const void *item, size_t *len)
{
	*len = offsetof(struct place, target);
	return item;
}

static const void *key_of_target(const void *item, size_t *len)
{
	const struct target *target = item;

	*len = sizeof(target->public_key);
	return &target->public_key;
}

static struct place place_of(struct target *target,
			     const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	struct place place = { .target = target };

	if (address->sa_family == AF_INET6) {
		memcpy(place.address, &six->sin6_addr, 16);
		place.zone = six->sin6_scope_id;
		place.port = six->sin6_port;
		return place;
	}
	memset(place.address + 10, 0xff, 2);
	memcpy(place.address + 12, &four->sin_addr, 4);
	place.port = four->sin_port;
	return place;
}

/* Returns the target that has been noted for this place; NULL: out of memory. */
static struct target *note_place(struct same *same, const struct place *place)
{
	struct place *noted = index_find(&same->places, key_of_place, place,
					 offsetof(struct place, target));

	if (noted)
		return noted->target;
	noted = malloc(sizeof(*noted));
	if (!noted)
		return NULL;
	*noted = *place;
	if (index_add(&same->places, key_of_place, noted))
		return noted->target;
	free(noted);
	return NULL;
}

/* The same for its public key */
static struct target *note_key(struct same *same, struct target *target)
{
	struct target *noted =
		index_find(&same->keys, key_of_target, &target->public_key,
			   sizeof(target->public_key));

	if (noted)
		return noted;
	return index_add(&same->keys, key_of_target, target) ? target : NULL;
}

bool same_note(struct same *same, struct target *target,
	       const struct sockaddr *address)
{
	struct place place;
	struct target *first;

	if (target->is_known) {
		first = note_key(same, target);
	} else {
		place = place_of(target, address);
		first = note_place(same, &place);
	}
	if (!first)
		return false;
	while (first->same) /* one that was not reached */
		first = first->same;
	if (first != target && !target->same) {
		struct target *last =
			first->last_same ? first->last_same : first;

		target->same = first;
		last->next_same = target;
		first->last_same = target;
	}
	return true;
}

struct target *same_next(struct target *target)
{
	struct target *next = target->next_same;

	if (!next)
		return NULL;
	next->last_same = target->last_same == next ? NULL : target->last_same;
	for (struct target *t = next; t; t = t->next_same)
		t->same = next;
	next->same = NULL;
	target->same = next;
	target->next_same = NULL;
	return next;
}

void same_free(struct same *same)
{
	for (size_t i = 0; i < same->places.size; i++)
		free(same->places.slots[i]);
	index_free(&same->places);
	index_free(&same->keys);
}
