// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/escapes.h"

bool escapes_good(const char *text)
{
	for (; (text = strchr(text, '%')); text += 2) {
		if (text[1] != 'h' && text[1] != '%')
			return false;
	}
	return true;
}

char *escapes_expand(const char *folder, size_t len, const char *text,
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

bool escapes_zone(const char *text)
{
	size_t len = strcspn(text += *text == '[', "%");
	char address[INET6_ADDRSTRLEN];
	struct in6_addr six;

	if (!text[len] || len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	return inet_pton(AF_INET6, address, &six) == 1;
}
