// SPDX-License-Identifier: GPL-2.0
#include "client/output/text.h"
#include "client/press/back.h"
#include "lib/sysrq.h"

static const uint64_t pause_time = 1 * SYSRQ_SECOND;

/* Only an answer to a question that is newer than the boot proves the reboot. */
static const uint64_t question_time = 5 * SYSRQ_SECOND;

/* A host may take so long to shut down its devices before it resets. */
static const uint64_t never_after = 30 * SYSRQ_SECOND;

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void ask(struct back *back, uint64_t now)
{
	if (now >= back->ends) {
		back->state = !back->answered ? BACK_DOWN
			      : back->dead    ? BACK_PANICKED
					      : BACK_NEVER_DOWN;
		return;
	}
	back->proof.asked = now;
	sysrq_host_set_timeout(back->host,
			       least(question_time, back->ends - now));
	back->state = sysrq_host_ask(back->host) ? BACK_DOWN : BACK_ASKING;
}

/* After a question that has taken longer than the pause, there is none. */
static void pause_asking(struct back *back)
{
	back->state = BACK_PAUSE;
	back->ask_again = least(back->proof.asked + pause_time, back->ends);
}

bool back_may_come(const struct sysrq_outcome *pressed)
{
	static const enum sysrq_end ends[] = {
		SYSRQ_END_CARRIED_OUT, SYSRQ_END_ALIVE,     SYSRQ_END_LOST,
		SYSRQ_END_STALLED,     SYSRQ_END_RESTARTED, SYSRQ_END_MAYBE,
		SYSRQ_END_SENT,
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (pressed->end == ends[i])
			return true;
	}
	return false;
}

void back_begin(struct back *back, struct sysrq_host *host,
		const struct sysrq_outcome *pressed, uint64_t sent,
		uint64_t limit, uint64_t now)
{
	const struct sysrq_status *before = sysrq_host_status(host);
	unsigned int last = pressed->count - 1;

	*back = (struct back){
		.host = host,
		.proof = { .epoch = before ? before->epoch : 0, .sent = sent },
		.crash = pressed->steps[last].step.letter == 'c',
		.began = now,
		.ends = now + limit,
		.heard = pressed->heard ? pressed->heard : sent,
	};
	if (back->crash && pressed->steps[last].fate == SYSRQ_FATE_COMPLETE) {
		back->panicked = back->heard;
		back->heard -= pressed->steps[last].took;
	}
	ask(back, now);
}

static void came_back(struct back *back, const struct sysrq_status *status)
{
	struct back_times *t = &back->times;

	back->state = BACK_REBOOTED;
	t->away = status->heard - back->heard;
	t->up = least(status->boot_time, t->away);
	t->silent = t->away - t->up;
	if (!back->panicked)
		return;
	t->panicked = least(back->panicked - back->heard, t->silent);
	t->silent -= t->panicked;
}

void back_event(struct back *back, uint64_t now)
{
	const struct sysrq_status *status = sysrq_host_status(back->host);

	back->answered =
		sysrq_host_outcome(back->host)->end == SYSRQ_END_ANSWERED;
	if (back->answered) {
		back->dead = status->panicked;
		back->reboots_in = status->reboots_in;
	}
	if (!back->answered) {
		pause_asking(back);
	} else if (proof_of_on(&back->proof, status)) {
		came_back(back, status);
	} else if (status->panicked && !status->reboots_in &&
		   (back->crash || proof_of_reboot(&back->proof, status))) {
		back->state = BACK_PANICKED;
	} else if (!status->reboots_in && now >= back->began + never_after) {
		back->state = BACK_NEVER_DOWN;
	} else {
		if (back->crash && status->panicked)
			back->panicked = status->heard;
		else if (status->boot_time >= status->heard - back->heard)
			back->heard = status->heard; /* of the same boot */
		pause_asking(back);
	}
}

uint64_t back_tick(struct back *back, uint64_t now)
{
	if (back->state == BACK_PAUSE && now >= back->ask_again)
		ask(back, now);
	return back->state == BACK_PAUSE ? back->ask_again : UINT64_MAX;
}

bool back_after_all(const struct sysrq_outcome *pressed)
{
	for (unsigned int i = 0; i + 1 < pressed->count; i++) {
		if (pressed->steps[i].fate == SYSRQ_FATE_SENT)
			return false;
	}
	return true;
}

enum exit_status back_exit(const struct back *back,
			   const struct sysrq_outcome *pressed,
			   enum exit_status before)
{
	if (back->state == BACK_NEVER_DOWN)
		return EXIT_NOT_ALL_COMPLETE;
	if (back->state != BACK_REBOOTED)
		return EXIT_NOT_BACK;
	return before == EXIT_NOT_ALL_COMPLETE || !back_after_all(pressed)
		       ? before
		       : EXIT_ALL_DONE;
}

void back_say_times(FILE *out, const struct back *back, const char *name)
{
	const struct back_times *t = &back->times;
	char up[TEXT_MAX];

	text_of_duration(up, t->up);
	fprintf(out, "%s is back, it was away for %.1f s", name,
		(double)t->away / 1e9);
	if (!back->crash) {
		fprintf(out, " and has been up for %s", up);
		return;
	}
	if (t->panicked)
		fprintf(out, ": panicked for %.1f s,",
			(double)t->panicked / 1e9);
	fprintf(out, "%s silent for %.1f s, and then up for %s",
		t->panicked ? "" : ":", (double)t->silent / 1e9, up);
}

void back_say(FILE *out, const struct back *back,
	      const struct sysrq_outcome *pressed, const char *name,
	      uint64_t limit)
{
	char text[TEXT_MAX];

	text_of_duration(text, limit);
	if (back->state == BACK_REBOOTED && !back_after_all(pressed))
		fprintf(out,
			"%s has rebooted, but the end of the letters before "
			"was not seen",
			name);
	else if (back->state == BACK_NEVER_DOWN)
		fprintf(out,
			"%s never went down: it still answers, and has not "
			"rebooted",
			name);
	else if (back->state == BACK_PANICKED && back->reboots_in)
		fprintf(out,
			"%s has panicked, and reboots by itself in %.0f s, "
			"but was waited for only %s: give --until-back a "
			"longer time",
			name, (double)back->reboots_in / 1e9, text);
	else if (back->state == BACK_PANICKED)
		fprintf(out,
			"%s has panicked, and does not reboot by itself: "
			"last-words saves its log and reboots it, b only "
			"reboots it",
			name);
	else if (back->state == BACK_DOWN)
		fprintf(out,
			"%s has not come back within %s: the host is still "
			"down, or does not load its module and key at boot",
			name, text);
	else if (back->state != BACK_REBOOTED)
		fprintf(out, "interrupted: %s was not back yet", name);
}
