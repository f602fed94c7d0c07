// SPDX-License-Identifier: GPL-2.0
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
	size_t column;
	unsigned int lines;
};

static void put(struct paragraph *p, const char *word)
{
	size_t len = strlen(word);

	if (!p->lines || p->column + 1 + len > COLUMNS) {
		fputs(p->lines ? "\n  " : "  ", stderr);
		p->column = 2;
		p->lines++;
	} else {
		fputc(' ', stderr);
		p->column++;
	}
	fputs(word, stderr);
	p->column += len;
}

static void show_steps(const struct steps *steps)
{
	struct paragraph p = { 0 };
	char word[SYSRQ_LETTER_NAME_MAX + 8];

	for (unsigned int i = 0; i < steps->count; i++) {
		char letter = steps->list[i].letter;

		snprintf(word, sizeof(word), "%c (%s)%s", letter,
			 sysrq_letter_name(letter),
			 i + 1 < steps->count ? "," : "");
		put(&p, word);
	}
	fputc('\n', stderr);
}

static void show_hosts(const struct targets *targets)
{
	struct paragraph p = { 0 };
	size_t i;

	for (i = 0; i < targets->count && p.lines <= LINES_MAX; i++)
		put(&p, targets->list[i].name);
	if (i < targets->count)
		fprintf(stderr, "\n  and %zu more", targets->count - i);
	fputc('\n', stderr);
}

static bool ask(const struct steps *steps, const struct targets *targets)
{
	char *line = NULL;
	size_t size = 0;
	bool yes;

	fprintf(stderr, "This will press\n");
	show_steps(steps);
	fprintf(stderr, "on %zu host%s:\n", targets->count,
		targets->count == 1 ? "" : "s");
	show_hosts(targets);
	fputs("Go on? [y/N] ", stderr);
	yes = getline(&line, &size, stdin) > 0 &&
	      (!strcasecmp(line, "y\n") || !strcasecmp(line, "yes\n"));
	free(line);
	if (!yes)
		tell("not confirmed; nothing was sent");
	return yes;
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
