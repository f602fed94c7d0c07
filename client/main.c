// SPDX-License-Identifier: GPL-2.0
/* send_sysrq: presses magic SysRq letters on a remote host. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "client/press/words.h"
#include "client/subcommand.h"
#include "client/output/logtext.h"
#include "client/output/process.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/output/written.h"

/*
 * If the first argument that is no option is one of these names, it is a
 * subcommand. To press letters on a host of this name, write press before it.
 */
static const struct {
	const char *name;
	subcommand *run;
	const struct command_line *line;
	const char *description;
} subcommands[] = {
	{ "press", press_main, &press_line,
	  "press letters; this word may be left out" },
	{ "status", status_main, &status_line,
	  "show which hosts are alive, and which letters they permit" },
	{ "log", log_main, &log_line, "print the kernel log of a host" },
	{ "genkey", genkey_main, &genkey_line, "make your key" },
	{ "pubkey", pubkey_main, &pubkey_line, "print your public key" },
	{ "known", known_main, &known_line, "note the public key of a host" },
	{ "history", history_main, &history_line,
	  "print what you have pressed" },
	{ "exporter", exporter_main, &exporter_line,
	  "tell Prometheus which hosts are alive" },
	{ "setup", setup_main, &setup_line,
	  "give this host its key and operators, and load its module" },
};
enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

/* In a shorter name, only a slip behind its first letter is likely. */
enum { SLIP_LEAST = 4 };

void subcommands_show(void)
{
	printf("Subcommands; each has its own --help:\n");
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		printf("  send_sysrq %-8s %s\n", subcommands[i].name,
		       subcommands[i].description);
	printf("\n");
}

const char *subcommands_meant(const char *typed)
{
	char text[16]; /* a longer one is no slip */

	text_small(text, sizeof(text), typed);
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		const char *name = subcommands[i].name;

		if (!strcmp(text, name) ||
		    (word_is_slip(text, name) &&
		     (text[0] == name[0] || strlen(name) >= SLIP_LEAST)))
			return name;
	}
	return NULL;
}

static void write_unknown(FILE *out, const void *name)
{
	fprintf(out, "there is no subcommand '%s': there are ",
		(const char *)name);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		fprintf(out, "%s%s", subcommands[i].name,
			i + 2 < SUBCOMMANDS    ? ", "
			: i + 2 == SUBCOMMANDS ? " and "
					       : "");
}

/* send_sysrq help NAME: argv[0] is NAME, which is no subcommand. */
static int help_unknown_main(int argc, char **argv,
			     const struct password_variable *variable)
{
	(void)argc;
	(void)variable;
	tell_written(write_unknown, argv[0]);
	return EXIT_USAGE;
}

/* The index of the first argument in argv that is no option; 0: none. */
static int first_argument(char **argv)
{
	const struct command_line *lines[SUBCOMMANDS];

	for (size_t i = 0; i < SUBCOMMANDS; i++)
		lines[i] = subcommands[i].line;
	return options_first(lines, SUBCOMMANDS, argv);
}

/*
 * Find the subcommand that argv names, and take its name to the beginning:
 * *argc and *argv are the command line of the result.
 */
static subcommand *find_subcommand(int *argc, char ***argv)
{
	static char help[] = "--help";
	int first = first_argument(*argv);
	bool helps = false;

	while (first && !strcmp((*argv)[first], "help")) {
		(*argv)[first] = help;
		first = first_argument(*argv);
		helps = true;
	}
	for (size_t i = 0; first && i < SUBCOMMANDS; i++) {
		char *name = (*argv)[first];

		if (strcmp(name, subcommands[i].name))
			continue;
		memmove(*argv + 2, *argv + 1,
			(size_t)(first - 1) * sizeof(**argv));
		--*argc;
		++*argv;
		(*argv)[0] = name;
		return subcommands[i].run;
	}
	if (!first || !helps)
		return press_unnamed_main;
	*argv += first;
	return help_unknown_main;
}

int main(int argc, char **argv)
{
	subcommand *run = find_subcommand(&argc, &argv);
	struct password_variable variable;
	int unwritten = run == status_main ? STATUS_FAULT : EXIT_MACHINE;
	int status;

	process_begin();
	written_room();
	logtext_locale("");
	password_fetch(&variable);
	if (sodium_init() < 0) {
		tell("cannot start libsodium; nothing was sent");
		status = EXIT_MACHINE;
	} else {
		status = run(argc, argv, &variable);
		/* What the subcommand has not checked itself: help, version */
		if (!written("the output") && status < unwritten)
			status = unwritten;
	}
	sodium_memzero(&variable, sizeof(variable));
	return status;
}
