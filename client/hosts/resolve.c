// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <bsd/sys/queue.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/hosts/resolve.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

/* If all threads are stuck, so many more come, up to the maximum. */
enum { THREADS_STEP = 32, THREADS_MAX = 256, STACK = 256 * 1024 };

static const uint64_t stuck_after = SYSRQ_SECOND / 10;

/* The C library mostly gives a name up before, but it may also hang for ever. */
static const uint64_t hangs_after = 60 * SYSRQ_SECOND;

/* A look-up is in one of the lists. */
struct job {
	TAILQ_ENTRY(job) link;
	struct addrinfo *list;
	int error;        /* of getaddrinfo() */
	int system_error; /* errno then */
	void *data;
	uint64_t begun; /* when a thread took it */
	uint64_t taken; /* the same, or when it was taken up again */
	bool given_up;
	uint16_t port;
	char name[];
};

TAILQ_HEAD(jobs, job);

/* Threads may use it longer than the caller. */
struct resolver {
	pthread_mutex_t lock;
	struct jobs waiting, running, ended;
	struct jobs late;  /* given up; their threads still look them up */
	uint64_t progress; /* ns: the last begin, or end of a look-up */
	uint64_t grow_at;  /* ns: when more threads come */
	size_t most;       /* threads that may run */
	uint64_t timeout;
	char too_late[64]; /* the problem of a job that was given up */
	size_t threads;
	bool freed; /* by the caller */
	int event;
	int family;
};

static int find(struct addrinfo **list, const char *name, uint16_t port,
		int family, int flags)
{
	struct addrinfo hints = { .ai_family = family,
				  .ai_socktype = SOCK_DGRAM,
				  .ai_flags = AI_NUMERICSERV | flags };
	char service[8];
	int error;

	snprintf(service, sizeof(service), "%u", port);
	errno = 0;
	error = getaddrinfo(name, service, &hints, list);
	if (error)
		*list = NULL;
	return error;
}

/* If the C library could open no file, it says that there is no such name. */
static bool is_of_here(int error, int system_error)
{
	return error == EAI_SYSTEM || error == EAI_MEMORY ||
	       (error && (system_error == EMFILE || system_error == ENFILE ||
			  system_error == ENOMEM));
}

static const char *problem_of(int error, int system_error)
{
	if (!error)
		return NULL;
	return is_of_here(error, system_error) && system_error
		       ? strerror(system_error)
		       : gai_strerror(error);
}

bool is_address(const char *text)
{
	struct in_addr four;

	/* Only IPv6 addresses have a colon: names.c has seen to it. */
	return strchr(text, ':') || inet_pton(AF_INET, text, &four) == 1;
}

void resolve_address(struct lookup *lookup, const char *text, uint16_t port,
		     int family)
{
	struct addrinfo *list;
	int error = find(&list, text, port, family, AI_NUMERICHOST);
	int system_error = errno;
	bool six = strchr(text, ':');

	*lookup = (struct lookup){
		.list = list,
		.problem = problem_of(error, system_error),
		.of_here = is_of_here(error, system_error),
	};
	if (error && family == AF_INET6 && !six)
		lookup->problem = "it is an IPv4 address, and -6 wants IPv6";
	else if (error && family == AF_INET && six)
		lookup->problem = "it is an IPv6 address, and -4 wants IPv4";
}

/* --- Threads; they have the lock, but not while they look up --- */

static void free_job(struct job *job)
{
	if (job->list)
		freeaddrinfo(job->list);
	free(job);
}

static void look_up(struct resolver *r, struct job *job)
{
	TAILQ_REMOVE(&r->waiting, job, link);
	TAILQ_INSERT_TAIL(&r->running, job, link);
	job->begun = sysrq_now();
	job->taken = job->begun;
	r->grow_at = job->taken + stuck_after;
	pthread_mutex_unlock(&r->lock);
	job->error = find(&job->list, job->name, job->port, r->family, 0);
	job->system_error = errno;
	pthread_mutex_lock(&r->lock);
	if (job->given_up) {
		TAILQ_REMOVE(&r->late, job, link);
		free_job(job);
		return;
	}
	TAILQ_REMOVE(&r->running, job, link);
	TAILQ_INSERT_TAIL(&r->ended, job, link);
	r->progress = sysrq_now();
	eventfd_write(r->event, 1);
}

/* Free all, if nobody uses it any more; the lock is taken, and then gone. */
static void leave(struct resolver *r)
{
	bool last = r->freed && !r->threads;

	pthread_mutex_unlock(&r->lock);
	if (!last)
		return;
	close(r->event);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static void *work(void *data)
{
	struct resolver *r = data;

	pthread_mutex_lock(&r->lock);
	while (!TAILQ_EMPTY(&r->waiting))
		look_up(r, TAILQ_FIRST(&r->waiting));
	r->threads--;
	leave(r);
	return NULL;
}

/* Start a thread for each job that waits, at most count. */
static void start_threads(struct resolver *r, size_t count, uint64_t now)
{
	const struct job *job = TAILQ_FIRST(&r->waiting);
	sigset_t all, usual;
	pthread_attr_t how;
	pthread_t thread;

	r->grow_at = now + stuck_after;
	/* Signals are for the thread that runs the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &usual);
	pthread_attr_init(&how);
	pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&how, STACK);
	for (; job && count && r->threads < r->most; count--) {
		if (pthread_create(&thread, &how, work, r))
			r->most = r->threads; /* the machine permits no more */
		else
			r->threads++;
		job = TAILQ_NEXT(job, link);
	}
	pthread_attr_destroy(&how);
	pthread_sigmask(SIG_SETMASK, &usual, NULL);
}

/* True: names wait, and more threads can be started for them. */
static bool can_grow(const struct resolver *r)
{
	return !TAILQ_EMPTY(&r->waiting) && r->threads < r->most;
}

/* --- The caller --- */

struct resolver *resolver_new(int family, uint64_t timeout)
{
	struct resolver *r = calloc(1, sizeof(*r));
	char limit[TEXT_MAX];

	if (!r)
		return NULL;
	r->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->event < 0) {
		free(r);
		return NULL;
	}
	r->family = family;
	r->timeout = timeout;
	text_of_duration(limit, timeout);
	snprintf(r->too_late, sizeof(r->too_late),
		 "its name was not found within %s", limit);
	r->most = THREADS_MAX;
	pthread_mutex_init(&r->lock, NULL);
	TAILQ_INIT(&r->waiting);
	TAILQ_INIT(&r->running);
	TAILQ_INIT(&r->ended);
	TAILQ_INIT(&r->late);
	return r;
}

/* Take up a look-up again that was given up: a second thread would mostly find no more. */
static bool resume(struct resolver *r, const char *name, uint16_t port,
		   void *data)
{
	uint64_t now = sysrq_now();
	struct job *job;

	TAILQ_FOREACH(job, &r->late, link) {
		if (now >= job->begun + hangs_after || job->port != port ||
		    strcmp(job->name, name) != 0)
			continue;
		TAILQ_REMOVE(&r->late, job, link);
		job->given_up = false;
		job->data = data;
		job->taken = now;
		TAILQ_INSERT_TAIL(&r->running, job, link);
		r->progress = now;
		return true;
	}
	return false;
}

/* Begin a look-up with a thread. */
static bool begin(struct resolver *r, const char *name, uint16_t port,
		  void *data)
{
	struct job *job = calloc(1, sizeof(*job) + strlen(name) + 1);
	bool ok = job;

	if (!ok)
		return false;
	strcpy(job->name, name);
	job->port = port;
	job->data = data;
	TAILQ_INSERT_TAIL(&r->waiting, job, link);
	r->progress = sysrq_now();
	if (!r->threads) /* the machine may permit some again */
		r->most = THREADS_MAX;
	if (r->threads < THREADS_STEP)
		start_threads(r, 1, r->progress);
	if (!r->threads) {
		TAILQ_REMOVE(&r->waiting, job, link);
		free_job(job);
		ok = false;
	}
	return ok;
}

bool resolver_add(struct resolver *r, const char *name, uint16_t port,
		  void *data)
{
	bool ok;

	pthread_mutex_lock(&r->lock);
	ok = resume(r, name, port, data) || begin(r, name, port, data);
	pthread_mutex_unlock(&r->lock);
	return ok;
}

int resolver_fd(const struct resolver *r)
{
	return r->event;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t resolver_deadline(struct resolver *r)
{
	uint64_t deadline = UINT64_MAX;
	const struct job *first;

	pthread_mutex_lock(&r->lock);
	first = TAILQ_FIRST(&r->running);
	if (first)
		deadline = first->taken + r->timeout;
	if (first || !TAILQ_EMPTY(&r->waiting))
		deadline = earlier(deadline, r->progress + r->timeout);
	if (can_grow(r))
		deadline = earlier(deadline, r->grow_at);
	if (!TAILQ_EMPTY(&r->ended))
		deadline = 0;
	pthread_mutex_unlock(&r->lock);
	return deadline;
}

/* Take a job that has ended out of the lists. NULL: there is none. */
static struct job *take_ended(struct resolver *r)
{
	struct job *job = TAILQ_FIRST(&r->ended);

	if (job)
		TAILQ_REMOVE(&r->ended, job, link);
	return job;
}

/* Give up a job whose time is over; the same. */
static struct job *take_late(struct resolver *r, uint64_t now)
{
	bool all = now >= r->progress + r->timeout;
	struct job *job = TAILQ_FIRST(&r->running);

	if (job && (all || now >= job->taken + r->timeout)) {
		TAILQ_REMOVE(&r->running, job, link);
		TAILQ_INSERT_TAIL(&r->late, job, link);
		job->given_up = true; /* its thread frees it */
		return job;
	}
	job = all ? TAILQ_FIRST(&r->waiting) : NULL;
	if (job)
		TAILQ_REMOVE(&r->waiting, job, link);
	return job;
}

bool resolver_next(struct resolver *r, uint64_t now, struct lookup *lookup)
{
	struct job *job;
	eventfd_t count;

	pthread_mutex_lock(&r->lock);
	eventfd_read(r->event, &count);
	if (can_grow(r) && now >= r->grow_at)
		start_threads(r, THREADS_STEP, now);
	job = take_ended(r);
	if (job) {
		*lookup = (struct lookup){
			.data = job->data,
			.list = job->list,
			.problem = problem_of(job->error, job->system_error),
			.of_here = is_of_here(job->error, job->system_error),
		};
		free(job);
	} else {
		job = take_late(r, now);
		if (job)
			*lookup = (struct lookup){
				.data = job->data,
				.problem = r->too_late,
			};
		if (job && !job->given_up)
			free(job);
	}
	pthread_mutex_unlock(&r->lock);
	return job;
}

void resolver_free(struct resolver *r)
{
	struct job *job;

	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->freed = true;
	while ((job = take_ended(r)) || (job = take_late(r, UINT64_MAX))) {
		if (!job->given_up)
			free_job(job);
	}
	leave(r);
}

bool lacks_zone(const struct sockaddr *address)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;

	return address->sa_family == AF_INET6 && !six->sin6_scope_id &&
	       IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
}
