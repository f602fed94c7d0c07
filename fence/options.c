// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/knownline.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "fence/actions.h"
#include "fence/options.h"

static const char variable[] = "FENCE_SYSRQ_KEY";

void option_long_name(char out[OPTION_LONG_MAX], const struct option_row *row)
{
	snprintf(out, OPTION_LONG_MAX, "--%s", row->name);
	for (char *c = out; *c; c++)
		*c = *c == '_' ? '-' : *c;
}

/* --- Values --- */

/* Returns 1 or 0; -1: the text is neither. */
static int truth(const char *text)
{
	static const char *const words[][2] = {
		{ "0", "1" },
		{ "no", "yes" },
		{ "off", "on" },
		{ "false", "true" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int value = 0; value < 2; value++) {
			if (!strcasecmp(text, words[i][value]))
				return value;
		}
	}
	return -1;
}

/* False: the value is wrong, as has been told. */
static bool check_number(const struct option_row *row, const char *value)
{
	bool seconds = row->type == TYPE_SECOND;
	char expected[64];
	uint32_t number;

	if (seconds ? text_to_ms(value, row->least, row->most, &number)
		    : text_to_number(value, row->least, row->most, &number))
		return true;
	snprintf(expected, sizeof(expected), "%s from %u to %u",
		 seconds ? "seconds" : "a number",
		 row->least / (seconds ? 1000 : 1),
		 row->most / (seconds ? 1000 : 1));
	return tell_bad(row->name, value, expected);
}

static bool take(struct options *o, enum option_id id, const char *value)
{
	const struct option_row *row = &options_table[id];

	o->value[id] = *value ? value : row->fallback; /* the last one counts */
	if (!*value || row->type == TYPE_STRING)
		return true;
	if (row->type == TYPE_BOOLEAN)
		return truth(value) >= 0 ||
		       tell_bad(row->name, value, "true or false");
	return check_number(row, value);
}

bool option_is_on(const struct options *o, enum option_id id)
{
	return o->value[id] && truth(o->value[id]) > 0;
}

uint32_t option_number(const struct options *o, enum option_id id)
{
	const struct option_row *row = &options_table[id];
	uint32_t number = 0;

	if (o->value[id])
		text_to_number(o->value[id], row->least, row->most, &number);
	return number;
}

uint64_t option_ns(const struct options *o, enum option_id id)
{
	const struct option_row *row = &options_table[id];
	uint32_t ms = 0;

	if (o->value[id])
		text_to_ms(o->value[id], row->least, row->most, &ms);
	return ms * SYSRQ_MILLISECOND;
}

/* --- The command line --- */

/* Makes what getopt_long() wants. The letters of the options are their values. */
static void prepare(struct option list[OPTIONS + 1],
		    char letters[2 * OPTIONS + 2],
		    char names[OPTIONS][OPTION_LONG_MAX])
{
	size_t count = 0;

	*letters++ = ':';
	for (int id = 0; id < OPTIONS; id++) {
		const struct option_row *row = &options_table[id];

		option_long_name(names[id], row);
		list[count++] =
			(struct option){ names[id] + 2, row->value ? 1 : 0,
					 NULL, 256 + id };
		if (!row->letter)
			continue;
		*letters++ = row->letter;
		if (row->value)
			*letters++ = ':';
	}
	*letters = '\0';
	list[count] = (struct option){ NULL, 0, NULL, 0 };
}

static enum option_id of_letter(int letter)
{
	int id = 0;

	while (options_table[id].letter != letter)
		id++;
	return (enum option_id)id;
}

static bool take_option(struct options *o, enum option_id id, const char *value)
{
	if (!options_table[id].secret)
		return take(o, id, value);
	tell("--%s: everybody on this machine can read the command line, "
	     "expected the key in a file, on standard input or in %s",
	     options_table[id].name, variable);
	return false;
}

/* The value of an option that is not known may be a secret. */
static bool tell_wrong(int opt, const char *arg)
{
	if (opt == ':')
		tell("%s: no value given; see fence_sysrq --help", arg);
	else if (optopt && strncmp(arg, "--", 2))
		tell("'-%c' is not an option; see fence_sysrq --help", optopt);
	else
		tell("'%.*s' is not an option; see fence_sysrq --help",
		     (int)strcspn(arg, "="), arg);
	return false;
}

static bool read_arguments(struct options *o, int argc, char **argv)
{
	struct option list[OPTIONS + 1];
	char names[OPTIONS][OPTION_LONG_MAX], letters[2 * OPTIONS + 2];
	int opt;

	prepare(list, letters, names);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, list, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			return tell_wrong(opt, argv[optind - 1]);
		if (!take_option(o,
				 opt < 256 ? of_letter(opt)
					   : (enum option_id)(opt - 256),
				 optarg ? optarg : "1"))
			return false;
	}
	return optind == argc || tell_bad("argument", argv[optind], "options");
}

/* --- Standard input --- */

static bool is_named(const struct option_row *row, const char *name)
{
	return !strcmp(row->name, name) ||
	       (row->old_name && !strcmp(row->old_name, name));
}

/* The cluster gives these for itself. */
static bool is_of_cluster(const char *name)
{
	return !strcmp(name, "nodename") || !strncmp(name, "pcmk_", 5) ||
	       !strncmp(name, "crm_", 4);
}

/* Unknown names are ignored, as the interface wants it. */
static bool take_pair(struct options *o, const char *name, const char *value)
{
	if (!strcmp(name, "nodename"))
		o->nodename = value;
	for (int id = 0; id < OPTIONS; id++) {
		if (is_named(&options_table[id], name))
			return take(o, (enum option_id)id, value);
	}
	if (!is_of_cluster(name))
		tell("'%s' is not an option, and is ignored; see fence_sysrq "
		     "--help",
		     name);
	return true;
}

/* Cut the blanks off the end of text. */
static void cut_blanks(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
}

/* The line may hold the key: it is not shown. */
static bool refuse_line(size_t number, const char *fault)
{
	tell("line %zu of standard input has %s, expected name=value; nothing "
	     "was sent",
	     number, fault);
	return false;
}

/* Take a line "name=value" of len bytes. number: 1 is the first line */
static bool take_line(struct options *o, char *line, size_t len, size_t number)
{
	char *copy, *value;

	if (memchr(line, '\0', len))
		return refuse_line(number, "a NUL byte");
	if (number == 1)
		line += text_mark(line, len);
	line += strspn(line, " \t\r\n");
	if (!*line || *line == '#')
		return true;
	if (!strchr(line, '='))
		return refuse_line(number, "no '='");
	if (*line == '-')
		return refuse_line(number, "a '-' before the name");
	copy = strdup(line); /* as argv, until the end */
	if (!copy) {
		tell("out of memory; nothing was sent");
		return false;
	}
	cut_blanks(copy);
	value = strchr(copy, '=');
	*value++ = '\0';
	cut_blanks(copy);
	return take_pair(o, copy, value + strspn(value, " \t"));
}

static bool read_input(struct options *o)
{
	static char buffer[BUFSIZ];
	char *line = NULL;
	size_t size = 0, number = 0;
	bool ok = true;
	ssize_t len;

	setvbuf(stdin, buffer, _IOFBF, sizeof(buffer));
	while (ok && (len = getline(&line, &size, stdin)) >= 0)
		ok = take_line(o, line, (size_t)len, ++number);
	if (ok && !feof(stdin)) {
		tell("cannot read standard input: %s; nothing was sent",
		     strerror(errno));
		ok = false;
	}
	/* They may hold the key. */
	if (line)
		sodium_memzero(line, size);
	sodium_memzero(buffer, sizeof(buffer));
	free(line);
	return ok;
}

/* --- Keys --- */

static void wipe_text(const char *text)
{
	if (text)
		sodium_memzero((char *)text, strlen(text));
}

/* Read the private key that is not in a file. what: where it is */
static bool take_key(struct options *o, const char *what, const char *text)
{
	o->has_pair = !sysrq_pair_from_text(&o->pair, text, strlen(text));
	if (o->has_pair)
		return true;
	tell("%s is not a private key, expected 'sysrq-private:' and 44 "
	     "characters of base64, as send_sysrq genkey makes it",
	     what);
	return false;
}

/* It may be the private key, by mistake: the value is not shown. */
static bool tell_fault(const char *fault)
{
	tell("host_key: %s", fault);
	return false;
}

/* key, then key_file, then the environment, then the configuration */
static bool take_keys(struct options *o)
{
	const char *host = o->value[OPTION_HOST_KEY];
	const char *fault =
		host ? known_key_read(&o->host_key, host, strlen(host)) : NULL;
	char *environment = getenv(variable);
	bool ok = true;

	if (fault)
		ok = tell_fault(fault);
	else if (o->value[OPTION_KEY])
		ok = take_key(o, "key", o->value[OPTION_KEY]);
	else if (environment && *environment && !o->value[OPTION_KEY_FILE])
		ok = take_key(o, variable, environment);
	wipe_text(o->value[OPTION_KEY]);
	wipe_text(environment);
	unsetenv(variable);
	return ok;
}

/* --- All together --- */

bool options_get(struct options *o, int argc, char **argv)
{
	bool ok;

	*o = (struct options){ .has_pair = false };
	for (int id = 0; id < OPTIONS; id++)
		o->value[id] = options_table[id].fallback;
	ok = argc > 1 ? read_arguments(o, argc, argv) : read_input(o);
	return take_keys(o) && ok;
}

void options_wipe(struct options *o)
{
	sysrq_pair_wipe(&o->pair);
}
