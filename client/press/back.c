// SPDX-License-Identifier: GPL-2.0
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
