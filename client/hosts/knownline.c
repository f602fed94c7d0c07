// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/knownline.h"

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
static const char range_letters[] = "0123456789.-";
static const char blanks[] = " \t\r\n";

/*
 * Write the address in its usual form. An IPv4 address as IPv6 is that IPv4
 * address. False: it is none.
 */
static bool address(char out[KNOWN_NAME_MAX + 1], const char *text)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1)
		return inet_ntop(AF_INET, &four, out, KNOWN_NAME_MAX + 1);
	if (inet_pton(AF_INET6, text, &six) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&six))
		return inet_ntop(AF_INET, &six.s6_addr[12], out,
				 KNOWN_NAME_MAX + 1);
	return inet_ntop(AF_INET6, &six, out, KNOWN_NAME_MAX + 1);
}

bool known_name(char out[KNOWN_NAME_MAX + 1], const char *name)
{
	char text[KNOWN_NAME_MAX + 1];
	size_t len = strlen(name);

	/* An IPv6 address may stand in brackets. */
	if (len > 2 && name[0] == '[' && name[len - 1] == ']') {
		name++;
		len -= 2;
	}
	if (!len || len > KNOWN_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)name[i]);
	text[len] = '\0';
	if (strchr(text, ':'))
		text[strcspn(text, "%")] = '\0';
	if (address(out, text))
		return true;
	/* The DNS has a dot at the end of each full name. */
	if (len > 1 && text[len - 1] == '.')
		text[--len] = '\0';
	if (strspn(text, name_letters) != len ||
	    strspn(text, range_letters) == len)
		return false;
	strcpy(out, text);
	return true;
}

const char *known_key_read(struct sysrq_public *key, const char *text,
			   size_t len)
{
	struct sysrq_pair pair;

	if (!sysrq_pair_from_text(&pair, text, len)) {
		sysrq_pair_wipe(&pair);
		return "this is a private key, which nobody else may have, "
		       "expected the host's public key";
	}
	if (sysrq_public_from_text(key, text, len))
		return "this is not a public key, expected 44 characters of "
		       "base64, as send_sysrq setup prints them on the host";
	return NULL;
}

const char *known_key_check(const struct sysrq_public *key)
{
	struct sysrq_pair pair;
	struct sysrq_key shared;
	int err;

	/* Any pair shows whether this is a point that a host can have. */
	sysrq_pair_generate(&pair);
	err = sysrq_key_from_pair(&shared, &pair, key);
	sysrq_pair_wipe(&pair);
	sysrq_key_wipe(&shared);
	return err ? "no host can have this key, expected the one that "
		     "send_sysrq setup prints on the host"
		   : NULL;
}

void known_line_free(struct known_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		free(line->names[i]);
	free(line->names);
	line->names = NULL;
	line->count = 0;
}

bool known_line_has(const struct known_line *line, const char *name)
{
	for (size_t i = 0; i < line->count; i++) {
		if (!strcmp(line->names[i], name))
			return true;
	}
	return false;
}

bool known_line_shares(const struct known_line *a, const struct known_line *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (known_line_has(b, a->names[i]))
			return true;
	}
	return false;
}

static bool add(struct known_line *line, const char *name)
{
	char **names;

	if (known_line_has(line, name))
		return true;
	names = realloc(line->names, (line->count + 1) * sizeof(*names));
	if (!names)
		return false;
	line->names = names;
	line->names[line->count] = strdup(name);
	return line->names[line->count] && ++line->count;
}

bool known_line_merge(struct known_line *to, const struct known_line *from)
{
	for (size_t i = 0; i < from->count; i++) {
		if (!add(to, from->names[i]))
			return false;
	}
	return true;
}

static const char *read_names(struct known_line *line, char *names)
{
	static char fault[KNOWN_NAME_MAX + 128];
	char name[KNOWN_NAME_MAX + 1], *word;

	while ((word = strsep(&names, ","))) {
		if (!known_name(name, word)) {
			snprintf(fault, sizeof(fault),
				 "'%.64s' is not the name or address of one "
				 "host: each host has a key of its own",
				 word);
			return fault;
		}
		if (!add(line, name))
			return "out of memory";
	}
	return NULL;
}

const char *known_line_read(struct known_line *line, char *text)
{
	char *names, *key, *rest;
	const char *fault;

	memset(line, 0, sizeof(*line));
	text[strcspn(text, "#")] = '\0';
	names = text + strspn(text, blanks);
	if (!*names)
		return NULL;
	key = names + strcspn(names, blanks);
	if (*key)
		*key++ = '\0';
	key += strspn(key, blanks);
	rest = key + strcspn(key, blanks);
	if (rest == key || rest[strspn(rest, blanks)])
		return "not two words: the names with commas between them, and "
		       "the host's public key";
	fault = known_key_read(&line->key, key, (size_t)(rest - key));
	if (!fault)
		fault = read_names(line, names);
	if (fault)
		known_line_free(line);
	return fault;
}
