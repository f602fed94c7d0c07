// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <unistd.h>

#include "client/hosts/shared.h"

/* A thread is worth it for so many keys. */
enum { PART_LEAST = 64, THREADS_MAX = 64 };

struct part {
	pthread_t thread;
	struct shared *list;
	size_t count;
};

static void *make(void *data)
{
	const struct part *part = data;

	for (size_t i = 0; i < part->count; i++) {
		struct shared *shared = &part->list[i];

		if (shared->pair)
			shared->err = sysrq_key_from_pair(
				&shared->key, shared->pair, shared->host);
	}
	return NULL;
}

void shared_make(struct shared *list, size_t count)
{
	struct part parts[THREADS_MAX];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = cpus < 1 ? 1 : cpus > THREADS_MAX ? THREADS_MAX : cpus;
	size_t n = 0, each = count / most + 1;

	if (each < PART_LEAST)
		each = PART_LEAST;
	for (; count > each && n < most; n++) {
		parts[n] = (struct part){ .list = list, .count = each };
		if (pthread_create(&parts[n].thread, NULL, make, &parts[n]))
			break; /* the machine permits no more */
		list += each;
		count -= each;
	}
	make(&(struct part){ .list = list, .count = count });
	while (n > 0)
		pthread_join(parts[--n].thread, NULL);
}
