// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "client/output/logtext.h"
#include "client/output/terminal.h"
#include "lib/sysrq.h"

enum { LEVEL_DEFAULT = 6, PRIORITY_MAX = 255 * 8 + 7, TAB = 8 };

static const struct {
	const char *name;
	const char *colour; /* NULL: the terminal's default colour */
} levels[] = {
	{ "emerg", TERMINAL_BOLD_RED },
	{ "alert", TERMINAL_BOLD_RED },
	{ "crit", TERMINAL_BOLD_RED },
	{ "err", TERMINAL_RED },
	{ "warn", TERMINAL_YELLOW },
	{ "notice", NULL },
	{ "info", NULL },
	{ "debug", NULL },
};

static locale_t terminal; /* 0: C */

void logtext_locale(const char *name)
{
	terminal = newlocale(LC_CTYPE_MASK, name, terminal);
}

bool logtext_level(const char *text, unsigned int *level)
{
	for (unsigned int i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		char number[] = { (char)('0' + i), '\0' };

		if (!strcmp(text, levels[i].name) || !strcmp(text, number)) {
			*level = i;
			return true;
		}
	}
	return false;
}

/* --- The parts of a line --- */

/* A kept line: len bytes without a newline. */
struct logtext_line {
	STAILQ_ENTRY(logtext_line) link;
	size_t len;
	char text[];
};

/* "<level>[    1.234567] message". Missing parts are empty. */
struct parts {
	const char *text; /* after the level */
	const char *stamp_end;
	const char *message;
	const char *end;
	unsigned int level;
	uint64_t time; /* ns since boot */
};

static const char *skip(const char *at, const char *end, char c)
{
	while (at < end && *at == c)
		at++;
	return at;
}

/* The place after character c. NULL: another character is there. */
static const char *expect(const char *at, const char *end, char c)
{
	return at && at < end && *at == c ? at + 1 : NULL;
}

/* The place after a number. NULL: no number. *v is UINT64_MAX: too large. */
static const char *number(const char *at, const char *end, uint64_t *v)
{
	const char *begin = at;

	if (!at)
		return NULL;
	for (*v = 0; at < end && *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(*v, 10, v) ||
		    __builtin_add_overflow(*v, (uint64_t)(*at - '0'), v))
			*v = UINT64_MAX;
	}
	return at > begin ? at : NULL;
}

static void take_level(struct parts *parts)
{
	const char *at = expect(parts->text, parts->end, '<');
	uint64_t priority;

	at = expect(number(at, parts->end, &priority), parts->end, '>');
	parts->level = LEVEL_DEFAULT;
	if (at && priority <= PRIORITY_MAX) {
		parts->text = at;
		parts->level = priority % 8;
	}
}

/* "[    1.234567]", and "[    T1]" after it, if the kernel names callers. */
static void take_stamp(struct parts *parts)
{
	const char *const end = parts->end;
	const char *at = expect(parts->text, end, '[');
	uint64_t s = 0, us = 0;

	parts->stamp_end = parts->text;
	at = number(at ? skip(at, end, ' ') : NULL, end, &s);
	at = expect(number(expect(at, end, '.'), end, &us), end, ']');
	if (!at || us > 999999)
		return;
	parts->stamp_end = at;
	if (__builtin_mul_overflow(s, SYSRQ_SECOND, &parts->time) ||
	    __builtin_add_overflow(parts->time, us * 1000, &parts->time))
		parts->time = UINT64_MAX;

	at = expect(at, end, '[');
	at = at ? skip(at, end, ' ') : NULL;
	if (at && at < end && (*at == 'T' || *at == 'C'))
		at = expect(number(at + 1, end, &us), end, ']');
	else
		at = NULL;
	if (at)
		parts->stamp_end = at;
}

static struct parts take_apart(const char *text, size_t len)
{
	struct parts parts = { .text = text, .end = text + len };

	take_level(&parts);
	take_stamp(&parts);
	parts.message = parts.stamp_end;
	if (parts.stamp_end > parts.text && parts.message < parts.end &&
	    *parts.message == ' ')
		parts.message++;
	return parts;
}

/* --- On a terminal --- */

/* A part of a line in one colour. */
struct segment {
	const char *at, *end;
	const char *colour;
};

/* A place in a line: at, in segment. The line ends with the segment last. */
struct cursor {
	const struct segment *segment, *last;
	const char *at;
};

/* Bytes that are shown together: a character, a blank or an escape. */
struct cell {
	const struct segment *segment;
	const char *bytes;
	size_t len;
	unsigned int columns;
	enum { PLAIN, BLANK, ESCAPED } kind;
};

/* True: c makes the terminal show other characters in another order. */
static bool reorders(wchar_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Take the next cell, which begins in this column. False: there is none. */
static bool next_cell(struct cursor *cursor, unsigned int column,
		      struct cell *cell)
{
	mbstate_t state = { 0 };
	wchar_t c;

	while (cursor->at == cursor->segment->end) {
		if (cursor->segment == cursor->last)
			return false;
		cursor->segment++;
		cursor->at = cursor->segment->at;
	}
	*cell = (struct cell){ .segment = cursor->segment,
			       .bytes = cursor->at,
			       .len = 1 };
	if (*cell->bytes == ' ' || *cell->bytes == '\t') {
		cell->kind = BLANK;
		cell->columns = *cell->bytes == ' ' ? 1 : TAB - column % TAB;
	} else {
		size_t n = mbrtowc(&c, cell->bytes,
				   (size_t)(cursor->segment->end - cell->bytes),
				   &state);

		/* wcwidth() is -1 for characters that cannot be printed. */
		if (n > 0 && n <= MB_LEN_MAX && wcwidth(c) >= 0 &&
		    !reorders(c)) {
			cell->len = n;
			cell->columns = (unsigned int)wcwidth(c);
		} else {
			cell->kind = ESCAPED;
			cell->columns = 4;
		}
	}
	cursor->at += cell->len;
	return true;
}

static void put_cell(FILE *out, const struct cell *cell)
{
	if (cell->kind == ESCAPED)
		fprintf(out, "\\x%02x", (unsigned char)*cell->bytes);
	else if (cell->kind == BLANK)
		fprintf(out, "%*s", (int)cell->columns, "");
	else
		fwrite(cell->bytes, 1, cell->len, out);
}

/*
 * Find the end of a row that begins in this column, with the cell at from: the
 * last blank of the message that fits; otherwise the last cell that fits; or
 * the end of the line.
 */
static struct cursor fold_at(struct cursor from, unsigned int column,
			     unsigned int width)
{
	struct cursor at = from, before = from, fold = from;
	bool word = false; /* the cell before belongs to a word */
	struct cell cell;

	while (next_cell(&at, column, &cell)) {
		if (cell.kind == BLANK && word)
			fold = before;
		word = cell.kind != BLANK && cell.segment == from.last;
		column += cell.columns;
		/* A row has at least one cell. */
		if (column > width && before.at != from.at)
			return fold.at != from.at ? fold : before;
		before = at;
	}
	return at;
}

/* Write the escape for a colour, unless it is the colour now. */
static void set_colour(FILE *out, const char **now, const char *colour)
{
	if (*now == colour)
		return;
	fputs(colour ? colour : TERMINAL_RESET, out);
	*now = colour;
}

static void put_row(FILE *out, struct cursor from, struct cursor to,
		    unsigned int column)
{
	const char *colour = NULL;
	struct cell cell;

	while (from.at != to.at && next_cell(&from, column, &cell)) {
		set_colour(out, &colour, cell.segment->colour);
		put_cell(out, &cell);
		column += cell.columns;
	}
	set_colour(out, &colour, NULL);
	fputc('\n', out);
}

/* Move at over blanks. False: nothing else follows. */
static bool skip_blanks(struct cursor *at)
{
	struct cursor next = *at;
	struct cell cell;

	while (next_cell(&next, 0, &cell)) {
		if (cell.kind != BLANK)
			return true;
		*at = next;
	}
	return false;
}

/* The columns that the cells from at to the end need. */
static unsigned int columns(struct cursor at)
{
	unsigned int column = 0;
	struct cell cell;

	while (next_cell(&at, column, &cell))
		column += cell.columns;
	return column;
}

static void print_folded(const struct logtext *log, const char *prefix,
			 const struct parts *parts)
{
	const char *green = log->colour ? TERMINAL_GREEN : NULL;
	const char *colour = log->colour ? levels[parts->level].colour : NULL;
	const struct segment segments[] = {
		{ prefix, prefix + strlen(prefix), NULL },
		{ parts->text, parts->stamp_end, green },
		{ parts->stamp_end, parts->message, NULL },
		{ parts->message, parts->end, colour },
	};
	struct cursor at = { segments, &segments[2], prefix };
	unsigned int column = 0, indent = columns(at);

	if (indent > log->width / 2)
		indent = log->width / 2;
	at.last = &segments[3];
	for (;;) {
		struct cursor fold = fold_at(at, column, log->width);

		put_row(log->out, at, fold, column);
		at = fold;
		if (!skip_blanks(&at))
			break;
		fprintf(log->out, "%*s", (int)indent, "");
		column = indent;
	}
}

/* --- The lines --- */

static void print_line(const struct logtext *log, const char *text, size_t len)
{
	const char *prefix = log->prefix ? log->prefix : "";
	struct parts parts = take_apart(text, len);

	if (log->width) {
		locale_t usual = uselocale(terminal);

		print_folded(log, prefix, &parts);
		uselocale(usual);
	} else {
		fputs(prefix, log->out);
		fwrite(parts.text, 1, (size_t)(parts.end - parts.text),
		       log->out);
		fputc('\n', log->out);
	}
}

void logtext_begin(struct logtext *log, FILE *out)
{
	*log = (struct logtext){ .out = out, .level = 7, .last = LOGTEXT_ALL };
	STAILQ_INIT(&log->lines);
}

/* True: the line is late and severe enough. */
static bool wanted(struct logtext *log, const char *text, size_t len)
{
	struct parts parts = take_apart(text, len);

	if (parts.stamp_end > parts.text)
		log->early = parts.time < log->since;
	return !log->early && parts.level <= log->level;
}

/* Take the first line off the list. The caller frees it. */
static struct logtext_line *drop_first(struct logtext *log)
{
	struct logtext_line *line = STAILQ_FIRST(&log->lines);

	STAILQ_REMOVE_HEAD(&log->lines, link);
	log->kept--;
	return line;
}

static bool keep_line(struct logtext *log, const char *text, size_t len)
{
	struct logtext_line *line = malloc(sizeof(*line) + len);

	if (!line)
		return false;
	line->len = len;
	memcpy(line->text, text, len);
	STAILQ_INSERT_TAIL(&log->lines, line, link);
	log->kept++;
	if (log->kept > log->last)
		free(drop_first(log));
	return true;
}

bool logtext_print(struct logtext *log, const char *text, size_t len)
{
	const char *const end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t line_len = (size_t)((newline ? newline : end) - text);

		if (wanted(log, text, line_len)) {
			if (log->last == LOGTEXT_ALL)
				print_line(log, text, line_len);
			else if (!keep_line(log, text, line_len))
				return false;
		}
		text += line_len + !!newline;
	}
	return true;
}

void logtext_flush(struct logtext *log)
{
	while (!STAILQ_EMPTY(&log->lines)) {
		struct logtext_line *line = drop_first(log);

		print_line(log, line->text, line->len);
		free(line);
	}
	log->last = LOGTEXT_ALL;
}
