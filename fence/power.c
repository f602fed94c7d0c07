// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "client/hosts/proof.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/output/written.h"
#include "fence/list.h"
#include "fence/node.h"
#include "fence/options.h"
#include "fence/power.h"
#include "fence/wait.h"

static const uint64_t pause_time = 1 * SYSRQ_SECOND;

/* An action on a node that has answered. */
typedef enum fence_exit on_node(struct node *node,
				const struct options *options);

static enum fence_exit with_node(const struct options *options, on_node *run)
{
	struct node node;
	enum fence_exit status = FENCE_FAILED;

	if (node_open(&node, options))
		status = run(&node, options);
	node_close(&node);
	return status;
}

/* What was done counts all the same. */
static enum fence_exit printed(void)
{
	written("the output");
	return FENCE_OK;
}

static enum fence_exit print(const char *text)
{
	puts(text);
	return printed();
}

/* --- The proof --- */

/* How a node is fenced */
struct method {
	char letter;
	bool (*proven)(const struct proof *, const struct sysrq_status *);
	const char *not_done; /* what the boot that got the letter has not */
	const char *done;
};

static const char not_rebooted[] = "it had not rebooted";

static const struct method reboot = { 'b', proof_of_reboot, not_rebooted,
				      "Success: Rebooted" };
static const struct method on = { 'b', proof_of_on, not_rebooted,
				  "Success: Powered ON" };
static const struct method off = { 'c', proof_of_off,
				   "its kernel had not panicked",
				   "Success: Powered OFF" };

/* What a status was that does not prove it, though it came after the command */
static const char *why_not(const struct method *method,
			   const struct proof *proof,
			   const struct sysrq_status *status)
{
	if (proof_of_reboot(proof, status))
		return status->panicked ? "it had rebooted, and had panicked "
					  "again"
					: "it had rebooted, and ran again";
	if (status->epoch == proof->epoch)
		return status->panicked && method->proven == proof_of_off
			       ? "its kernel had panicked, but not all of its "
				 "CPUs had stopped"
			       : method->not_done;
	if (status->restored)
		return "it had another epoch, as it had been restored from a "
		       "snapshot, or cloned";
	return "it had another epoch without a reboot: its key was set anew, "
	       "or another machine has its key";
}

/* began: when it was asked for the first time */
static void tell_not_proven(const struct node *node,
			    const struct method *method,
			    const struct proof *proof, uint64_t began)
{
	uint64_t heard = proof->asked ? node->status.heard : began;
	uint64_t silent = sysrq_now() - heard;
	char ago[TEXT_MAX], up[TEXT_MAX];

	text_of_duration(ago, silent);
	text_of_duration(up, node->status.boot_time);
	if (proof->asked && silent < NODE_TIMEOUT)
		tell("nothing proves that %s is fenced: when it answered last, "
		     "%s ago, %s, and had been up for %s",
		     node->name, ago, why_not(method, proof, &node->status),
		     up);
	else
		tell("%s has not answered for %s, so nothing proves that it is "
		     "fenced: it may be down, cut off, or still booting",
		     node->name, ago);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * Ask the node until its answer proves it, at most until then. A question begins at
 * most once a second. After a longer one the next begins at once: the node may join its
 * cluster soon. If it has said that it panicked, it need not say so again: it may have
 * rebooted by itself since then.
 */
static bool prove(struct node *node, const struct method *method,
		  struct proof *proof, uint64_t then)
{
	uint64_t began = sysrq_now(), now;

	while ((now = sysrq_now()) < then) {
		if (node_ask(node, least(NODE_TIMEOUT, then - now)))
			proof->asked = now;
		if (node->crashed || method->proven(proof, &node->status))
			return true;
		wait_until(least(then, now + pause_time));
	}
	tell_not_proven(node, method, proof, began);
	return false;
}

static uint64_t time_to_prove(const struct options *options)
{
	return option_is_on(options, OPTION_DISABLE_TIMEOUT)
		       ? UINT64_MAX
		       : sysrq_now() + option_ns(options, OPTION_POWER_TIMEOUT);
}

/* --- The letters --- */

static bool may_press(const struct node *node, char letter)
{
	if (node->status.letters & sysrq_letter_bit(letter))
		return true;
	tell("%s does not permit this operator to press %c (%s): see the "
	     "operators and mask on that host; nothing was sent",
	     node->name, letter, sysrq_letter_name(letter));
	return false;
}

/* s and u can do nothing after a panic, and a node that does not permit them is
 * fenced all the same. */
static unsigned int add_sync(const struct node *node,
			     const struct options *options,
			     struct sysrq_step *steps)
{
	uint64_t ns = option_ns(options, OPTION_SYNC_TIMEOUT);
	unsigned int count = 0;

	for (const char *letter = "su"; ns && *letter; letter++) {
		if (!node->status.panicked &&
		    node->status.letters & sysrq_letter_bit(*letter))
			steps[count++] = (struct sysrq_step){
				*letter, true,
				(uint32_t)(ns / SYSRQ_MILLISECOND)
			};
	}
	return count;
}

static enum fence_exit fence(struct node *node, const struct options *options,
			     const struct method *method)
{
	struct proof proof = { .epoch = node->status.epoch };
	struct sysrq_step steps[3];
	unsigned int count = add_sync(node, options, steps);

	if (!may_press(node, method->letter))
		return FENCE_FAILED;
	steps[count++] = (struct sysrq_step){ .letter = method->letter };
	proof.sent = sysrq_now();
	if (!node_press(node, steps, count))
		return FENCE_FAILED;
	wait_until(sysrq_now() + option_ns(options, OPTION_POWER_WAIT));
	return prove(node, method, &proof, time_to_prove(options))
		       ? print(method->done)
		       : FENCE_FAILED;
}

/* --- The actions --- */

static enum fence_exit reboot_node(struct node *node,
				   const struct options *options)
{
	return fence(node, options, &reboot);
}

enum fence_exit power_reboot(const struct options *options)
{
	return with_node(options, reboot_node);
}

/* A panicked node can be rebooted. One that runs is on. */
static enum fence_exit turn_on(struct node *node, const struct options *options)
{
	return node->status.panicked ? fence(node, options, &on)
				     : print("Success: Already ON");
}

enum fence_exit power_on(const struct options *options)
{
	return with_node(options, turn_on);
}

/* Could off be proven? If not, why has been told. */
static bool could_prove_off(const struct node *node)
{
	if (node->status.hears_after_panic)
		return true;
	tell("%s would not listen after a panic, so nothing could prove that it "
	     "is off: see ipt_sysrq(4) for the parameters port and after_panic, "
	     "or give reboot_only if the cluster only reboots its nodes; "
	     "nothing was sent",
	     node->name);
	return false;
}

/* The kernel has panicked, but could not stop all of its CPUs. */
static enum fence_exit still_runs(const struct node *node)
{
	tell("%s has panicked, but %u of its CPUs may still run, so nothing "
	     "proves that it is off",
	     node->name, node->status.cpus - 1);
	return FENCE_FAILED;
}

static enum fence_exit turn_off(struct node *node,
				const struct options *options)
{
	char text[TEXT_MAX];
	enum fence_exit status = FENCE_FAILED;

	if (proof_is_off(&node->status))
		status = print("Success: Already OFF");
	else if (node->status.panicked)
		status = still_runs(node);
	else if (could_prove_off(node))
		status = fence(node, options, &off);
	text_of_duration(text, node->status.reboots_in);
	if (status == FENCE_OK && !node->status.panicked)
		tell("%s has panicked, but does not say so any more: it may "
		     "have rebooted by itself",
		     node->name);
	else if (status == FENCE_OK && node->status.reboots_in)
		tell("%s is off, but reboots by itself in %s", node->name,
		     text);
	return status;
}

enum fence_exit power_off(const struct options *options)
{
	if (option_is_on(options, OPTION_REBOOT_ONLY)) {
		tell("action: 'off' given, expected another one with "
		     "reboot_only; nothing was sent");
		return FENCE_FAILED;
	}
	return with_node(options, turn_off);
}

static enum fence_exit show(struct node *node, const struct options *options)
{
	(void)options;
	if (!node->status.panicked)
		return print("Status: ON");
	if (!proof_is_off(&node->status))
		return still_runs(node);
	print("Status: OFF");
	return FENCE_IS_OFF;
}

enum fence_exit power_status(const struct options *options)
{
	return with_node(options, show);
}

static enum fence_exit validate(struct node *node,
				const struct options *options)
{
	bool reboot_only = option_is_on(options, OPTION_REBOOT_ONLY);

	if (!may_press(node, 'b') ||
	    (!reboot_only && !(may_press(node, 'c') && could_prove_off(node))))
		return FENCE_FAILED;
	printf("%s can be fenced%s\n", node->name,
	       reboot_only ? ", by reboot only" : "");
	return printed();
}

/*
 * Pacemaker has the parameters of a device validated before it exists. It calls the node
 * "node1" then, whatever the nodes are, and makes it the plug if the device has none of its own.
 */
static bool is_asked_of_a_node(const struct options *options)
{
	const char *plug = options->value[OPTION_PLUG];

	if (!plug)
		return options->value[OPTION_IP];
	return !options->nodename || strcmp(plug, options->nodename);
}

enum fence_exit power_validate(const struct options *options)
{
	if (is_asked_of_a_node(options))
		return with_node(options, validate);
	return list_validate(options) == FENCE_OK
		       ? print("The files are good. No node was asked: run "
			       "fence_sysrq -o validate-all -n NODE for each")
		       : FENCE_FAILED;
}
