// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/arguments.h"
#include "client/hosts/config.h"
#include "client/hosts/known.h"
#include "client/hosts/ranges.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/press/steps.h"
#include "client/press/words.h"
#include "client/subcommand.h"

struct arguments {
	char **list; /* count hosts, then the sysrq commands */
	int count;
	const char *config_file;
	bool press_named;
};

/* 1: the configuration has the host's name. 0: no. -1: fault, as has been told. */
static int host_is_configured(const struct arguments *a, const char *host)
{
	struct config *config;
	bool named;

	if (!config_load(&config, a->config_file, false))
		return -1;
	named = config_names(config, host);
	config_free(config);
	return named;
}

/* The same, if the configuration or the known hosts have it. */
static int host_is_known(const struct arguments *a, const char *host)
{
	int configured = host_is_configured(a, host);
	struct known *hosts;
	bool known;

	if (configured)
		return configured;
	if (!known_load(&hosts, false))
		return -1;
	known = known_find(hosts, host);
	known_free(hosts);
	return known;
}

static bool ends_host(const struct word *word)
{
	for (const char *letter = word->letters; *letter; letter++) {
		if (sysrq_letter_ends_host(*letter))
			return true;
	}
	return word->recipe; /* its last letter ends the host */
}

/* True: text would be accepted as sysrq commands. */
static bool is_commands(const char *text)
{
	char *copy = strdup(text), *rest = copy, *part;
	enum word_place place = strchr(text, ',') ? WORD_PART : WORD_ALONE;
	struct word word;
	bool ok = copy, over = false; /* the host has ended */

	while (ok && (part = strsep(&rest, ","))) {
		ok = !over && word_read(&word, place, part);
		over = ok && ends_host(&word);
	}
	free(copy);
	return ok;
}

/*
 * Join the arguments from the first one on, with or without commas. NULL: they
 * are no sysrq commands, or there is no memory. The caller frees the result.
 */
static char *join(const struct arguments *a, int first, const char *comma)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int i = first; i <= a->count; i++) {
		size_t len = strlen(a->list[i]);

		/* As in "sync, unmount, reboot" */
		len -= len && a->list[i][len - 1] == ',';
		fprintf(out, "%s%.*s", i == first ? "" : comma, (int)len,
			a->list[i]);
	}
	fclose(out);
	if (text && is_commands(text))
		return text;
	free(text);
	return NULL;
}

static bool refuse_letters(const struct arguments *a, int first)
{
	char *text = join(a, first, "");

	if (!text)
		text = join(a, first, ",");
	if (text)
		tell("remote host: '%s' given, expected a host: letters are "
		     "one word: %s (or name this host in the configuration)",
		     a->list[first], text);
	else
		tell("remote host: '%s' given, expected a host: letters are "
		     "one word, and the last one, as in send_sysrq web7 sub "
		     "(or name this host in the configuration)",
		     a->list[first]);
	free(text);
	return false;
}

static bool refuse_number(const char *text)
{
	tell("remote host: '%s' given, expected a name or an address; for a "
	     "port write -p %s, for a time --until-back=%s",
	     text, text, text);
	return false;
}

static bool refuse_subcommand(const char *name, const char *meant)
{
	tell("remote host: '%s' given, expected a host: for the subcommand "
	     "begin with send_sysrq %s, for a host of this name with "
	     "send_sysrq press",
	     name, meant);
	return false;
}

/* True: in small letters, the name of a host is a word of sysrq commands. */
static bool is_word(const char *name, enum word_place place)
{
	char small[SYSRQ_LETTER_NAME_MAX + 1];
	struct word word;

	text_small(small, sizeof(small), name);
	return word_read(&word, place, name) ||
	       word_read(&word, place, small) || steps_saves_log(small) ||
	       !strcmp(small, "loglevel");
}

/* Check a name in the argument at index i. */
static bool check_name(const struct arguments *a, int i, const char *name)
{
	const char *meant = a->press_named ? NULL : subcommands_meant(name);
	bool number = *name && !name[strspn(name, "0123456789")];
	bool word;
	int known;

	/*
	 * Letters that show something may name one host. Among several words
	 * they are letters, as in "web7 wlm b", which would reset web7.
	 */
	word = number || is_word(name, a->count > 1 ? WORD_ALONE : WORD_PART);
	if (!meant && !word)
		return true;
	/* A host whose key somebody noted must not turn letters into hosts. */
	known = word ? host_is_configured(a, name) : host_is_known(a, name);
	if (known)
		return known > 0;
	if (meant)
		return refuse_subcommand(name, meant);
	return number && name[1] ? refuse_number(name) : refuse_letters(a, i);
}

/* The same for each name of the argument: commas may stand between them. */
static bool check_host(const struct arguments *a, int i)
{
	const char *from = a->list[i];
	bool ok, more;

	do {
		size_t len = element_length(from);
		char *name = strndup(from, len);

		ok = name && check_name(a, i, name);
		if (!name)
			tell("out of memory; nothing was sent");
		free(name);
		more = from[len];
		from += len + more;
	} while (ok && more);
	return ok;
}

bool arguments_check(char **hosts, int count, const char *config_file,
		     bool press_named)
{
	const struct arguments a = { hosts, count, config_file, press_named };
	const char *commands = hosts[count], *meant;
	int known;

	for (int i = 0; i < count; i++) {
		if (!check_host(&a, i))
			return false;
	}
	if (is_commands(commands))
		return true;
	meant = press_named ? NULL : subcommands_meant(commands);
	known = meant || !count ? 0 : host_is_known(&a, commands);
	if (meant)
		tell("sysrq commands: '%s' given, expected letters: for the "
		     "subcommand begin with send_sysrq %s",
		     commands, meant);
	else if (known > 0)
		tell("sysrq commands: '%s' given, expected letters: it is a "
		     "known host, and the letters come last, as in send_sysrq "
		     "web7 sub",
		     commands);
	return !meant && !known;
}
