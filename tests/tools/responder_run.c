// SPDX-License-Identifier: GPL-2.0
/* The run of a host, which only says which letters it would press. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/tools/responder.h"

static struct host *active; /* the hosts that have had a run */

static void end_step(struct host *host, uint8_t state)
{
	struct run *run = &host->run;

	run->progress.times[run->progress.finished] =
		(uint32_t)((boot_time(host) - run->step_began) / MILLISECOND);
	run->progress.states[run->progress.finished++] = state;
	run->step_began = boot_time(host);
	run->end_told = false;
	run->over = run->progress.finished == run->progress.count;
}

/* A last b, c or o waits until the client has been told the end of the step before. */
static bool held(const struct run *run, uint8_t i, uint64_t now)
{
	return i > 0 && i + 1 == run->progress.count &&
	       srq_letter_ends_host(run->command.steps[i].letter) &&
	       !run->end_told &&
	       now < run->step_began + SRQ_LAST_HOLD_MS * MILLISECOND;
}

/* What the kernel would print: a line for every letter, and more for some */
static void print_output(struct host *host, char letter)
{
	struct log *log = host_log(host);

	log_append(log, boot_time(host), "sysrq: Show %c", letter);
	if (!srq_letter_prints(letter))
		return;
	for (long i = 1; i <= host->opt.output; i++)
		log_append(log, boot_time(host), "output of %c, line %ld",
			   letter, i);
}

bool has_panicked(const struct host *host)
{
	return host->opt.panicked ||
	       (host->run.crashed &&
		boot_time(host) >=
			host->run.step_began +
				(uint64_t)host->opt.listens * MILLISECOND);
}

/* As the module judges: after a panic these letters can do nothing. */
static bool is_pointless(const struct host *host, char letter)
{
	return has_panicked(host) && strchr("suceifjknrvxSo", letter);
}

static void press(struct host *host, char letter)
{
	struct run *run = &host->run;

	printf("press %c%s\n", letter, host->shown);
	run->progress.states[run->progress.finished] = SRQ_STEP_PRESSED;
	run->step_began = boot_time(host);
	/* Unlike a real host it lives on after o. */
	run->crashed =
		letter == 'c' && host->opt.listens >= 0 && !host->opt.immortal;
	run->gone = srq_letter_ends_host(letter) && letter != 'o' &&
		    !host->opt.immortal && !run->crashed;
	print_output(host, letter);
}

void advance(struct host *host)
{
	struct run *run = &host->run;

	while (run->exists && !run->over && !run->gone) {
		uint64_t now = boot_time(host);
		uint8_t i = run->progress.finished;
		const struct srq_step *step = &run->command.steps[i];
		bool until = step->flags & SRQ_UNTIL_COMPLETE;

		if (run->progress.states[i] == SRQ_STEP_PENDING) {
			if (held(run, i, now))
				return;
			if (is_pointless(host, step->letter)) {
				run->step_began = now;
				end_step(host, SRQ_STEP_POINTLESS);
				continue;
			}
			press(host, step->letter);
		}
		if (run->gone || run->crashed || host->opt.stuck)
			return;
		if (until && host->opt.complete >= 0 &&
		    now >= run->step_began +
				    (uint64_t)host->opt.complete * MILLISECOND)
			end_step(host, SRQ_STEP_COMPLETE);
		else if (now >= run->step_began + step->wait_ms * MILLISECOND)
			end_step(host,
				 until ? SRQ_STEP_TIMED_OUT : SRQ_STEP_DONE);
		else
			return;
	}
}

/* A newer run takes the place of this one. */
static void settle_run(struct host *host)
{
	struct run *run = &host->run;
	enum srq_code code = run->over ? SRQ_OK : SRQ_SUPERSEDED;

	if (!run->exists)
		return;
	for (int i = run->progress.finished; i < run->progress.count; i++) {
		if (run->progress.states[i] == SRQ_STEP_PENDING)
			run->progress.states[i] = SRQ_STEP_DROPPED;
	}
	srq_gate_settle(host->gate, run->number, code, &run->progress);
	run->exists = false;
}

/* Another operator's command, or a newer one of the same operator, comes. */
static void supersede(struct host *host)
{
	struct run *run = &host->run;

	if (host->opt.supersede < 0 || !run->exists || run->over ||
	    boot_time(host) <
		    run->began + (uint64_t)host->opt.supersede * MILLISECOND)
		return;
	settle_run(host);
	if (host->opt.newer) {
		host->gate->operators[0].session.accepted.order++;
		host->gate->operators[0].session.accepted.id++;
	}
}

static void change_epoch_in_run(struct host *host)
{
	const struct run *run = &host->run;

	if (host->opt.new_epoch_after < 0 || !run->exists || run->gone ||
	    boot_time(host) <=
		    run->began +
			    (uint64_t)host->opt.new_epoch_after * MILLISECOND)
		return;
	host->opt.new_epoch_after = -1;
	change_epoch(host);
}

void boot_again(struct host *host)
{
	memset(&host->run, 0, sizeof(host->run));
	host->booted = clock_ns(CLOCK_MONOTONIC);
	host->opt.uptime = host->opt.booting;
	host->opt.silent_after = -1;
	host->grown = 0;
	host->opt.restart_log = true;
	host->opt.panicked = false;
	change_epoch(host);
	printf("back%s\n", host->shown);
}

/* Does it boot again after its letter? Also a host that has panicked may, before it listens. */
static bool is_to_boot(const struct host *host)
{
	const struct run *run = &host->run;

	return host->opt.back >= 0 &&
	       (run->gone || (run->crashed &&
			      (!has_panicked(host) || host->opt.reboots_in)));
}

static void come_back(struct host *host)
{
	const struct run *run = &host->run;

	if (is_to_boot(host) &&
	    boot_time(host) >=
		    run->step_began + (uint64_t)host->opt.back * MILLISECOND)
		boot_again(host);
}

/* Can a run still change, or a host come back? */
static bool is_active(const struct host *host)
{
	const struct run *run = &host->run;

	return (run->exists && !run->over && !run->gone) || is_to_boot(host) ||
	       host->opt.new_epoch_after >= 0;
}

void advance_all(void)
{
	struct host **link = &active, *host;

	while ((host = *link)) {
		supersede(host);
		change_epoch_in_run(host);
		come_back(host);
		advance(host);
		host->active = is_active(host);
		if (host->active)
			link = &host->next_active;
		else
			*link = host->next_active;
	}
}

void accept_command(struct host *host, const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	struct run *run = &host->run;

	settle_run(host);
	host->opt.panicked = has_panicked(host);
	memset(run, 0, sizeof(*run));
	run->exists = true;
	run->number = verdict->run;
	run->command = *command;
	run->progress.count = command->count;
	run->progress.log_first = log_next(host_log(host));
	run->began = boot_time(host);
	run->step_began = run->began;
	if (!host->active) {
		host->active = true;
		host->next_active = active;
		active = host;
	}
	printf("command %016llx", (unsigned long long)verdict->id);
	for (uint8_t i = 0; i < command->count; i++)
		printf(" %c=%u%s", command->steps[i].letter,
		       command->steps[i].wait_ms,
		       command->steps[i].flags & SRQ_UNTIL_COMPLETE ? "+" : "");
	printf("%s\n", host->shown);
}
