// SPDX-License-Identifier: GPL-2.0
#include "client/output/progress.h"
#include "client/output/terminal.h"
#include "client/output/text.h"

/* The progress whose line stands on the terminal, or NULL */
static struct progress *shown;

void progress_draw(struct progress *progress, unsigned int answered,
		   unsigned int hosts, unsigned int to_go, uint64_t ns)
{
	unsigned int width = terminal_width(progress->out);
	char line[128], took[TEXT_MAX];
	int len, room;

	if (!width)
		return;
	text_of_duration(took, ns);
	len = snprintf(line, sizeof(line), "%u of %u answered, %u to go, %s",
		       answered, hosts, to_go, took);
	/* The last column stays free, because the line may wrap there. */
	room = (int)width - 1;
	if (len > room)
		len = room;
	/* Print blanks, because not every terminal can erase a line. */
	if (progress->columns < room)
		room = progress->columns;
	fprintf(progress->out, "\r%-*.*s", room, len, line);
	fflush(progress->out);
	progress->columns = len;
	shown = progress;
}

void progress_erase(struct progress *progress)
{
	if (!progress->columns)
		return;
	fprintf(progress->out, "\r%*s\r", progress->columns, "");
	fflush(progress->out);
	progress->columns = 0;
	shown = NULL;
}

void progress_clear(void)
{
	if (shown)
		progress_erase(shown);
}
