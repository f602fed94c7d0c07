// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/knownline.h"
#include "client/hosts/names.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "exporter/probe.h"
#include "lib/sysrq.h"

/* So many probes may wait for one name: one silent host must not take all connections. */
enum { PROBES_MOST = 32 };

struct question {
	struct target target; /* the first member; its name is name */
	bool looking_up;      /* targets_next() will return the target */
	bool was_silent;      /* it has been asked before */
	bool found;           /* in the list of those to be asked next */
	TAILQ_ENTRY(question) next_found;
	LIST_HEAD(, probe) probes;
	int waiting; /* how many these are */
	RB_ENTRY(question) link;
	char name[];
};

static int compare_questions(const struct question *a, const struct question *b)
{
	return strcmp(a->target.name, b->target.name);
}

static int compare_deadlines(const struct probe *a, const struct probe *b)
{
	if (a->deadline != b->deadline)
		return a->deadline < b->deadline ? -1 : 1;
	return a == b ? 0 : a < b ? -1 : 1;
}

/* RB_GENERATE_STATIC() needs a macro that is not in glibc's headers. */
#define TREE(name, type, field, compare)                 \
	RB_GENERATE_INTERNAL(name, type, field, compare, \
			     __attribute__((unused)) static)

TREE(questions, question, link, compare_questions)
TREE(deadlines, probe, timer, compare_deadlines)

static struct question *question_of(const struct target *target)
{
	return (struct question *)target;
}

/* --- Ends --- */

/* Take the probe off its question. */
static void leave(struct prober *prober, struct probe *probe)
{
	LIST_REMOVE(probe, link);
	probe->question->waiting--;
	RB_REMOVE(deadlines, &prober->deadlines, probe);
	probe->question = NULL;
	prober->running--;
}

/* Give a probe its page, which shows the report. */
static void show(struct prober *prober, struct probe *probe,
		 const struct report_host *report)
{
	const struct page_probe shown = { *report, sysrq_now() - probe->began };

	leave(prober, probe);
	page_write(&probe->page, PAGE_GOOD, page_write_probe, &shown);
	prober->results[report->state]++;
	prober->ended(probe);
}

static void question_free(struct prober *prober, struct question *question)
{
	if (question->found)
		TAILQ_REMOVE(&prober->found, question, next_found);
	RB_REMOVE(questions, &prober->questions, question);
	sysrq_host_free(question->target.host);
	settings_free(&question->target.settings);
	free(question);
}

/* The question has ended, and this is its answer. */
static void answer(struct prober *prober, struct question *question,
		   const struct report_host *report)
{
	struct probe *probe;

	while ((probe = LIST_FIRST(&question->probes)))
		show(prober, probe, report);
	question_free(prober, question);
}

/* --- Asking --- */

/* Make the host of a question, as files_make_host() does. *told gets what is told; the
 * caller frees it. */
static enum exit_status make_host(struct prober *prober,
				  struct question *question, char **told)
{
	size_t size;
	FILE *out = open_memstream(told, &size);
	enum exit_status status;

	question->target = (struct target){ .name = question->name };
	if (!out)
		return EXIT_MACHINE;
	tell_into(out);
	status = files_make_host(&prober->files, &prober->targets,
				 &question->target);
	tell_into(NULL);
	fclose(out);
	return status;
}

/* Find the addresses of the host, and ask it in the next step. */
static void look_up(struct prober *prober, struct question *question)
{
	question->found = target_find(&prober->targets, &question->target);
	question->looking_up = !question->found;
	if (question->found)
		TAILQ_INSERT_TAIL(&prober->found, question, next_found);
}

/* Ask the host, whose addresses are known, or answer that it cannot be asked. */
static void ask(struct prober *prober, struct question *question)
{
	struct report_host report = { .name = question->name,
				      .state = REPORT_UNKNOWN };

	if (LIST_EMPTY(&question->probes)) /* their time is over */
		question_free(prober, question);
	else if (question->target.problem ||
		 sysrq_host_ask(question->target.host))
		answer(prober, question, &report);
}

/* Ask again, with the files and the addresses as they are now. If that fails, ask as
 * before: the next probe that comes is told why. */
static void renew(struct prober *prober, struct question *question)
{
	struct target old = question->target;
	char *told = NULL;

	question->was_silent = true;
	if (make_host(prober, question, &told) == EXIT_ALL_DONE) {
		sysrq_host_free(old.host);
		settings_free(&old.settings);
		look_up(prober, question);
	} else {
		settings_free(&question->target.settings);
		question->target = old;
		ask(prober, question);
	}
	free(told);
}

/* Silence counts for those only whose time is over: the others go on. */
static void take_end(struct prober *prober, struct sysrq_host *host)
{
	struct question *question = question_of(sysrq_host_data(host));
	struct report_host report = { .name = question->name };

	report_set(&report, host, 0);
	if (report.state != REPORT_SILENT)
		answer(prober, question, &report);
	else
		renew(prober, question);
}

/* The time of a probe is over. */
static void expire(struct prober *prober, struct probe *probe)
{
	struct question *question = probe->question;
	const struct report_host report = {
		.name = question->name,
		.state = question->looking_up && !question->was_silent
				 ? REPORT_UNKNOWN
				 : REPORT_SILENT,
	};

	show(prober, probe, &report);
	if (LIST_EMPTY(&question->probes) && !question->looking_up)
		question_free(prober, question);
}

uint64_t prober_step(struct prober *prober)
{
	struct targets *targets = &prober->targets;
	uint64_t now = sysrq_now(), then;
	struct sysrq_event event;
	struct question *question;
	struct target *target;
	struct probe *probe;

	while ((question = TAILQ_FIRST(&prober->found))) {
		TAILQ_REMOVE(&prober->found, question, next_found);
		question->found = false;
		ask(prober, question);
	}
	while ((target = targets_next(targets, now))) {
		question_of(target)->looking_up = false;
		ask(prober, question_of(target));
	}
	sysrq_process(targets->ctx);
	while (sysrq_next(targets->ctx, &event)) {
		if (event.type == SYSRQ_EVENT_END)
			take_end(prober, event.host);
	}
	now = sysrq_now();
	while ((probe = RB_MIN(deadlines, &prober->deadlines)) &&
	       probe->deadline <= now)
		expire(prober, probe);
	if (!TAILQ_EMPTY(&prober->found)) /* renew() has put one there */
		return 0;
	then = probe ? probe->deadline : UINT64_MAX;
	if (sysrq_deadline(targets->ctx) < then)
		then = sysrq_deadline(targets->ctx);
	return targets_deadline(targets) < then ? targets_deadline(targets)
						: then;
}

/* --- A new probe --- */

/* Make the question of a probe, for the host with this name. NULL: the page of the
 * probe says why not. */
static struct question *question_new(struct prober *prober, const char *name,
				     struct probe *probe)
{
	struct question *q = calloc(1, sizeof(*q) + strlen(name) + 1);
	char *told = NULL;
	enum exit_status status = EXIT_MACHINE;

	if (q) {
		strcpy(q->name, name);
		status = make_host(prober, q, &told);
	}
	if (status == EXIT_ALL_DONE) {
		free(told);
		RB_INSERT(questions, &prober->questions, q);
		look_up(prober, q);
		return q;
	}
	if (status == EXIT_UNREACHABLE)
		page_say(&probe->page, PAGE_BAD_REQUEST,
			 "target: '%s' given, expected a host that a file "
			 "known_hosts has; nothing was sent\n",
			 name);
	else
		page_say(&probe->page, PAGE_FAULT, "%s",
			 told && *told ? told : "out of memory\n");
	if (q)
		settings_free(&q->target.settings);
	free(q);
	free(told);
	return NULL;
}

/* Find the question for this target, or make it. NULL: the page says why not. */
static struct question *find(struct prober *prober, const char *text,
			     struct probe *probe)
{
	struct question key;
	char form[KNOWN_NAME_MAX + 1], shown[REPORT_NAME_MAX];
	struct hosts hosts = { 0 };
	struct question *question = NULL;

	/* Brackets with ranges would be a million hosts. */
	if (!known_name(form, text) || hosts_try(&hosts, text) ||
	    hosts.count != 1) {
		text_printable(shown, sizeof(shown), text);
		page_say(&probe->page, PAGE_BAD_REQUEST,
			 "target: '%s' given, expected the name or address of "
			 "one host; nothing was sent\n",
			 shown);
	} else {
		key.target.name = hosts.names[0];
		question = RB_FIND(questions, &prober->questions, &key);
		if (!question)
			question = question_new(prober, hosts.names[0], probe);
		else if (question->waiting == PROBES_MOST) {
			page_say(&probe->page, PAGE_TOO_MANY,
				 "target: '%s' given, but %d probes wait for "
				 "it already\n",
				 question->name, PROBES_MOST);
			question = NULL;
		}
	}
	hosts_free(&hosts);
	return question;
}

struct probe *probe_begin(struct prober *prober, const char *target,
			  uint64_t timeout, void *data)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	struct question *question;

	if (!probe)
		return NULL;
	files_check(&prober->files);
	probe->data = data;
	probe->began = sysrq_now();
	probe->deadline = probe->began + timeout;
	question = find(prober, target, probe);
	if (!question) {
		prober->results[probe->page.status == PAGE_FAULT
					? PROBES_FAILED
					: PROBES_REFUSED]++;
		return probe;
	}
	probe->question = question;
	LIST_INSERT_HEAD(&question->probes, probe, link);
	question->waiting++;
	RB_INSERT(deadlines, &prober->deadlines, probe);
	prober->running++;
	return probe;
}

void probe_free(struct prober *prober, struct probe *probe)
{
	struct question *question = probe->question;

	if (question) {
		leave(prober, probe);
		if (LIST_EMPTY(&question->probes) && !question->looking_up)
			question_free(prober, question);
	}
	page_free(&probe->page);
	free(probe);
}

/* --- Begin and end --- */

bool prober_open(struct prober *prober, const struct target_options *common,
		 void (*ended)(struct probe *probe))
{
	*prober = (struct prober){
		.targets = { .family = common->family,
			     .timeout = common->timeout,
			     .look_up = common->timeout,
			     .apart = true },
		.ended = ended,
	};
	TAILQ_INIT(&prober->found);
	RB_INIT(&prober->questions);
	RB_INIT(&prober->deadlines);
	if (!files_open(&prober->files, common))
		return false;
	prober->targets.ctx = sysrq_new();
	if (!prober->targets.ctx)
		tell("cannot begin: %s", strerror(errno));
	return prober->targets.ctx;
}

void prober_end(struct prober *prober, const char *why)
{
	struct probe *probe;

	while ((probe = RB_MIN(deadlines, &prober->deadlines))) {
		leave(prober, probe);
		page_say(&probe->page, PAGE_FAULT, "%s\n", why);
		prober->results[PROBES_FAILED]++;
		prober->ended(probe);
	}
}

void prober_close(struct prober *prober)
{
	struct question *question;

	while ((question = RB_MIN(questions, &prober->questions)))
		question_free(prober, question);
	targets_free(&prober->targets);
	files_close(&prober->files);
}
