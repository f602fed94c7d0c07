// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client/output/progress.h"
#include "client/output/tell.h"
#include "client/output/terminal.h"
#include "client/output/written.h"

enum { INDENT = 2, WIDTH_MIN = 20 };

/* How many bytes of text fit into a line: up to a blank, if there is one. */
static size_t line_length(const char *text, size_t width)
{
	size_t len = strlen(text);

	if (len <= width)
		return len;
	for (len = width; len > 0; len--) {
		if (text[len] == ' ')
			return len;
	}
	return strcspn(text, " ");
}

void tell_folded(FILE *out, const char *text)
{
	size_t width = terminal_width(out), len;

	if (width < WIDTH_MIN) {
		fprintf(out, "%s\n", text);
		return;
	}
	len = line_length(text, width);
	fprintf(out, "%.*s\n", (int)len, text);
	text += len;
	while (*text == ' ')
		text++;
	while (*text) {
		len = line_length(text, width - INDENT);
		fprintf(out, "%*s%.*s\n", INDENT, "", (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
	}
}

static const char *program = "send_sysrq";
static FILE *program_copy;
static FILE *program_instead;

void tell_as(const char *name, FILE *copy)
{
	program = name;
	program_copy = copy;
}

void tell_into(FILE *stream)
{
	program_instead = stream;
}

/* A value that was given may have control characters, or be a private key in the wrong place. */
static void clean(char *text)
{
	static const char prefix[] = "sysrq-private:";
	char *key = text;

	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	}
	while ((key = strstr(key, prefix))) {
		key += strlen(prefix);
		while (*key &&
		       (isalnum((unsigned char)*key) || strchr("+/=", *key)))
			*key++ = '*';
	}
}

void tell(const char *format, ...)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	va_list args;

	progress_clear();
	written_flush(); /* earlier output comes first */
	va_start(args, format);
	if (!stream) { /* out of memory */
		fprintf(stderr, "%s: ", program);
		vfprintf(stderr, format, args);
		fputc('\n', stderr);
	} else {
		fprintf(stream, "%s: ", program);
		vfprintf(stream, format, args);
		fclose(stream);
		clean(text);
		if (program_instead)
			fprintf(program_instead, "%s\n",
				text + strlen(program) + 2);
		else
			tell_folded(stderr, text);
		if (program_copy)
			fprintf(program_copy, "%s\n", text);
	}
	va_end(args);
	free(text);
	written_flush();
}

bool tell_cannot_read(const char *what, const char *file)
{
	tell("cannot read %s %s: %s", what, file, strerror(errno));
	return false;
}

bool tell_bad(const char *what, const char *value, const char *expected)
{
	tell("%s: '%s' given, expected %s", what, value, expected);
	return false;
}

bool tell_clash(const char *a, const char *b)
{
	tell("%s and %s cannot be combined: give only one of them", a, b);
	return false;
}

void tell_written(void (*write)(FILE *out, const void *data), const void *data)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	write(out, data);
	fclose(out);
	if (size)
		tell("%s", text);
	free(text);
}
