// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "keyname.h"
#include "ns.h"
#include "sentence.h"
#include "show.h"
#include "text.h"

enum { NAME_WIDTH = 20, COLUMNS_MIN = 60 };

static const uint64_t redraw_every = SECOND / 2;

static const char *const fates[] = {
	[SRQ_FATE_OPEN] = "waiting",
	[SRQ_FATE_RUNNING] = "running",
	[SRQ_FATE_DONE] = "done",
	[SRQ_FATE_COMPLETE] = "complete",
	[SRQ_FATE_INCOMPLETE] = "not complete",
	[SRQ_FATE_DROPPED] = "dropped",
	[SRQ_FATE_ACCEPTED] = "accepted",
	[SRQ_FATE_SENT] = "sent",
	[SRQ_FATE_NOT_REACHED] = "not reached",
};

void show_begin(struct show *show, const struct srq_session *session,
		const char *host, const char (*places)[PLACE_MAX],
		unsigned int port)
{
	*show = (struct show){
		.session = session,
		.places = places,
		.port = port,
		.terminal = isatty(STDOUT_FILENO),
	};
	text_printable(show->name, sizeof(show->name), host);
}

/* The running line would wrap, and pile up. */
static bool narrow(void)
{
	struct winsize size;

	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col &&
	       size.ws_col < COLUMNS_MIN;
}

static void close_line(struct show *show)
{
	/* Blanks, as not every terminal can erase to the end of a line. */
	if (show->line_open)
		printf("\r%*s\r", show->name_width + 28, "");
	show->line_open = false;
}

static void show_status(struct show *show)
{
	const struct srq_status *status = &show->session->status;
	char release[SRQ_NAME_LEN + 1];
	char up[TEXT_MAX], free_memory[TEXT_MAX], memory[TEXT_MAX];

	if (status->node[0])
		text_printable(show->name, sizeof(show->name), status->node);
	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(free_memory, status->memory_free);
	text_of_size(memory, status->memory);
	printf("%s (%s): Linux %s, up %s, load %u.%u, %s of %s free\n",
	       show->name, show->places[show->session->address], release, up,
	       status->load[0] / 100, status->load[0] % 100 / 10, free_memory,
	       memory);
}

static int name_width(const struct srq_session *s)
{
	int width = NAME_WIDTH;

	for (uint8_t i = 0; i < s->ask->count; i++) {
		int len = (int)strlen(srq_key_name(s->ask->steps[i].key));

		if (len + 1 > width)
			width = len + 1;
	}
	return width;
}

static void print_step(struct show *show, uint8_t step, enum srq_fate fate,
		       bool timed, uint64_t took)
{
	char key = show->session->ask->steps[step].key;

	if (!show->name_width)
		show->name_width = name_width(show->session);
	printf("  %c  %-*s", key, show->name_width, srq_key_name(key));
	if (timed)
		printf("%-12s %.1f s", fates[fate], (double)took / 1e9);
	else
		printf("%s", fates[fate]);
}

static void show_step(struct show *show, uint8_t step)
{
	const struct srq_track *track = &show->session->track;
	enum srq_fate fate = track->fates[step];
	bool timed = fate >= SRQ_FATE_DONE && fate <= SRQ_FATE_INCOMPLETE;

	print_step(show, step, fate, timed, track->took[step]);
	printf("\n");
}

void show_event(struct show *show, enum srq_event event, uint8_t step,
		uint64_t now)
{
	close_line(show);
	switch (event) {
	case SRQ_EVENT_STATUS:
		show_status(show);
		break;
	case SRQ_EVENT_ONE_WAY:
		sentence_one_way(show);
		break;
	case SRQ_EVENT_STEP:
		show_step(show, step);
		break;
	case SRQ_EVENT_END:
		fflush(stdout);
		sentence_end(show, now);
		break;
	case SRQ_EVENT_NONE:
		break;
	}
	fflush(stdout);
	show->redraw = now;
}

uint64_t show_running(struct show *show, uint64_t now)
{
	const struct srq_session *s = show->session;
	uint8_t step = s->track.current;

	if (!show->terminal || s->phase != SRQ_PHASE_RUN ||
	    srq_track_ended(&s->track))
		return SRQ_NEVER;
	if (now < show->redraw)
		return show->redraw;
	show->redraw = now + redraw_every;
	if (narrow())
		return show->redraw;
	printf("\r");
	print_step(show, step, SRQ_FATE_RUNNING, true, now - s->track.began);
	fflush(stdout);
	show->line_open = true;
	return show->redraw;
}
