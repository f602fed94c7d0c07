// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <signal.h>

#include "client/hosts/targets.h"
#include "client/loop.h"
#include "client/output/until.h"
#include "lib/sysrq.h"

/* These signals end the watching. The host presses on. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static volatile sig_atomic_t caught;

static void note(int number)
{
	caught = number;
}

/* From now on the signals come only with the mask *usual. */
static void catch_signals(sigset_t *usual)
{
	struct sigaction action = { .sa_handler = note }, old;
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaddset(&ours, signals[i]);
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &ours, usual);
}

/* Wait. Then let the signals come: ppoll() does not, while files are ready. */
static void wait_for(struct pollfd fds[2], const struct timespec *timeout,
		     const sigset_t *usual)
{
	sigset_t ours;

	ppoll(fds, 2, timeout, usual);
	sigprocmask(SIG_SETMASK, usual, &ours);
	sigprocmask(SIG_SETMASK, &ours, NULL);
}

/* End the process by a signal. */
static void die_of(int number, const sigset_t *usual)
{
	signal(number, SIG_DFL);
	raise(number);
	sigprocmask(SIG_SETMASK, usual, NULL);
}

/* Take what has come. Returns when to do so again, in ns. */
static uint64_t step(struct targets *targets, const struct loop_calls *calls,
		     void *data)
{
	struct sysrq *ctx = targets->ctx;
	struct sysrq_event event;
	struct target *target;
	uint64_t then, least;

	/* More hosts at once would only wait in memory, and their time pass. */
	while (sysrq_room(ctx) && (target = targets_next(targets, sysrq_now())))
		calls->found(data, target);
	sysrq_process(ctx);
	while (sysrq_next(ctx, &event))
		calls->event(data, &event);
	then = calls->tick(data, sysrq_now());
	least = sysrq_deadline(ctx);
	if (sysrq_room(ctx) && targets_deadline(targets) < least)
		least = targets_deadline(targets);
	return least < then ? least : then;
}

void loop_run(struct targets *targets, const struct loop_calls *calls,
	      void *data)
{
	struct pollfd fds[] = { { sysrq_fd(targets->ctx), POLLIN, 0 },
				{ -1, POLLIN, 0 } };
	sigset_t usual;

	catch_signals(&usual);
	for (;;) {
		struct timespec timeout =
			time_until(step(targets, calls, data));

		if (calls->finished(data))
			break;
		fds[1].fd = sysrq_room(targets->ctx) ? targets_fd(targets) : -1;
		wait_for(fds, &timeout, &usual);
		if (!caught)
			continue;
		if (!calls->interrupt(data))
			die_of(caught, &usual);
		caught = 0;
	}
}
