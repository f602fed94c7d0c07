// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "client/hosts/resolve.h"

enum { THREADS_MAX = 32 };

struct work {
	struct lookup *lookups;
	size_t count;
	int family;
	atomic_size_t next;
};

static void look_up(struct lookup *lookup, int family, int flags)
{
	struct addrinfo hints = { .ai_family = family,
				  .ai_socktype = SOCK_DGRAM,
				  .ai_flags = AI_NUMERICSERV | flags };
	char service[8];

	snprintf(service, sizeof(service), "%u", lookup->port);
	lookup->error =
		getaddrinfo(lookup->name, service, &hints, &lookup->list);
	lookup->system_error = errno;
	if (lookup->error)
		lookup->list = NULL;
}

static void *look_up_some(void *data)
{
	struct work *work = data;
	size_t i;

	while ((i = atomic_fetch_add(&work->next, 1)) < work->count) {
		if (work->lookups[i].error)
			look_up(&work->lookups[i], work->family, 0);
	}
	return NULL;
}

void resolve(struct lookup *lookups, size_t count, int family)
{
	struct work work = { .lookups = lookups,
			     .count = count,
			     .family = family };
	pthread_t threads[THREADS_MAX];
	size_t names = 0, started = 0;

	/* Addresses need no name server, so they need no thread. */
	for (size_t i = 0; i < count; i++) {
		look_up(&lookups[i], family, AI_NUMERICHOST);
		names += lookups[i].error != 0;
	}
	while (started < THREADS_MAX && started + 1 < names &&
	       !pthread_create(&threads[started], NULL, look_up_some, &work))
		started++;
	look_up_some(&work);
	while (started)
		pthread_join(threads[--started], NULL);
}

const char *lookup_problem(const struct lookup *lookup)
{
	if (!lookup->error)
		return NULL;
	return lookup->error == EAI_SYSTEM ? strerror(lookup->system_error)
					   : gai_strerror(lookup->error);
}

bool lacks_zone(const struct sockaddr *address)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;

	return address->sa_family == AF_INET6 && !six->sin6_scope_id &&
	       IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
}
