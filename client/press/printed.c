// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/press/printed.h"
#include "lib/sysrq.h"

/*
 * No honest output is longer. Malicious hosts could fill our memory: the texts of
 * all hosts here, what the library holds back, and what many.c keeps, stay below
 * 64 MiB together.
 */
static const size_t sizes_most = 24 << 20;
static size_t sizes;

/* So long the text of a run may take. A malicious host may send it drop by drop. */
static const uint64_t reading_most = 60 * SYSRQ_SECOND;

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
	size_t size = (p->len + len) / 4 * 5 + 4096;
	char *larger;

	if (p->len + len <= p->size)
		return true;
	if (sizes - p->size + size > sizes_most)
		return false;
	larger = realloc(p->text, size);
	if (!larger)
		return false;
	sizes += size - p->size;
	p->text = larger;
	p->size = size;
	return true;
}

void printed_stop(struct printed *p)
{
	sysrq_host_stop_log(p->host);
	p->reading = false;
	p->failed = true;
}

uint64_t printed_limit(struct printed *p, uint64_t now, uint64_t known,
		       uint64_t ended, uint64_t timeout)
{
	const struct sysrq_log *log = sysrq_host_log(p->host);

	if (printed_settled(p) || !p->reading || !log)
		return UINT64_MAX;
	if (now >= ended + timeout + reading_most) {
		printed_stop(p);
		return now;
	}
	if (now < ended + timeout)
		return ended + timeout;
	if (log->next < known)
		return ended + timeout + reading_most;
	p->next = log->next;
	p->wanted = p->next;
	p->reading = false;
	sysrq_host_stop_log(p->host);
	return now;
}

static void append(struct printed *p)
{
	const char *text;
	size_t len;

	text = sysrq_host_text(p->host, &len);
	if (!make_room(p, len)) {
		printed_stop(p);
		p->no_room = true;
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
	/* The log was read to its end, even if the host promised more. What was
	 * wanted meanwhile is read now. */
	if (p->next < p->asked)
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
	if (p->len)
		memmove(p->text, p->text + len, p->len);
	else
		printed_free(p); /* other hosts have room then */
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
	sizes -= p->size;
	p->text = NULL;
	p->len = 0;
	p->size = 0;
}
