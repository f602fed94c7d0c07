// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tools/responder_log.h"

static void *must(void *memory)
{
	if (!memory) {
		fprintf(stderr, "responder: no memory\n");
		exit(1);
	}
	return memory;
}

/* Takes the text. */
static void add(struct records *records, char *text, size_t len)
{
	size_t n = records->count;

	if (!(n & (n - 1))) /* full, at a power of two */
		records->at = must(realloc(
			records->at, (n ? 2 * n : 1) * sizeof(struct record)));
	records->at[n] = (struct record){ text, len };
	records->count++;
}

static void add_line(struct records *records, unsigned int level, uint64_t time,
		     const char *format, va_list args)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = must(open_memstream(&text, &len));

	fprintf(f, "<%u>[%5llu.%06llu] ", level,
		(unsigned long long)(time / 1000000000),
		(unsigned long long)(time / 1000 % 1000000));
	vfprintf(f, format, args);
	fputc('\n', f);
	fclose(f);
	add(records, must(text), len);
}

static void add_record(struct records *records, unsigned int level,
		       uint64_t time, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add_record(struct records *records, unsigned int level,
		       uint64_t time, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(records, level, time, format, args);
	va_end(args);
}

static const char words[] =
	" one two three four five six seven eight nine ten eleven twelve"
	" thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
	" twenty, and so on to twenty-one, which is the last one of all";

const struct records *records_make(size_t count)
{
	struct records *records = must(calloc(1, sizeof(*records)));

	for (size_t i = 0; i < count; i++) {
		unsigned int level = i % 8 + (i % 13 == 12 ? 3 * 8 : 0);
		int more = (int)(i * i * 31 % sizeof(words));

		add_record(records, level, i * 10007000, "record %zu%.*s", i,
			   more, words);
	}
	return records;
}

const struct records *records_read(const char *file)
{
	struct records *records = must(calloc(1, sizeof(*records)));
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!f)
		return NULL;
	while ((len = getline(&line, &size, f)) > 0) {
		struct record *last;

		if (line[0] != '+' || !records->count) {
			add(records, line, (size_t)len);
			line = NULL;
			size = 0;
			continue;
		}
		last = &records->at[records->count - 1];
		last->text = must(realloc(last->text, last->len + (size_t)len));
		memcpy(last->text + last->len, line + 1, (size_t)len - 1);
		last->len += (size_t)len - 1;
	}
	free(line);
	fclose(f);
	return records;
}

static size_t beginning(const struct log *log)
{
	return log->beginning ? log->beginning->count : 0;
}

void log_begin(struct log *log, const struct records *records, uint64_t first)
{
	for (size_t i = 0; i < log->more.count; i++)
		free(log->more.at[i].text);
	free(log->more.at);
	*log = (struct log){ .beginning = records };
	log->first = first < log_next(log) ? first : log_next(log);
}

uint64_t log_next(const struct log *log)
{
	return beginning(log) + log->more.count;
}

void log_append(struct log *log, uint64_t boot_time, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(&log->more, 6, boot_time, format, args);
	va_end(args);
}

static const struct record *record(const struct log *log, uint64_t number)
{
	size_t n = beginning(log);

	return number < n ? &log->beginning->at[number]
			  : &log->more.at[number - n];
}

size_t log_read(const struct log *log, uint64_t *first, uint64_t *next,
		char *text, size_t size, bool *cut)
{
	size_t used = 0;

	if (*first < log->first)
		*first = log->first;
	*cut = false;
	for (*next = *first; *next < log_next(log) && !*cut; ++*next) {
		const struct record *r = record(log, *next);
		size_t len = r->len;

		/* As in the kernel, which leaves room for a NUL */
		if (len >= size - used) {
			if (used)
				break;
			*cut = true;
			len = size - 1;
		}
		memcpy(text + used, r->text, len);
		used += len;
		if (*cut)
			text[used - 1] = '\n';
	}
	return used;
}
