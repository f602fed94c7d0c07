// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "client/hosts/known.h"
#include "client/hosts/proof.h"
#include "client/output/tell.h"
#include "client/output/written.h"
#include "fence/list.h"
#include "fence/node.h"
#include "fence/options.h"
#include "fence/power.h"

/* A host, and where it stands in the list */
struct row {
	const char *name;
	const char *alias; /* "": none */
};

struct list {
	struct known *known;
	struct row *rows;
	char **names; /* of the rows, for nodes_open() */
	int count;
};

/* Of the line with this index, the first two names that mean its host. False: no
 * name does, because other lines come first. */
static bool take_row(const struct list *list, size_t index, struct row *row)
{
	const struct sysrq_public *key;
	size_t count;
	const char *const *names =
		known_names(list->known, index, &count, &key);

	*row = (struct row){ .alias = "" };
	for (size_t i = 0; i < count; i++) {
		if (known_find(list->known, names[i]) != key)
			continue;
		if (row->name) {
			row->alias = names[i];
			break;
		}
		row->name = names[i];
	}
	return row->name;
}

static size_t lines_of(const struct known *known)
{
	const struct sysrq_public *key;
	size_t lines = 0, count;

	while (known_names(known, lines, &count, &key))
		lines++;
	return lines;
}

/* The caller calls end() in any case. False: the reason has been told. */
static bool begin(struct list *list)
{
	size_t lines;

	*list = (struct list){ .count = 0 };
	if (!known_load(&list->known, true))
		return false;
	lines = lines_of(list->known);
	list->rows = calloc(lines + 1, sizeof(*list->rows));
	list->names = calloc(lines + 1, sizeof(*list->names));
	if (!list->rows || !list->names) {
		tell("out of memory: cannot list the known hosts");
		return false;
	}
	for (size_t i = 0; i < lines; i++) {
		struct row *row = &list->rows[list->count];

		if (take_row(list, i, row))
			list->names[list->count++] = (char *)row->name;
	}
	return true;
}

static void end(struct list *list)
{
	free(list->names);
	free(list->rows);
	known_free(list->known);
}

static enum fence_exit printed(void)
{
	return written("the list") ? FENCE_OK : FENCE_FAILED;
}

enum fence_exit list_nodes(const struct options *options)
{
	struct list list;
	bool ok;

	/* Then each name would lead to the same node. */
	if (options->value[OPTION_HOST_KEY] || options->value[OPTION_IP]) {
		tell("list: with ip or host_key there is one node: give the "
		     "cluster its name in pcmk_host_list");
		return FENCE_FAILED;
	}
	ok = begin(&list);
	for (int i = 0; ok && i < list.count; i++)
		printf("%s,%s\n", list.rows[i].name, list.rows[i].alias);
	end(&list);
	return ok ? printed() : FENCE_FAILED;
}

static const char *word_of(const struct target *target)
{
	const struct sysrq_status *status =
		nodes_status(target->same ? target->same : target);

	if (!status)
		return "UNKNOWN";
	if (!status->panicked)
		return "ON";
	return proof_is_off(status) ? "OFF" : "UNKNOWN";
}

/* What else is wanted of the known hosts, beside that they can be read */
enum demand { NOTHING, SOME_NODE, EACH_LINE };

static bool check_lines(const struct list *list, enum demand demand)
{
	bool none = demand >= SOME_NODE && !list->count;
	bool bad = demand == EACH_LINE && !known_whole(list->known);

	if (none)
		tell("there are no known hosts: write the names and keys of "
		     "the nodes into /etc/send_sysrq/known_hosts");
	else if (bad)
		tell("a line of the known hosts is wrong, so its node cannot be "
		     "fenced: correct the line");
	return !none && !bad;
}

/* True: asked, or with ask false checked. */
static bool open_all(const struct options *options, bool ask,
		     enum demand demand)
{
	struct targets targets = { .ctx = NULL };
	struct list list;
	bool ok = begin(&list) && check_lines(&list, demand);

	if (ok && list.count) {
		ok = nodes_open(&targets, options, list.names, list.count, ask);
		for (size_t i = 0; ok && ask && i < targets.count; i++)
			printf("%s,%s,%s\n", list.rows[i].name,
			       list.rows[i].alias, word_of(&targets.list[i]));
		targets_free(&targets);
	}
	end(&list);
	return ok;
}

enum fence_exit list_status(const struct options *options)
{
	return open_all(options, true, NOTHING) ? printed() : FENCE_FAILED;
}

enum fence_exit list_validate(const struct options *options)
{
	return open_all(options, false, EACH_LINE) ? FENCE_OK : FENCE_FAILED;
}

enum fence_exit list_monitor(const struct options *options)
{
	if (!options->value[OPTION_PLUG] && !options->value[OPTION_IP])
		return open_all(options, false, SOME_NODE) ? FENCE_OK
							   : FENCE_FAILED;
	return power_status(options) == FENCE_FAILED ? FENCE_FAILED : FENCE_OK;
}
