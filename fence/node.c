// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "client/hosts/known.h"
#include "client/hosts/knownline.h"
#include "client/hosts/proof.h"
#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/until.h"
#include "fence/node.h"
#include "fence/options.h"
#include "fence/say.h"

/* --- Waiting --- */

/* Take what has come. Look-ups may still go on. */
static void turn(struct targets *targets)
{
	struct pollfd fds[] = { { sysrq_fd(targets->ctx), POLLIN, 0 },
				{ targets_fd(targets), POLLIN, 0 } };
	uint64_t then = sysrq_deadline(targets->ctx);
	struct sysrq_event event;
	struct timespec timeout;

	if (targets_deadline(targets) < then)
		then = targets_deadline(targets);
	timeout = time_until(then);
	ppoll(fds, 2, &timeout, NULL);
	sysrq_process(targets->ctx);
	while (sysrq_next(targets->ctx, &event))
		;
}

static void ask_found(const struct target *target)
{
	if (target->problem || target->same || !target->host)
		return;
	sysrq_host_ask(target->host);
}

/* Ask each target as soon as its addresses are known. */
static void ask_all(struct targets *targets)
{
	struct target *target;
	size_t found = 0;

	while (found < targets->count || sysrq_busy(targets->ctx)) {
		while (sysrq_room(targets->ctx) &&
		       (target = targets_next(targets, sysrq_now()))) {
			ask_found(target);
			found++;
		}
		if (found < targets->count || sysrq_busy(targets->ctx))
			turn(targets);
	}
}

/* --- Many --- */

/*
 * plug: the node to fence, which is known by this name alone, and not by an address that was
 * given to it by mistake; NULL: the hosts are those of the list, or the address of ip
 */
static bool make(struct targets *targets, const struct options *o, char **names,
		 int count, const char *plug)
{
	const struct password_variable none = { .set = false };
	struct target_options common = {
		.family = AF_UNSPEC,
		.timeout = NODE_TIMEOUT,
		.all_known = true,
		.key_file = o->value[OPTION_KEY_FILE],
		.port = (uint16_t)option_number(o, OPTION_IPPORT),
		.host_key = o->value[OPTION_HOST_KEY] ? &o->host_key : NULL,
		.pair = o->has_pair ? &o->pair : NULL,
		.pair_only = true,
		.known_as = plug,
		.address = plug ? o->value[OPTION_IP] : NULL,
	};

	return targets_make(targets, &common, names, count, &none) ==
	       EXIT_ALL_DONE;
}

bool nodes_open(struct targets *targets, const struct options *options,
		char **names, int count, bool ask)
{
	if (!make(targets, options, names, count, NULL))
		return false;
	if (ask)
		ask_all(targets);
	return true;
}

const struct sysrq_status *nodes_status(const struct target *target)
{
	struct sysrq_host *host = target->host;

	return host && !target->problem &&
			       sysrq_host_outcome(host)->end ==
				       SYSRQ_END_ANSWERED
		       ? sysrq_host_status(host)
		       : NULL;
}

/* --- One --- */

static void tell_end(const struct node *node, uint64_t timeout, bool pressing)
{
	const struct about about = {
		.name = node->name,
		.port = node->targets.list->settings.port,
		.timeout = timeout,
		.pressing = pressing,
		.outcome = sysrq_host_outcome(node->host),
	};

	sentence_tell_end(&about);
}

static void wait_for_end(struct node *node)
{
	while (sysrq_busy(node->targets.ctx))
		turn(&node->targets);
}

static bool take_answer(struct node *node)
{
	const struct sysrq_status *status = nodes_status(node->targets.list);

	if (!status)
		return false;
	node->status = *status;
	say("%s answers: epoch %016llx, up %.1f s%s", node->name,
	    (unsigned long long)status->epoch, (double)status->boot_time / 1e9,
	    status->panicked ? ", panicked" : "");
	return true;
}

static bool check_name(const struct options *o, enum option_id id)
{
	const char *value = o->value[id];
	char name[KNOWN_NAME_MAX + 1];

	return !value || known_name(name, value) ||
	       tell_bad(options_table[id].name, value,
			"the name or address of one host");
}

/* Is this the key that known_hosts has for the name, if it has one? */
static bool is_key_of(const char *name, const struct sysrq_public *key,
		      bool *is)
{
	const struct sysrq_public *of_name;
	struct known *known;

	if (!known_load(&known, true))
		return false;
	of_name = known_find(known, name);
	*is = !of_name || !memcmp(of_name, key, sizeof(*key));
	known_free(known);
	return true;
}

static bool check_host_key(const struct options *o, const char *plug)
{
	bool good;

	if (!plug || !o->value[OPTION_HOST_KEY])
		return true;
	if (!is_key_of(plug, &o->host_key, &good))
		return false;
	if (!good)
		tell("host_key is not the key that is known for %s; nothing was "
		     "sent",
		     plug);
	return good;
}

/*
 * A device may have the plug, the ip or the host_key of one node. If the cluster asks it
 * for another node, this must not fence the one, and tell that the other is fenced.
 */
static bool check_nodename(const struct options *o, const struct target *target)
{
	bool good;

	/* For this action Pacemaker makes a name up. */
	if (!o->nodename || !target->is_known ||
	    !strcasecmp(o->value[OPTION_ACTION], "validate-all"))
		return true;
	if (!is_key_of(o->nodename, &target->public_key, &good))
		return false;
	if (!good)
		tell("the device is for %s, but the cluster asks for %s, which "
		     "has another key: remove plug, ip and host_key from the "
		     "device; nothing was sent",
		     target->name, o->nodename);
	return good;
}

bool node_open(struct node *node, const struct options *o)
{
	const char *plug = o->value[OPTION_PLUG], *ip = o->value[OPTION_IP];
	char *names[] = { (char *)(plug ? plug : ip) };

	*node = (struct node){ .name = names[0] };
	if (!node->name) {
		tell("no node given, expected plug or ip; nothing was sent");
		return false;
	}
	if (!check_name(o, OPTION_PLUG) || !check_name(o, OPTION_IP) ||
	    !check_host_key(o, plug) ||
	    !make(&node->targets, o, names, 1, plug) ||
	    !check_nodename(o, node->targets.list))
		return false;
	ask_all(&node->targets);
	node->host = node->targets.list->host;
	if (take_answer(node))
		return true;
	if (node->targets.list->problem)
		tell_written(target_problem, node->targets.list);
	else
		tell_end(node, NODE_TIMEOUT, false);
	return false;
}

bool node_ask(struct node *node, uint64_t timeout)
{
	sysrq_host_set_timeout(node->host, timeout);
	if (sysrq_host_ask(node->host))
		return false;
	wait_for_end(node);
	return take_answer(node);
}

/* Nothing was pressed, and nothing will be. */
static bool is_sure(const struct sysrq_outcome *o)
{
	return (o->end == SYSRQ_END_REFUSED && o->sure) ||
	       o->end == SYSRQ_END_SILENT || o->end == SYSRQ_END_CLOSED ||
	       o->end == SYSRQ_END_UNREACHABLE;
}

bool node_press(struct node *node, const struct sysrq_step *steps,
		unsigned int count)
{
	const struct sysrq_outcome *o;

	sysrq_host_set_timeout(node->host, NODE_TIMEOUT);
	if (sysrq_host_press(node->host, steps, count, SYSRQ_WAY_SAME_EPOCH)) {
		tell("out of memory; nothing was sent");
		return false;
	}
	wait_for_end(node);
	o = sysrq_host_outcome(node->host);
	node->crashed = o->count && o->steps[o->count - 1].step.letter == 'c' &&
			o->steps[o->count - 1].fate == SYSRQ_FATE_COMPLETE &&
			proof_is_off(sysrq_host_status(node->host));
	for (unsigned int i = 0; i < o->count; i++)
		say("%s: %c (%s) %s", node->name, o->steps[i].step.letter,
		    sysrq_letter_name(o->steps[i].step.letter),
		    sentence_fate(o->steps[i].fate));
	if (!is_sure(o))
		return true;
	tell_end(node, NODE_TIMEOUT, true);
	return false;
}

void node_close(struct node *node)
{
	if (node->name)
		targets_free(&node->targets);
}
