// SPDX-License-Identifier: GPL-2.0
#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "key.h"
#include "tell.h"
#include "text.h"

#ifndef SRQ_SYSCONFDIR
#define SRQ_SYSCONFDIR "/etc"
#endif

struct config {
	cfg_t *files[2]; /* those that there are */
	size_t count;
};

/* As the options of a section are numbered. */
enum keyword { ADDRESS, PORT, KEY_FILE, REALM, KEYWORDS };

enum { PATTERN_MAX = 255 };

static bool cannot_read(const char *file)
{
	tell("cannot read the configuration %s: %s", file, strerror(errno));
	return false;
}

static bool refuse(const char *file, long line, const char *given,
		   const char *expected)
{
	tell("%s:%ld: '%s' given, expected %s", file, line, given, expected);
	return false;
}

/*
 * What libconfuse gets to read: no comments, and every word in quotes, so that
 * it stays what it is. Left alone libconfuse drops * and + from words, puts
 * the environment in for ${NAME}, takes the end of the file for that of a
 * section, and loses count of the lines after a comment.
 */
struct rewriting {
	const char *file;
	FILE *out;
	long line;
	long open;  /* line of the { that has no } yet, or 0 */
	bool value; /* comes next: there was a = */
};

static void put_word(FILE *out, const char *word, size_t len)
{
	putc('\'', out);
	for (size_t i = 0; i < len; i++) {
		if (word[i] == '\'' || word[i] == '\\')
			putc('\\', out);
		putc(word[i], out);
	}
	putc('\'', out);
}

static bool rewrite_line(struct rewriting *w, const char *s)
{
	while (*(s += strspn(s, " \t")) && *s != '#') {
		const char quote[] = { *s, '\0' };
		bool quoted = *s == '"' || *s == '\'';
		size_t len;

		if (strchr("{}=", *s)) {
			putc(*s, w->out);
			if (*s != '=')
				w->open = *s == '{' ? w->line : 0;
			w->value = *s++ == '=';
			continue;
		}
		s += quoted;
		len = strcspn(s, quoted ? quote : " \t{}=#\"'");
		if (quoted && !s[len])
			return refuse(w->file, w->line, s - 1,
				      "its quote closed on the same line");
		/* With | a name would reach into other sections. */
		if (!w->value && (!len || memchr(s, '|', len)))
			return refuse(w->file, w->line, len ? "|" : "",
				      "a name");
		put_word(w->out, s, len);
		s += len + quoted;
		w->value = false;
	}
	return true;
}

/* Takes the end off a line of len bytes. */
static bool check_line(const struct rewriting *w, char *line, size_t len)
{
	char shown[sizeof("\\x00")];

	if (len && line[len - 1] == '\n')
		line[--len] = '\0';
	if (len && line[len - 1] == '\r')
		line[--len] = '\0';
	for (size_t i = 0; i < len; i++) {
		if (!iscntrl((unsigned char)line[i]) || line[i] == '\t')
			continue;
		snprintf(shown, sizeof(shown), "\\x%02x", line[i]);
		return refuse(w->file, w->line, shown, "no control characters");
	}
	return true;
}

static bool rewrite(FILE *out, FILE *in, const char *file)
{
	struct rewriting w = { .file = file, .out = out };
	char *line = NULL;
	size_t size = 0;
	bool ok = true;
	ssize_t len;

	while (ok && (len = getline(&line, &size, in)) >= 0) {
		if (w.line++)
			putc('\n', out);
		ok = check_line(&w, line, (size_t)len) &&
		     rewrite_line(&w, line);
	}
	if (ok && !feof(in))
		ok = cannot_read(file);
	else if (ok && w.open)
		ok = refuse(file, w.open, "{", "a } after it");
	putc(' ', out); /* nothing at all cannot be opened everywhere */
	free(line);
	return ok;
}

static bool bad_value(const cfg_t *section, cfg_opt_t *opt,
		      const char *expected)
{
	tell("%s:%ld: %s: '%s' given, expected %s", section->filename,
	     opt->def.number, opt->name, cfg_opt_getstr(opt), expected);
	return false;
}

static bool has_good_escapes(const char *text)
{
	for (; (text = strchr(text, '%')); text += 2) {
		if (text[1] != 'h' && text[1] != '%')
			return false;
	}
	return true;
}

/* The value after the first len bytes of folder; NULL: no memory. */
static char *expand(const char *folder, size_t len, const char *text,
		    const char *host)
{
	char *value = NULL;
	size_t size;
	FILE *out = open_memstream(&value, &size);

	if (!out)
		return NULL;
	fwrite(folder, 1, len, out);
	for (; *text; text++) {
		if (*text != '%')
			putc(*text, out);
		else if (*++text == 'h')
			fputs(host, out);
		else
			putc('%', out);
	}
	if (!fclose(out))
		return value;
	free(value);
	return NULL;
}

/* Take what a section says of host, unless another has said it before. */
static bool settle(struct settings *settings, cfg_t *section,
		   enum keyword keyword, const char *host)
{
	char **const texts[KEYWORDS] = {
		[ADDRESS] = &settings->address,
		[KEY_FILE] = &settings->key_file,
		[REALM] = &settings->realm,
	};
	char **to = texts[keyword];
	cfg_opt_t *opt = cfg_getnopt(section, keyword);
	const char *text = cfg_opt_getstr(opt), *folder = "";
	size_t len = 0;
	uint32_t port;

	if (!text || (to ? *to != NULL : settings->port != 0))
		return true;
	if (keyword == PORT) {
		if (!text_to_number(text, 1, 65535, &port))
			return bad_value(section, opt,
					 "a number from 1 to 65535");
		settings->port = (uint16_t)port;
		return true;
	}
	if (!*text && keyword != REALM)
		return bad_value(section, opt, "what is not empty");
	if (!has_good_escapes(text))
		return bad_value(section, opt,
				 "no % but %h, for the host, and %%");
	if (keyword == KEY_FILE && !strncmp(text, "~/", 2)) {
		folder = getenv("HOME");
		if (!folder)
			return bad_value(section, opt,
					 "HOME in the environment, for the ~");
		len = strlen(folder);
		text++;
	} else if (keyword == KEY_FILE && *text != '/') {
		const char *slash = strrchr(section->filename, '/');

		folder = slash ? section->filename : "./";
		len = slash ? (size_t)(slash - folder) + 1 : 2;
	}
	*to = expand(folder, len, text, host);
	if (!*to)
		return cannot_read(section->filename);
	if (keyword == REALM && strlen(*to) > SRQ_REALM_MAX)
		return bad_value(section, opt,
				 "at most 255 bytes, with %h expanded");
	return true;
}

/* Do the patterns of a section mean host? -1: they never mean any. */
static int match(const char *patterns, const char *host)
{
	bool meant = false, excluded = false, any = false;
	char pattern[PATTERN_MAX + 1];

	while (*(patterns += strspn(patterns, " \t"))) {
		bool excludes = *patterns == '!';
		size_t len = strcspn(patterns += excludes, " \t");
		bool hit;

		if (len < 1 || len > PATTERN_MAX)
			return -1;
		memcpy(pattern, patterns, len);
		pattern[len] = '\0';
		patterns += len;
		hit = !fnmatch(pattern, host, 0);
		any |= !excludes;
		meant |= hit && !excludes;
		excluded |= hit && excludes;
	}
	return any ? meant && !excluded : -1;
}

static void tell_fault(cfg_t *cfg, const char *fmt, va_list ap)
{
	fprintf(stderr, "send_sysrq: %s:%d: ", cfg->filename, cfg->line);
	vfprintf(stderr, fmt, ap);
	fputs(", expected sections such as host \"web7 db*\" { port = 9 }, with "
	      "address, port, key-file and realm\n",
	      stderr);
}

static int check_option(cfg_t *section, cfg_opt_t *opt)
{
	struct settings scratch = { 0 };
	bool again = opt->def.number, ok;

	/* A text has no use for it: here it is the line of the text. */
	opt->def.number = section->line;
	ok = again ? bad_value(section, opt, "no second one in a section")
		   : settle(&scratch, section,
			    (enum keyword)(opt - section->opts), "h");
	settings_free(&scratch);
	if (!ok)
		errno = 0; /* parse() has nothing to tell then */
	return ok ? 0 : -1;
}

static int check_section(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *patterns =
		cfg_title(cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1));

	if (match(patterns, "") >= 0)
		return 0;
	refuse(cfg->filename, cfg->line, patterns,
	       "patterns of hosts, not all of them with !");
	return -1;
}

/* NULL: no memory. */
static cfg_t *new_file(const char *file)
{
	cfg_opt_t keywords[] = {
		[ADDRESS] = CFG_STR("address", NULL, CFGF_NODEFAULT),
		[PORT] = CFG_STR("port", NULL, CFGF_NODEFAULT),
		[KEY_FILE] = CFG_STR("key-file", NULL, CFGF_NODEFAULT),
		[REALM] = CFG_STR("realm", NULL, CFGF_NODEFAULT),
		[KEYWORDS] = CFG_END(),
	};
	cfg_opt_t sections[] = {
		/* Of two with one title libconfuse would keep the second. */
		CFG_SEC("host", keywords,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
		CFG_END(),
	};
	cfg_t *cfg;

	for (int i = 0; i < KEYWORDS; i++)
		keywords[i].validcb = check_option;
	sections[0].validcb = check_section;
	cfg = cfg_init(sections, CFGF_NONE);
	if (!cfg)
		return NULL;
	cfg_set_error_function(cfg, tell_fault);
	cfg->filename = strdup(file);
	if (cfg->filename)
		return cfg;
	cfg_free(cfg);
	return NULL;
}

static bool parse(struct config *config, const char *file, char *text,
		  size_t len)
{
	FILE *in = fmemopen(text, len, "r");
	cfg_t *cfg = in ? new_file(file) : NULL;
	bool ok;

	if (!cfg) {
		cannot_read(file);
		if (in)
			fclose(in);
		return false;
	}
	config->files[config->count++] = cfg;
	errno = 0;
	ok = cfg_parse_fp(cfg, in) == CFG_SUCCESS;
	/* Of all that can go wrong it has told but this. */
	if (!ok && errno == ENOMEM)
		cannot_read(file);
	fclose(in);
	return ok;
}

static bool is_usable(FILE *in, const char *file)
{
	struct stat st;

	if (fstat(fileno(in), &st))
		return cannot_read(file);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		tell("configuration: '%s' given, expected a "
		     "regular file",
		     file);
		return false;
	}
	if (!(st.st_mode & (S_IWGRP | S_IWOTH)))
		return true;
	tell("configuration: '%s' has mode %04o, expected one "
	     "that lets only its owner write: chmod go-w '%s'",
	     file, (unsigned int)st.st_mode & 07777, file);
	return false;
}

static bool load_open(struct config *config, FILE *in, const char *file)
{
	char *text = NULL;
	size_t len;
	FILE *out;
	bool ok;

	if (!is_usable(in, file))
		return false;
	out = open_memstream(&text, &len);
	if (!out)
		return cannot_read(file);
	ok = rewrite(out, in, file);
	if (fclose(out) && ok)
		ok = cannot_read(file);
	ok = ok && parse(config, file, text, len);
	free(text);
	return ok;
}

static bool load(struct config *config, const char *file, bool must_exist)
{
	FILE *in = fopen(file, "re");
	bool ok;

	if (!in && !must_exist && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (!in)
		return cannot_read(file);
	ok = load_open(config, in, file);
	fclose(in);
	return ok;
}

static bool load_users(struct config *config)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *below = "";
	char *file;
	bool ok;

	if (!folder || *folder != '/') {
		folder = getenv("HOME");
		below = "/.config";
	}
	if (!folder)
		return true;
	if (asprintf(&file, "%s%s/send_sysrq/config", folder, below) < 0)
		return cannot_read("of the user");
	ok = load(config, file, false);
	free(file);
	return ok;
}

bool config_load(struct config **config, const char *file)
{
	struct config *c = calloc(1, sizeof(*c));
	bool ok = true;

	if (!c)
		return cannot_read(file ? file : "files");
	if (!file)
		ok = load_users(c) &&
		     load(c, SRQ_SYSCONFDIR "/send_sysrq/config", false);
	else if (strcmp(file, "none"))
		ok = load(c, file, true);
	if (!ok) {
		config_free(c);
		c = NULL;
	}
	*config = c;
	return ok;
}

bool config_find(const struct config *config, const char *host,
		 struct settings *settings)
{
	*settings = (struct settings){ 0 };
	for (size_t f = 0; f < config->count; f++) {
		cfg_t *cfg = config->files[f];

		for (unsigned int i = 0; i < cfg_size(cfg, "host"); i++) {
			cfg_t *section = cfg_getnsec(cfg, "host", i);
			int k = 0;

			if (match(cfg_title(section), host) < 1)
				continue;
			while (k < KEYWORDS &&
			       settle(settings, section, k, host))
				k++;
			if (k < KEYWORDS) {
				settings_free(settings);
				return false;
			}
		}
	}
	return true;
}

void settings_free(struct settings *settings)
{
	free(settings->address);
	free(settings->key_file);
	free(settings->realm);
	*settings = (struct settings){ 0 };
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t f = 0; f < config->count; f++)
		cfg_free(config->files[f]);
	free(config);
}
