// SPDX-License-Identifier: GPL-2.0
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <stdlib.h>

#include "client/loop.h"
#include "client/output/tell.h"
#include "client/output/written.h"
#include "client/press/json.h"
#include "client/press/many.h"
#include "client/press/one.h"
#include "client/runs.h"

/* A run that is not over. Only so many hosts as are asked have one. */
struct active {
	struct run run;
	bool touched; /* in the list touched: call go_on() */
	STAILQ_ENTRY(active) link;
	uint64_t next; /* when to call go_on(); UINT64_MAX: not in timers */
	RB_ENTRY(active) timer;
};

/* The run of a target */
struct slot {
	struct active *active; /* NULL: before and after the run */
	bool over;
	enum exit_status status; /* over */
};

RB_HEAD(timers, active);

struct command {
	const struct plan *plan;
	struct targets *targets;
	struct slot *slots; /* one for each target */
	size_t over;
	enum exit_status worst;
	STAILQ_HEAD(, active) touched;
	struct timers timers;
	bool alone; /* one host without --json: one.c prints */
	struct one one;
	struct many many;
	const struct run_listener *listener;
};

static int compare(const struct active *a, const struct active *b)
{
	if (a->next != b->next)
		return a->next < b->next ? -1 : 1;
	return a == b ? 0 : a < b ? -1 : 1;
}

/* RB_GENERATE_STATIC() needs a macro that is not in glibc's headers. */
RB_GENERATE_INTERNAL(timers, active, timer, compare,
		     __attribute__((unused)) static)

static struct slot *slot_of(const struct command *command,
			    const struct target *target)
{
	return &command->slots[target - command->targets->list];
}

static void touch(struct command *command, struct active *active)
{
	if (active->touched)
		return;
	active->touched = true;
	STAILQ_INSERT_TAIL(&command->touched, active, link);
}

static void set_timer(struct command *command, struct active *active,
		      uint64_t next)
{
	if (active->next != UINT64_MAX)
		RB_REMOVE(timers, &command->timers, active);
	active->next = next;
	if (next != UINT64_MAX)
		RB_INSERT(timers, &command->timers, active);
}

/* Count the run of a target as over. */
static void count(struct command *command, struct slot *slot,
		  enum exit_status status)
{
	slot->over = true;
	slot->status = status;
	command->over++;
	if (status > command->worst)
		command->worst = status;
}

/* Free the run of a target, and its host: a million of them would fill the
 * memory. */
static void release(struct command *command, struct target *target)
{
	struct slot *slot = slot_of(command, target);
	struct active *active = slot->active;

	if (!active)
		return;
	slot->active = NULL;
	set_timer(command, active, UINT64_MAX);
	if (active->touched)
		STAILQ_REMOVE(&command->touched, active, active, link);
	run_free(&active->run);
	free(active);
	sysrq_host_free(target->host);
	target->host = NULL;
}

static void begin_run(struct command *command, struct run *run,
		      struct target *target)
{
	run_begin(run, command->plan, target, command->listener,
		  command->alone ? (void *)&command->one
				 : (void *)&command->many,
		  sysrq_now());
}

/* Report a target for whose run there is no memory. */
static void give_up(struct command *command, struct target *target)
{
	struct run run;

	begin_run(command, &run, target);
	run_skip(&run, EXIT_MACHINE, sysrq_now());
	run_free(&run);
	sysrq_host_free(target->host);
	target->host = NULL;
	tell("out of memory; nothing was sent to %s", run.name);
	count(command, slot_of(command, target), EXIT_MACHINE);
}

/* The run of a target that waits for its turn. NULL: out of memory; it is over. */
static struct active *activate(struct command *command, struct target *target)
{
	struct slot *slot = slot_of(command, target);
	struct active *active = slot->active;

	if (active)
		return active;
	active = calloc(1, sizeof(*active));
	if (!active) {
		give_up(command, target);
		return NULL;
	}
	active->next = UINT64_MAX;
	begin_run(command, &active->run, target);
	slot->active = active;
	return active;
}

/* Go on with a run. Returns true if it is over. */
static bool go_on(struct command *command, struct active *active, uint64_t now)
{
	struct run *run = &active->run;
	uint64_t next = UINT64_MAX;

	while (run->state != RUN_OVER) {
		next = run_tick(run, now);
		if (next > now)
			break;
	}
	set_timer(command, active, run->state == RUN_OVER ? UINT64_MAX : next);
	return run->state == RUN_OVER;
}

/* End the runs of this host, if that of its first target is over. */
static void settle(struct command *command, struct active *active, uint64_t now)
{
	struct target *target = active->run.target, *t;
	enum exit_status status;

	if (!go_on(command, active, now) || slot_of(command, target)->over)
		return;
	status = active->run.status;
	count(command, slot_of(command, target), status);
	for (t = target->same ? NULL : target->next_same; t; t = t->next_same) {
		struct slot *slot = slot_of(command, t);

		if (slot->over)
			continue;
		run_skip(&slot->active->run, status, now);
		count(command, slot, status);
		release(command, t);
	}
	if (!command->alone) /* one.c still shows it */
		release(command, target);
}

static void on_found(void *data, struct target *target)
{
	struct command *command = data;
	struct slot *slot = slot_of(command, target);
	const struct slot *same =
		target->same ? slot_of(command, target->same) : NULL;
	struct active *active;

	if (slot->over) /* it was interrupted */
		return;
	active = activate(command, target);
	if (!active)
		return;
	touch(command, active);
	if (!same || target->problem)
		run_found(&active->run, sysrq_now());
	else if (same->over)
		run_skip(&active->run, same->status, sysrq_now());
}

static void on_event(void *data, const struct sysrq_event *event)
{
	struct command *command = data;
	const struct target *target = sysrq_host_data(event->host);
	struct active *active = slot_of(command, target)->active;

	if (active->run.state != RUN_OVER)
		run_event(&active->run, event, sysrq_now());
	touch(command, active);
}

static uint64_t tick(void *data, uint64_t now)
{
	struct command *command = data;
	struct active *active;
	uint64_t next, drawn;

	while ((active = STAILQ_FIRST(&command->touched))) {
		STAILQ_REMOVE_HEAD(&command->touched, link);
		active->touched = false;
		settle(command, active, now);
	}
	while ((active = RB_MIN(timers, &command->timers)) &&
	       active->next <= now)
		settle(command, active, now);
	next = active ? active->next : UINT64_MAX;
	drawn = command->alone ? one_tick(&command->one,
					  &command->slots[0].active->run, now)
			       : many_tick(&command->many, now);
	return drawn < next ? drawn : next;
}

static bool interrupt(void *data)
{
	struct command *command = data;
	bool any = false;

	for (size_t i = 0; i < command->targets->count; i++) {
		struct target *target = &command->targets->list[i];
		bool waited = !slot_of(command, target)->active;
		struct active *active;

		if (slot_of(command, target)->over)
			continue;
		active = activate(command, target);
		if (!active)
			continue;
		any |= run_interrupt(&active->run, sysrq_now());
		if (waited) /* its memory is for the next one */
			settle(command, active, sysrq_now());
		else
			touch(command, active);
	}
	/* With several hosts, many.c or json.c still prints each of them. */
	return any || !command->alone;
}

static bool finished(const void *data)
{
	const struct command *command = data;

	return command->over == command->targets->count;
}

/* False: out of memory; nothing has been told. */
static bool begin(struct command *command, bool json)
{
	struct targets *targets = command->targets;

	STAILQ_INIT(&command->touched);
	RB_INIT(&command->timers);
	command->alone = targets->count == 1 && !json;
	command->listener = command->alone ? &one_listener
			    : json         ? &json_listener
					   : &many_listener;
	command->slots = calloc(targets->count, sizeof(struct slot));
	if (!command->slots)
		return false;
	if (!command->alone) {
		many_begin(&command->many, targets, json ? stderr : stdout);
		return true;
	}
	one_begin(&command->one, command->plan);
	return activate(command, targets->list);
}

/* Free all runs. Returns the highest of their exit statuses. */
static enum exit_status end(struct command *command, bool json)
{
	if (!command->alone)
		many_end(&command->many);
	release(command, command->targets->list);
	/* The letters were pressed, whether or not this can be written. */
	if (!written("the results"))
		return EXIT_MACHINE;
	if (json && command->many.unwritten) {
		tell("out of memory: cannot write the results");
		return EXIT_MACHINE;
	}
	return command->worst;
}

enum exit_status runs_press(struct targets *targets, const struct plan *plan,
			    bool json)
{
	static const struct loop_calls calls = { on_found, on_event, tick,
						 interrupt, finished };
	struct command command = { .plan = plan, .targets = targets };
	enum exit_status status = EXIT_MACHINE;

	if (begin(&command, json)) {
		loop_run(targets, &calls, &command);
		status = end(&command, json);
	} else {
		tell("out of memory; nothing was sent");
	}
	free(command.slots);
	return status;
}
