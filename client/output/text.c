// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/output/text.h"
#include "lib/sysrq.h"

void text_small(char *out, size_t size, const char *text)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++)
		out[i] = (char)tolower((unsigned char)text[i]);
	out[i] = '\0';
}

bool text_to_number(const char *text, uint32_t min, uint32_t max, uint32_t *v)
{
	size_t len = strlen(text);
	unsigned long n;

	if (len < 1 || len > 9 || strspn(text, "0123456789") != len)
		return false;
	n = strtoul(text, NULL, 10);
	*v = (uint32_t)n;
	return n >= min && n <= max;
}

bool text_to_ms(const char *text, uint32_t min, uint32_t max, uint32_t *ms)
{
	size_t whole = strspn(text, "0123456789");
	const char *point = text + whole;
	size_t decimals = *point == '.' ? strspn(point + 1, "0123456789") : 0;
	const char *end = *point == '.' ? point + 1 + decimals : point;
	double v;

	if (*end || whole + decimals == 0 || whole > 9)
		return false;
	v = strtod(text, NULL) * 1000 + 0.5;
	if (v >= max + 1.0)
		return false;
	*ms = (uint32_t)v;
	return *ms >= min;
}

void text_of_duration(char out[TEXT_MAX], uint64_t ns)
{
	unsigned long long s = ns / SYSRQ_SECOND;

	if (s >= 86400)
		snprintf(out, TEXT_MAX, "%llu day%s %llu h", s / 86400,
			 s / 86400 == 1 ? "" : "s", s % 86400 / 3600);
	else if (s >= 3600)
		snprintf(out, TEXT_MAX, "%llu h %llu min", s / 3600,
			 s % 3600 / 60);
	else if (s >= 60)
		snprintf(out, TEXT_MAX, "%llu min %llu s", s / 60, s % 60);
	else
		snprintf(out, TEXT_MAX, "%llu.%llu s", s,
			 (unsigned long long)(ns / (SYSRQ_SECOND / 10) % 10));
}

void text_short_duration(char out[TEXT_MAX], uint64_t ns)
{
	unsigned long long s = ns / SYSRQ_SECOND;

	if (s >= 100 * 86400)
		snprintf(out, TEXT_MAX, "%llud", s / 86400);
	else if (s >= 86400)
		snprintf(out, TEXT_MAX, "%llud %lluh", s / 86400,
			 s % 86400 / 3600);
	else if (s >= 3600)
		snprintf(out, TEXT_MAX, "%lluh %llum", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		snprintf(out, TEXT_MAX, "%llum %llus", s / 60, s % 60);
	else
		snprintf(out, TEXT_MAX, "%llu.%llus", s,
			 (unsigned long long)(ns / (SYSRQ_SECOND / 10) % 10));
}

uint64_t text_magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

void text_of_difference(char out[DIFFERENCE_MAX], int64_t ahead)
{
	uint64_t by = text_magnitude(ahead);
	char text[TEXT_MAX];

	if (by < SYSRQ_SECOND / 10)
		snprintf(text, sizeof(text), "%d ms",
			 (int)(by / SYSRQ_MILLISECOND));
	else
		text_of_duration(text, by);
	snprintf(out, DIFFERENCE_MAX, "%s %s", text,
		 ahead < 0 ? "behind" : "ahead of");
}

void text_of_size(char out[TEXT_MAX], uint64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double v = (double)bytes / 1024;
	size_t i = 0;

	while (v >= 1023.5 && i < sizeof(units) / sizeof(units[0]) - 1) {
		v /= 1024;
		i++;
	}
	snprintf(out, TEXT_MAX, v < 9.95 && i > 0 ? "%.1f %s" : "%.0f %s", v,
		 units[i]);
}

void text_of_place(char out[PLACE_MAX], const struct sockaddr *address)
{
	bool six = address->sa_family == AF_INET6;
	char host[PLACE_MAX - 10];

	if (getnameinfo(address,
			six ? sizeof(struct sockaddr_in6)
			    : sizeof(struct sockaddr_in),
			host, sizeof(host), NULL, 0, NI_NUMERICHOST))
		snprintf(host, sizeof(host), "?");
	/* sin_port and sin6_port are at the same offset. */
	snprintf(out, PLACE_MAX, six ? "[%s]:%u" : "%s:%u", host,
		 ntohs(((const struct sockaddr_in *)address)->sin_port));
}

void text_printable(char *out, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i + 1 < len && name[i]; i++)
		out[i] = name[i] > ' ' && name[i] <= '~' ? name[i] : '?';
	out[i] = '\0';
}

size_t text_utf8(const char *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)text[0];
	size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t c = first & (0x7fU >> len);

	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first >= 0xf8)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3f);
	}
	/* Refuse characters that are too long, surrogates or too large. */
	if (c < least[len] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 0;
	return len;
}

size_t text_mark(const char *text, size_t len)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };
	bool found = len >= sizeof(mark) && !memcmp(text, mark, sizeof(mark));

	return found ? sizeof(mark) : 0;
}

void text_put_utf8(FILE *out, const char *text, bool label)
{
	while (*text) {
		size_t len = text_utf8(text);

		if (!len || (label && (unsigned char)*text < ' ')) {
			fputs("\xef\xbf\xbd", out);
			text++;
			continue;
		}
		if (label && (*text == '"' || *text == '\\'))
			fputc('\\', out);
		fwrite(text, 1, len, out);
		text += len;
	}
}

void text_fit(char *name, size_t width)
{
	size_t len = strlen(name), head, tail;

	if (len <= width || width < 1)
		return;
	head = (width - 1) / 2;
	tail = width - 1 - head;
	name[head] = '~';
	memmove(name + head + 1, name + len - tail, tail + 1);
}
