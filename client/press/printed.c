// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/press/printed.h"
#include "lib/sysrq.h"

/* No honest output is longer. A malicious host could fill our memory: this, and what
 * the library holds back, stay below 64 MiB. */
static const size_t text_most = 16 << 20;

static void read_on(struct printed *p)
{
	if (p->reading || p->failed || p->next >= p->wanted)
		return;
	p->asked = p->wanted;
	if (sysrq_host_read_log(p->host, p->next, p->wanted))
		p->failed = true;
	else
		p->reading = true;
}

void printed_read(struct printed *p, uint64_t first, uint64_t end)
{
	if (!p->begun)
		p->next = first;
	p->begun = true;
	if (end > p->wanted)
		p->wanted = end;
	read_on(p);
}

bool printed_settled(const struct printed *p)
{
	return p->failed || (!p->reading && p->next >= p->wanted);
}

/* False: there would be too much text, or there is no memory. */
static bool make_room(struct printed *p, size_t len)
{
	size_t size = 2 * (p->len + len);
	char *larger;

	if (p->len + len > text_most)
		return false;
	if (p->len + len <= p->size)
		return true;
	larger = realloc(p->text, size);
	if (!larger)
		return false;
	p->text = larger;
	p->size = size;
	return true;
}

static void append(struct printed *p)
{
	const char *text;
	size_t len;

	text = sysrq_host_text(p->host, &len);
	if (!make_room(p, len)) {
		sysrq_host_stop_log(p->host);
		p->reading = false;
		p->failed = true;
		return;
	}
	memcpy(p->text + p->len, text, len);
	p->len += len;
}

static void on_end(struct printed *p)
{
	const struct sysrq_log *log = sysrq_host_log(p->host);

	if (!log)
		return; /* the reading was stopped */
	p->reading = false;
	p->next = log->next;
	if (log->end != SYSRQ_END_CARRIED_OUT)
		p->failed = true;
	if (log->missed)
		p->incomplete = true;
	/* The log was read to its end, even if the host promised more. */
	if (p->wanted == PRINTED_ALL || p->next < p->asked)
		p->wanted = p->next;
	read_on(p);
}

void printed_event(struct printed *p, const struct sysrq_event *event)
{
	if (event->type == SYSRQ_EVENT_TEXT)
		append(p);
	else if (event->type == SYSRQ_EVENT_LOG_END)
		on_end(p);
}

void printed_drop(struct printed *p, size_t len)
{
	if (!len)
		return;
	p->len -= len;
	memmove(p->text, p->text + len, p->len);
}

/* True: the message in "<6>[    1.234567] message" begins with what. */
static bool says(const char *line, size_t len, const char *what)
{
	const char *end = memchr(line, ']', len);

	return end && (size_t)(line + len - end) > strlen(what) + 2 &&
	       !memcmp(end + 2, what, strlen(what));
}

void printed_take_section(struct printed *p, bool last,
			  void (*put)(void *data, const char *text, size_t len),
			  void *data)
{
	const char *text = p->text;
	bool headed = false;
	size_t at = 0;

	while (at < p->len) {
		const char *end = memchr(text + at, '\n', p->len - at);
		size_t len = (size_t)(end - (text + at)) + 1;
		bool heads = says(text + at, len, "sysrq: ");

		if (heads && headed && !last)
			break;
		headed = headed || heads;
		if (put && !says(text + at, len, "ipt_SYSRQ: "))
			put(data, text + at, len);
		at += len;
	}
	printed_drop(p, at);
}

void printed_free(struct printed *p)
{
	free(p->text);
	p->text = NULL;
	p->len = 0;
	p->size = 0;
}
