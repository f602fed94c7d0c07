// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/press/printed.h"
#include "lib/sysrq.h"

/* No dump is that long; one that comes from a host of ill will may be. */
static const size_t text_most = 64 << 20;

static void read_on(struct output *o)
{
	if (o->reading || o->failed || o->next >= o->wanted)
		return;
	o->asked = o->wanted;
	if (sysrq_host_read_log(o->host, o->next, o->wanted))
		o->failed = true;
	else
		o->reading = true;
}

void output_read(struct output *o, uint64_t first, uint64_t end)
{
	if (!o->begun)
		o->next = first;
	o->begun = true;
	if (end > o->wanted)
		o->wanted = end;
	read_on(o);
}

bool output_settled(const struct output *o)
{
	return o->failed || (!o->reading && o->next >= o->wanted);
}

static void append(struct output *o)
{
	const char *text;
	size_t len;

	text = sysrq_host_text(o->host, &len);
	if (o->len + len > text_most) {
		sysrq_host_stop_log(o->host);
		o->reading = false;
		o->failed = true;
		return;
	}
	if (o->len + len > o->size) {
		size_t size = 2 * (o->len + len);
		char *larger = realloc(o->text, size);

		if (!larger)
			return;
		o->text = larger;
		o->size = size;
	}
	memcpy(o->text + o->len, text, len);
	o->len += len;
}

static void on_end(struct output *o)
{
	const struct sysrq_log *log = sysrq_host_log(o->host);

	if (!log)
		return; /* it was stopped */
	o->reading = false;
	o->next = log->next;
	if (log->end != SYSRQ_END_CARRIED_OUT)
		o->failed = true;
	if (log->missed)
		o->incomplete = true;
	/* It was read to its end, whatever end the host has told of. */
	if (o->wanted == OUTPUT_ALL || o->next < o->asked)
		o->wanted = o->next;
	read_on(o);
}

void output_event(struct output *o, const struct sysrq_event *event)
{
	if (event->type == SYSRQ_EVENT_TEXT)
		append(o);
	else if (event->type == SYSRQ_EVENT_LOG_END)
		on_end(o);
}

void output_drop(struct output *o, size_t len)
{
	if (!len)
		return;
	o->len -= len;
	memmove(o->text, o->text + len, o->len);
}

/* What a line of the log says: "<6>[    1.234567] says" */
static bool says(const char *line, size_t len, const char *what)
{
	const char *end = memchr(line, ']', len);

	return end && (size_t)(line + len - end) > strlen(what) + 2 &&
	       !memcmp(end + 2, what, strlen(what));
}

void output_print_section(struct output *o, struct logtext *log, bool last)
{
	const char *text = o->text;
	bool headed = false;
	size_t at = 0;

	while (at < o->len) {
		const char *end = memchr(text + at, '\n', o->len - at);
		size_t len = (size_t)(end - (text + at)) + 1;
		bool heads = says(text + at, len, "sysrq: ");

		if (heads && headed && !last)
			break;
		headed = headed || heads;
		if (log && !says(text + at, len, "ipt_SYSRQ: "))
			logtext_print(log, text + at, len);
		at += len;
	}
	if (log)
		fflush(log->out);
	output_drop(o, at);
}

void output_free(struct output *o)
{
	free(o->text);
	o->text = NULL;
	o->len = 0;
	o->size = 0;
}
