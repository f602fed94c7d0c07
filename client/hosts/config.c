// SPDX-License-Identifier: GPL-2.0
/* The syntax is that of ssh_config(5). send_sysrq_config(5) describes it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/blocks.h"
#include "client/hosts/config.h"
#include "client/hosts/configline.h"
#include "client/hosts/escapes.h"
#include "client/hosts/knownline.h"
#include "client/hosts/paths.h"
#include "client/hosts/patterns.h"
#include "client/hosts/trusted.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

enum keyword { HOST, ADDRESS, PORT, KEY_FILE, REALM, CONFIRM, LOG, KEYWORDS };

static const char *const keywords[KEYWORDS] = {
	[HOST] = "Host",        [ADDRESS] = "Address", [PORT] = "Port",
	[KEY_FILE] = "KeyFile", [REALM] = "Realm",     [CONFIRM] = "Confirm",
	[LOG] = "Log",
};

/* One line of a file. */
struct entry {
	const char *file; /* in files of struct config */
	unsigned int line;
	enum keyword keyword;
	char *value; /* HOST: for patterns_match(); ADDRESS: words */
};

struct config {
	char *files[2]; /* the names of the files that exist */
	size_t file_count;
	struct entry *entries; /* the entries of a file begin with a HOST */
	size_t count;
	struct blocks blocks; /* numbered by the index of their HOST */
	bool partial;         /* the system's file was left out */
};

static bool cannot_read(const char *file)
{
	return tell_cannot_read("the configuration", file);
}

/* --- Values --- */

static bool refuse(const struct entry *e, const char *given,
		   const char *expected)
{
	tell("%s:%u: %s: '%s' given, expected %s", e->file, e->line,
	     keywords[e->keyword], given, expected);
	return false;
}

static const char escapes_expected[] =
	"no % except in %h (the host) and %% (a %)";

static bool settle_address(const struct entry *e, const char *host,
			   const char *text, struct hosts *to)
{
	char *address = NULL, where[PATH_MAX + 32];
	bool ok;

	if (!escapes_zone(text) && !escapes_good(text))
		return refuse(e, text, escapes_expected);
	address = escapes_zone(text) ? strdup(text)
				     : escapes_expand("", 0, text, host);
	if (!address)
		return cannot_read(e->file);
	snprintf(where, sizeof(where), "%s:%u: Address", e->file, e->line);
	ok = *address == '@' ? refuse(e, address, "names and addresses")
			     : hosts_add(to, where, address);
	free(address);
	return ok;
}

/* Take the addresses, which have blanks between them. */
static bool settle_addresses(const struct entry *e, const char *host,
			     struct hosts *to)
{
	const char *text = e->value;
	bool ok = true;

	while (ok && *text) {
		size_t len = strcspn(text, " ");
		char *word = strndup(text, len);

		ok = word ? settle_address(e, host, word, to)
			  : cannot_read(e->file);
		free(word);
		text += len + (text[len] == ' ');
	}
	return ok;
}

static bool settle_number(const struct entry *e, uint16_t *number)
{
	bool yes = !strcasecmp(e->value, "yes");
	uint32_t v = yes ? SETTING_YES : SETTING_NO;

	if (e->keyword != PORT && !yes && strcasecmp(e->value, "no"))
		return refuse(e, e->value, "yes or no");
	if (e->keyword == PORT && !text_to_number(e->value, 1, 65535, &v))
		return refuse(e, e->value, "a number from 1 to 65535");
	*number = (uint16_t)v;
	return true;
}

static bool settle_text(const struct entry *e, const char *host, char **to)
{
	const char *text = e->value, *folder = "";
	size_t len = 0;

	if (!*text && e->keyword != REALM)
		return refuse(e, text, "a value that is not empty");
	if (!escapes_good(text))
		return refuse(e, text, escapes_expected);
	if (e->keyword == KEY_FILE && !strncmp(text, "~/", 2)) {
		folder = getenv("HOME");
		if (!folder || !*folder)
			return refuse(
				e, text,
				"the environment variable HOME, because ~ stands for it");
		len = strlen(folder);
		text++;
	} else if (e->keyword == KEY_FILE && *text != '/') {
		const char *slash = strrchr(e->file, '/');

		folder = slash ? e->file : "./";
		len = slash ? (size_t)(slash - folder) + 1 : 2;
	}
	*to = escapes_expand(folder, len, text, host);
	if (!*to)
		return cannot_read(e->file);
	if (e->keyword == REALM && strlen(*to) > SYSRQ_REALM_MAX)
		return refuse(e, e->value,
			      "at most 255 bytes after %h is replaced");
	return true;
}

/* Take the setting of a line, unless settings has it already. */
static bool settle(struct settings *settings, const struct entry *e,
		   const char *host)
{
	char **const texts[KEYWORDS] = {
		[KEY_FILE] = &settings->key_file,
		[REALM] = &settings->realm,
	};
	char **to = texts[e->keyword];
	uint16_t *number = e->keyword == PORT  ? &settings->port
			   : e->keyword == LOG ? &settings->log
					       : &settings->confirm;

	if (e->keyword == ADDRESS)
		return settings->addresses.count ||
		       settle_addresses(e, host, &settings->addresses);
	if (to)
		return *to || settle_text(e, host, to);
	return *number || settle_number(e, number);
}

/* --- Lines --- */

/* Replace the words after Host. False: one is wrong, as has been told. */
static bool read_patterns(struct entry *e)
{
	char *patterns;
	const char *expected = patterns_read(e->value, &patterns);

	if (expected)
		return refuse(e, e->value, expected);
	free(e->value);
	e->value = patterns;
	return true;
}

/* False: the value is wrong, as has been told. */
static bool check_entry(struct entry *e)
{
	struct settings scratch = { 0 };
	bool ok;

	if (e->keyword == HOST)
		return read_patterns(e);
	ok = settle(&scratch, e, "h");
	settings_free(&scratch);
	return ok;
}

static bool add_entry(struct config *config, const struct entry *e)
{
	struct entry *entries = config->entries;
	size_t n = config->count;

	if (!(n & (n - 1))) /* full, at a power of two */
		entries = realloc(entries, (n ? 2 * n : 1) * sizeof(*entries));
	if (!entries)
		return false;
	config->entries = entries;
	if (e->keyword == HOST && !blocks_add(&config->blocks, e->value, n))
		return false;
	entries[config->count++] = *e;
	return true;
}

/*
 * Take the keyword off line, and the "=" after it. KEYWORDS: it is not a
 * keyword, as has been told.
 */
static enum keyword take_keyword(struct entry *e, char **line)
{
	char *word = *line + strspn(*line, " \t");
	size_t len = strcspn(word, " \t=");
	enum keyword k = HOST;

	while (k < KEYWORDS && (strlen(keywords[k]) != len ||
				strncasecmp(keywords[k], word, len)))
		k++;
	*line = word + len;
	if (k == KEYWORDS) {
		tell("%s:%u: '%.*s' given, expected Host, Address, Port, "
		     "KeyFile, Realm, Confirm or Log",
		     e->file, e->line, (int)len, word);
		return k;
	}
	*line += strspn(*line, " \t");
	if (**line == '=')
		++*line;
	return k;
}

/*
 * Take the words of line up to a comment, and put one blank between them. Only
 * Host and Address take more than one word. A word may stand in double or single quotes.
 * line is overwritten.
 */
static bool take_value(struct entry *e, char *line)
{
	char *from = line, *to = line;
	bool many = e->keyword == HOST || e->keyword == ADDRESS;
	unsigned int words = 0;

	while (*(from += strspn(from, " \t")) && *from != '#') {
		const char quote[] = { *from, '\0' };
		bool quoted = *from == '"' || *from == '\'';
		size_t len = strcspn(from += quoted, quoted ? quote : " \t");
		bool open = quoted && !from[len];

		if (quoted ? !open && !strchr(" \t", from[len + 1])
			   : strcspn(from, "\"'") < len)
			return refuse(e, from,
				      "quotation marks around the whole value");
		if (open || (words && !many)) {
			from[len] = '\0';
			return refuse(
				e, from,
				open ? "a closing quotation mark"
				     : "only one value; a value with blanks "
				       "needs quotation marks");
		}
		if (!len && many)
			return refuse(e, "", "a value that is not empty");
		if (words++)
			*to++ = ' ';
		memmove(to, from, len);
		to += len;
		from += len + quoted;
	}
	*to = '\0';
	if (!words)
		return refuse(e, "", "a value");
	e->value = strdup(line);
	return e->value || cannot_read(e->file);
}

static bool read_line(struct config *config, struct entry e, char *line)
{
	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return true;
	e.keyword = take_keyword(&e, &line);
	if (e.keyword < KEYWORDS && take_value(&e, line) && check_entry(&e)) {
		if (add_entry(config, &e))
			return true;
		cannot_read(e.file);
	}
	free(e.value);
	return false;
}

/* --- Files --- */

static bool read_lines(struct config *config, FILE *in, const char *file)
{
	struct entry e = { .file = file, .keyword = HOST };
	char *line = NULL;
	size_t size = 0;
	bool ok;
	ssize_t len;

	/* The lines before the first Host are for all hosts. */
	e.value = strdup("*");
	ok = e.value && add_entry(config, &e);
	if (!ok) {
		free(e.value);
		return cannot_read(file);
	}
	e.value = NULL;
	while (ok && (len = getline(&line, &size, in)) >= 0) {
		e.line++;
		ok = configline_check(file, e.line, line, (size_t)len) &&
		     read_line(config, e, line);
	}
	if (ok && !feof(in))
		ok = cannot_read(file);
	free(line);
	return ok;
}

/* left_out: set if the file may not be used, as has been told; NULL: it must be used. */
static bool load(struct config *config, const char *file, bool must_exist,
		 bool *left_out)
{
	FILE *in = trusted_open("configuration", file);
	char *name;
	bool ok;

	if (!in && !must_exist && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (!in && errno)
		cannot_read(file);
	if (!in || !trusted(fileno(in), "configuration", file, false)) {
		if (in)
			fclose(in);
		if (left_out)
			*left_out = true;
		return left_out;
	}
	name = strdup(file);
	ok = name || cannot_read(file);
	if (ok)
		config->files[config->file_count++] = name;
	ok = ok && read_lines(config, in, name);
	fclose(in);
	return ok;
}

static bool load_users(struct config *config)
{
	char *file = path_of_user("config");
	bool ok;

	if (!file)
		return !errno || cannot_read("of the user");
	ok = load(config, file, false, NULL);
	free(file);
	return ok;
}

bool config_load(struct config **config, const char *file, bool all)
{
	struct config *c = calloc(1, sizeof(*c));
	bool ok = true;

	if (!c)
		return cannot_read(file ? file : "files");
	if (!file)
		ok = load_users(c) && load(c, PATH_OF_SYSTEM "config", false,
					   all ? NULL : &c->partial);
	else if (strcmp(file, "none"))
		ok = load(c, file, true, NULL);
	/* What it may forbid is forbidden then. */
	if (c->partial)
		tell("this file is left out: Confirm is yes unless your own "
		     "file says no, and no password is used");
	if (!ok)
		config_free(c);
	*config = ok ? c : NULL;
	return ok;
}

bool config_find(const struct config *config, const char *host,
		 struct settings *settings)
{
	struct blocks_walk walk = blocks_begin(&config->blocks, host);
	size_t i;

	*settings = (struct settings){ 0 };
	while (blocks_next(&config->blocks, &walk, &i)) {
		while (++i < config->count &&
		       config->entries[i].keyword != HOST) {
			if (settle(settings, &config->entries[i], host))
				continue;
			settings_free(settings);
			return false;
		}
	}
	settings->partial = config->partial;
	if (config->partial && !settings->confirm)
		settings->confirm = SETTING_YES;
	return true;
}

bool config_names(const struct config *config, const char *typed)
{
	char form[KNOWN_NAME_MAX + 1];
	const char *host = known_name(form, typed) ? form : typed;

	for (size_t i = 0; i < config->count; i++) {
		const struct entry *e = &config->entries[i];

		if (e->keyword == HOST && patterns_name(e->value, host))
			return true;
	}
	return false;
}

void settings_free(struct settings *settings)
{
	hosts_free(&settings->addresses);
	free(settings->key_file);
	free(settings->realm);
	*settings = (struct settings){ 0 };
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->count; i++)
		free(config->entries[i].value);
	free(config->entries);
	blocks_free(&config->blocks);
	for (size_t i = 0; i < config->file_count; i++)
		free(config->files[i]);
	free(config);
}
