// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/output/tell.h"
#include "client/press/confirm.h"
#include "lib/sysrq.h"

enum { COLUMNS = 78, LINES_MAX = 10 };

/* Words in lines that are indented by two blanks. */
struct paragraph {
	FILE *out;
	size_t column;
	unsigned int lines;
};

static void put(struct paragraph *p, const char *word)
{
	size_t len = strlen(word);

	if (!p->lines || p->column + 1 + len > COLUMNS) {
		fputs(p->lines ? "\n  " : "  ", p->out);
		p->column = 2;
		p->lines++;
	} else {
		fputc(' ', p->out);
		p->column++;
	}
	fputs(word, p->out);
	p->column += len;
}

static void show_steps(FILE *out, const struct steps *steps)
{
	struct paragraph p = { .out = out };
	char word[SYSRQ_LETTER_NAME_MAX + 8];

	for (unsigned int i = 0; i < steps->count; i++) {
		char letter = steps->list[i].letter;

		snprintf(word, sizeof(word), "%c (%s)%s", letter,
			 sysrq_letter_name(letter),
			 i + 1 < steps->count ? "," : "");
		put(&p, word);
	}
	fputc('\n', out);
}

static void show_hosts(FILE *out, const struct targets *targets)
{
	struct paragraph p = { .out = out };
	size_t i;

	for (i = 0; i < targets->count && p.lines <= LINES_MAX; i++)
		put(&p, targets->list[i].name);
	if (i < targets->count)
		fprintf(out, "\n  and %zu more", targets->count - i);
	fputc('\n', out);
}

static bool answered_yes(void)
{
	char *line = NULL;
	size_t size = 0;
	bool yes = getline(&line, &size, stdin) > 0 &&
		   (!strcasecmp(line, "y\n") || !strcasecmp(line, "yes\n"));

	free(line);
	if (!yes)
		tell("not confirmed; nothing was sent");
	return yes;
}

static bool ask(const struct steps *steps, const struct targets *targets)
{
	/* Nobody sees a question in a file. */
	bool seen = isatty(STDERR_FILENO);
	FILE *out = seen ? stderr : fopen("/dev/tty", "we");

	if (!out) {
		tell("cannot ask on /dev/tty whether to go on: %s, and standard "
		     "error is not a terminal: give --yes; nothing was sent",
		     strerror(errno));
		return false;
	}
	fprintf(out, "This will press\n");
	show_steps(out, steps);
	fprintf(out, "on %zu host%s:\n", targets->count,
		targets->count == 1 ? "" : "s");
	show_hosts(out, targets);
	fputs("Go on? [y/N] ", out);
	if (!seen)
		fclose(out);
	return answered_yes();
}

/* A host whose configuration has Confirm. NULL: there is none. */
static const struct target *dear_host(const struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		if (targets->list[i].settings.confirm == SETTING_YES)
			return &targets->list[i];
	}
	return NULL;
}

bool confirm(const struct steps *steps, const struct targets *targets, bool yes)
{
	const struct target *dear =
		steps_need_yes(steps) ? dear_host(targets) : NULL;
	bool terminal = isatty(STDIN_FILENO);

	if (yes)
		return true;
	if (dear && !terminal) {
		tell("the configuration of %s has Confirm, but standard input "
		     "is not a terminal: give --yes; nothing was sent",
		     dear->name);
		return false;
	}
	if (dear ||
	    (targets->count > 1 && terminal && steps_destructive(steps)))
		return ask(steps, targets);
	return true;
}
