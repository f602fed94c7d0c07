// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/hosts/elements.h"
#include "client/hosts/ranges.h"
#include "client/output/tell.h"

/* What to do with an element. False: the reason has been told. */
typedef bool action(struct hosts *to, const struct hosts *hosts,
		    const char *element);

static bool each(const char *list, action *act, struct hosts *to,
		 const struct hosts *hosts)
{
	bool ok;

	do {
		size_t len = element_length(list);
		char *element = strndup(list, len);

		ok = element ? act(to, hosts, element)
			     : tell_bad("hosts", list,
					"fewer hosts: out of memory");
		free(element);
		list += len;
	} while (ok && *list++);
	return ok;
}

static bool add_plain(struct hosts *to, const struct hosts *hosts,
		      const char *element)
{
	const char *bracket = strchr(element, '[');

	(void)hosts;
	/* An IPv6 address may stand in brackets. */
	return *element == '@' || (bracket && !strchr(bracket, ':')) ||
	       hosts_add(to, "host", element);
}

bool elements_add_plain(struct hosts *hosts, const char *list)
{
	return each(list, add_plain, hosts, NULL);
}

static bool check_excluded(struct hosts *to, const struct hosts *hosts,
			   const char *element)
{
	struct hosts meant = { 0 };
	bool ok = hosts_add(&meant, "-x", element), any = !ok;

	(void)to;
	for (size_t i = 0; i < meant.count && !any; i++)
		any = hosts_has(hosts, meant.names[i]);
	hosts_free(&meant);
	return any ? ok
		   : tell_bad("-x", element,
			      "a host that would be asked; nothing was sent");
}

bool elements_exclude(struct hosts *out, const struct hosts *hosts,
		      const char *list)
{
	return hosts_add(out, "-x", list) &&
	       each(list, check_excluded, NULL, hosts);
}
