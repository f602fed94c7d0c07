// SPDX-License-Identifier: GPL-2.0
#include "client/output/text.h"
#include "client/press/back.h"
#include "lib/sysrq.h"

static const uint64_t pause_time = 1 * SYSRQ_SECOND;

/* A host may take so long to shut down its devices before it resets. */
static const uint64_t never_after = 30 * SYSRQ_SECOND;

static void ask(struct back *back, uint64_t now)
{
	if (now >= back->ends) {
		back->state = back->answered ? BACK_NEVER_DOWN : BACK_DOWN;
		return;
	}
	sysrq_host_set_timeout(back->host, back->ends - now);
	back->state = sysrq_host_ask(back->host) ? BACK_DOWN : BACK_ASKING;
}

static void pause_asking(struct back *back, uint64_t now)
{
	back->state = BACK_PAUSE;
	back->ask_again = now + pause_time;
	if (back->ask_again > back->ends)
		back->ask_again = back->ends;
}

void back_begin(struct back *back, struct sysrq_host *host, uint64_t heard,
		uint64_t limit, uint64_t now)
{
	*back = (struct back){
		.host = host,
		.began = now,
		.ends = now + limit,
		.heard = heard,
	};
	ask(back, now);
}

/* True: it booted after its last answer. Its clock may run a little fast. */
static bool rebooted(const struct back *back, const struct sysrq_status *status)
{
	uint64_t up_since = status->heard > status->boot_time
				    ? status->heard - status->boot_time
				    : 0;

	return up_since + SYSRQ_SECOND / 2 > back->heard;
}

void back_event(struct back *back, uint64_t now)
{
	const struct sysrq_status *status = sysrq_host_status(back->host);

	back->answered =
		sysrq_host_outcome(back->host)->end == SYSRQ_END_ANSWERED;
	if (!back->answered) {
		pause_asking(back, now);
	} else if (rebooted(back, status)) {
		back->state = BACK_REBOOTED;
		back->away = status->heard - back->heard;
	} else if (now >= back->began + never_after) {
		back->state = BACK_NEVER_DOWN;
	} else {
		back->heard = status->heard;
		pause_asking(back, now);
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
	else if (back->state == BACK_DOWN)
		fprintf(out,
			"%s has not come back within %s: the host is still "
			"down, or does not load its module and key at boot",
			name, text);
	else if (back->state != BACK_REBOOTED)
		fprintf(out, "interrupted: %s was not back yet", name);
}
