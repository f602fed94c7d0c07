// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/hosts/resolve.h"
#include "client/press/show.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

enum { NAME_WIDTH = 20, COLUMNS_MIN = 60 };

static const uint64_t redraw_every = SYSRQ_SECOND / 2;

static const char *const fates[] = {
	[SYSRQ_FATE_OPEN] = "waiting",
	[SYSRQ_FATE_RUNNING] = "running",
	[SYSRQ_FATE_DONE] = "done",
	[SYSRQ_FATE_COMPLETE] = "complete",
	[SYSRQ_FATE_INCOMPLETE] = "not complete",
	[SYSRQ_FATE_DROPPED] = "dropped",
	[SYSRQ_FATE_ACCEPTED] = "accepted",
	[SYSRQ_FATE_SENT] = "sent",
	[SYSRQ_FATE_NOT_REACHED] = "not reached",
};

void show_begin(struct show *show, struct sysrq_host *host, const char *name)
{
	*show = (struct show){
		.host = host,
		.terminal = isatty(STDOUT_FILENO),
	};
	text_printable(show->name, sizeof(show->name), name);
}

/* The running line would wrap, and pile up. */
static bool narrow(void)
{
	struct winsize size;

	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col &&
	       size.ws_col < COLUMNS_MIN;
}

void show_close_line(struct show *show)
{
	/* Blanks, as not every terminal can erase to the end of a line. */
	if (show->line_open)
		printf("\r%*s\r", show->name_width + 28, "");
	show->line_open = false;
	show->redraw = 0;
}

void show_status(struct show *show)
{
	const struct sysrq_status *status = sysrq_host_status(show->host);
	char release[sizeof(status->release)], place[PLACE_MAX];
	char up[TEXT_MAX], free_memory[TEXT_MAX], memory[TEXT_MAX], line[700];

	show_close_line(show);
	if (status->node[0])
		text_printable(show->name, sizeof(show->name), status->node);
	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(free_memory, status->memory_free);
	text_of_size(memory, status->memory);
	text_of_place(place, sysrq_host_address(show->host));
	snprintf(line, sizeof(line),
		 "%s (%s): Linux %s, up %s, load %u.%u, %s of %s free",
		 show->name, place, release, up, status->load[0] / 100,
		 status->load[0] % 100 / 10, free_memory, memory);
	tell_folded(stdout, line);
	fflush(stdout);
}

static int name_width(const struct sysrq_outcome *o)
{
	int width = NAME_WIDTH;

	for (unsigned int i = 0; i < o->count; i++) {
		int len =
			(int)strlen(sysrq_letter_name(o->steps[i].step.letter));

		if (len + 1 > width)
			width = len + 1;
	}
	return width;
}

static void print_step(struct show *show, const struct sysrq_outcome *o,
		       unsigned int step, enum sysrq_fate fate, bool timed,
		       uint64_t took)
{
	char key = o->steps[step].step.letter;

	if (!show->name_width)
		show->name_width = name_width(o);
	printf("  %c  %-*s", key, show->name_width, sysrq_letter_name(key));
	if (timed)
		printf("%-12s %.1f s", fates[fate], (double)took / 1e9);
	else
		printf("%s", fates[fate]);
}

const char *show_fate(enum sysrq_fate fate)
{
	return fates[fate];
}

void show_step(struct show *show, unsigned int step)
{
	const struct sysrq_outcome *o = sysrq_host_outcome(show->host);
	enum sysrq_fate fate = o->steps[step].fate;
	bool timed = fate >= SYSRQ_FATE_DONE && fate <= SYSRQ_FATE_INCOMPLETE;

	show_close_line(show);
	print_step(show, o, step, fate, timed, o->steps[step].took);
	printf("\n");
	fflush(stdout);
}

uint64_t show_running(struct show *show, uint64_t now)
{
	const struct sysrq_outcome *o = sysrq_host_outcome(show->host);

	if (!show->terminal || !o->running)
		return UINT64_MAX;
	if (now < show->redraw)
		return show->redraw;
	show->redraw = now + redraw_every;
	if (narrow())
		return show->redraw;
	printf("\r");
	print_step(show, o, o->current, SYSRQ_FATE_RUNNING, true,
		   now - o->running_since);
	fflush(stdout);
	show->line_open = true;
	return show->redraw;
}

uint64_t show_waiting(struct show *show, uint64_t since, uint64_t now)
{
	if (!show->terminal)
		return UINT64_MAX;
	if (now < show->redraw)
		return show->redraw;
	show->redraw = now + redraw_every;
	if (narrow())
		return show->redraw;
	printf("\r  %-*s %.1f s", show->name_width + 15, "waiting for it",
	       (double)(now - since) / 1e9);
	fflush(stdout);
	show->line_open = true;
	return show->redraw;
}
