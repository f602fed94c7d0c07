// SPDX-License-Identifier: GPL-2.0
#include "client/output/parts.h"
#include "client/output/sentence.h"
#include "client/output/tell.h"

/* {NAME} in these texts stands for a part that differs: see parts.c. */

#define SILENT                                                              \
	"no answer from {host} within {timeout}: the host is down, a "      \
	"firewall blocks the way, the password, key or realm is wrong, or " \
	"the replies do not get back (send_sysrq cannot tell which); "
#define GONE                                                               \
	"{host} stopped answering after {last reached}, as expected: the " \
	"letters after it were not reached"
#define MAYBE                                                               \
	": it is not known whether {host} carries out this command, which " \
	"expires 30 s after it was made"
#define UNLESS                                                             \
	", unless a newer command ends this one or a letter is no longer " \
	"permitted"
#define SENT                                                               \
	"sent one-way to {host}; it is not known whether the command was " \
	"carried out"

/* --- Refusals --- */

/* The first row that fits an outcome is the one for it. */
struct refusal {
	int code;
	bool (*when)(const struct sysrq_outcome *o); /* NULL: always */
	enum exit_status exit;
	const char *few;
	const char *why;      /* for {why}: one copy was refused, others not */
	const char *sentence; /* what it means for the letters follows it */
};

/* All that keeps a command from running is letters that have not returned. */
static bool hangs(const struct sysrq_outcome *o)
{
	return !o->busy_for;
}

static bool restarted(const struct sysrq_outcome *o)
{
	return o->restarted;
}

static const struct refusal refusals[] = {
	{ SYSRQ_REFUSED_EPOCH, restarted, EXIT_REFUSED, "rebooted meanwhile",
	  "for another reason", "{host} has rebooted meanwhile" },
	{ SYSRQ_REFUSED_EPOCH, NULL, EXIT_REFUSED,
	  "restarted or restored, or its keys changed", "for another reason",
	  "{host} has restarted or was restored meanwhile, or its keys "
	  "were changed" },
	{ SYSRQ_REFUSED_SEQUENCE, NULL, EXIT_REFUSED, "refused",
	  "for another reason",
	  "another command of this operator reached {host} first: send the "
	  "command again" },
	{ SYSRQ_REFUSED_ONE_WAY, NULL, EXIT_REFUSED,
	  "accepts no one-way commands", "it accepts no one-way commands",
	  "{host} accepts no one-way commands (its tolerance is 0): send the "
	  "command from a place that its replies can reach" },
	{ SYSRQ_REFUSED_CLOCK, NULL, EXIT_CLOCK, "refused for its time stamp",
	  "the clocks differ too much",
	  "the clock of {host} says {clock}, which is {difference} this "
	  "machine's: {host} takes no one-way command with this difference. "
	  "Correct the wrong clock, and send the command again; if the key of "
	  "{host} is new, it is enough to wait for as long" },
	{ SYSRQ_REFUSED_STAMP, NULL, EXIT_CLOCK, "refused for its time stamp",
	  "it has received a newer command",
	  "{host} has received a newer one-way command, or started, or set its "
	  "key, less than a minute before this command was made: wait a minute, "
	  "correct the clock of this machine if it is behind, and send the "
	  "command again" },
	{ SYSRQ_REFUSED_ADDRESS, NULL, EXIT_REFUSED, "refused: not its address",
	  "for another reason",
	  "{host} does not have the address that the command was sent to, as "
	  "happens behind NAT: give the host's own address with "
	  "--host-address" },
	{ SYSRQ_REFUSED_DEADLINE, NULL, EXIT_CLOCK, "refused: it came too late",
	  "it came too late",
	  "the command had expired when it reached {host}, whose clock is "
	  "{difference} this machine's: send the command again" },
	{ SYSRQ_REFUSED_BUSY, hangs, EXIT_REFUSED,
	  "busy with letters that have not ended",
	  "letters that were pressed before have not ended",
	  "{host} can begin no other command now, because letters that were "
	  "pressed there before have not ended: send the command again later" },
	{ SYSRQ_REFUSED_BUSY, NULL, EXIT_REFUSED,
	  "busy with another operator's run",
	  "another operator's command is in progress",
	  "{host} is busy with the command of another operator, which this "
	  "operator may not end: send the command again when that one has "
	  "ended, within {busy}" },
	{ SYSRQ_REFUSED_OPERATOR, NULL, EXIT_NOT_PERMITTED,
	  "this operator may not press {letter}", "a letter is not permitted",
	  "{host} does not permit this operator to press {named letter}: leave "
	  "the letter out, or ask an operator who may press it" },
	{ SYSRQ_REFUSED_MASK, NULL, EXIT_NOT_MASK,
	  "its sysrq mask forbids {letter}", "a letter is not permitted",
	  "the sysrq mask of {host} does not permit {named letter}: on that "
	  "host, set the module parameter mask to 1, which permits all letters, "
	  "and kernel.sysrq to another value than 0" },
	{ SYSRQ_REFUSED_RULE, NULL, EXIT_NOT_PERMITTED,
	  "its firewall rule forbids {letter}", "a letter is not permitted",
	  "the firewall rule on {host} that received the command does not "
	  "permit {named letter}: change that rule" },
	{ SYSRQ_REFUSED_LETTER, NULL, EXIT_NO_SUCH_LETTER,
	  "it has no letter {letter}", "its kernel does not know a letter",
	  "the kernel of {host} does not know {named letter}: leave the letter "
	  "out" },
	{ SYSRQ_REFUSED_MALFORMED, NULL, EXIT_REFUSED, "refused",
	  "for another reason",
	  "{host} says that the command is malformed: install the same version "
	  "of send_sysrq on this machine and of the module on that host" },
	/* Any other code */
	{ 0, NULL, EXIT_REFUSED, "refused", "for another reason",
	  "{host} refused the command with code {code}, which this version of "
	  "send_sysrq does not know" },
};

static const struct refusal *refusal_of(const struct sysrq_outcome *o)
{
	const struct refusal *r = refusals;

	while (r->code && (r->code != o->refusal || (r->when && !r->when(o))))
		r++;
	return r;
}

/* --- Ends --- */

static bool any(const struct sysrq_outcome *o, enum sysrq_fate fate)
{
	for (unsigned int i = 0; i < o->count; i++) {
		if (o->steps[i].fate == fate)
			return true;
	}
	return false;
}

static bool incomplete(const struct sysrq_outcome *o)
{
	return any(o, SYSRQ_FATE_INCOMPLETE);
}

static bool not_reached(const struct sysrq_outcome *o)
{
	return any(o, SYSRQ_FATE_NOT_REACHED);
}

static bool both(const struct sysrq_outcome *o)
{
	return incomplete(o) && not_reached(o);
}

/* Real-time tasks may keep the kernel's workers from running. */
static bool lacks_nice(const struct sysrq_outcome *o)
{
	for (unsigned int i = 0; i < o->count; i++) {
		if (o->steps[i].step.letter == 'n')
			return false;
	}
	return incomplete(o);
}

static bool pointless(const struct sysrq_outcome *o)
{
	return any(o, SYSRQ_FATE_POINTLESS);
}

static bool not_pressed(const struct sysrq_outcome *o)
{
	return any(o, SYSRQ_FATE_DROPPED);
}

static bool any_sent(const struct sysrq_outcome *o)
{
	return any(o, SYSRQ_FATE_SENT);
}

static bool refused(const struct sysrq_outcome *o)
{
	return o->refusal;
}

static bool closed(const struct sysrq_outcome *o)
{
	return o->closed;
}

static bool not_seen(const struct sysrq_outcome *o)
{
	return o->step < o->count && o->steps[o->step].fate == SYSRQ_FATE_SENT;
}

/* Only the end of the last letter is not known. */
static bool last_only(const struct sysrq_outcome *o)
{
	return !o->count || (o->steps[o->count - 1].fate == SYSRQ_FATE_SENT &&
			     (o->count < 2 ||
			      o->steps[o->count - 2].fate != SYSRQ_FATE_SENT));
}

enum { ANY = 0 }; /* any refusal, or none */

/* The first row that fits an outcome is the one for it. */
static const struct ending {
	enum sysrq_end end;
	int refusal;                                 /* or ANY */
	bool (*when)(const struct sysrq_outcome *o); /* NULL: always */
	enum exit_status exit;
	const char *few;      /* for a line of a table */
	const char *sentence; /* "": there is nothing to tell */
} endings[] = {
	{ SYSRQ_END_NONE, ANY, NULL, EXIT_END_NOT_SEEN, "", "" },
	{ SYSRQ_END_ANSWERED, ANY, NULL, EXIT_ALL_DONE, "", "" },
	{ SYSRQ_END_CARRIED_OUT, ANY, pointless, EXIT_NOT_ALL_COMPLETE,
	  "panicked, {pointless} not pressed{effect}",
	  "the kernel of {host} has panicked, so letters that can do nothing "
	  "there were not pressed: {pointless}" },
	{ SYSRQ_END_CARRIED_OUT, ANY, both, EXIT_NOT_ALL_COMPLETE,
	  "not complete: {incomplete}", GONE },
	{ SYSRQ_END_CARRIED_OUT, ANY, lacks_nice, EXIT_NOT_ALL_COMPLETE,
	  "not complete: {incomplete}",
	  "the kernel did not report the end of {incomplete} in time: give it "
	  "longer with --wait, or press n first if real-time tasks take all "
	  "CPUs" },
	{ SYSRQ_END_CARRIED_OUT, ANY, incomplete, EXIT_NOT_ALL_COMPLETE,
	  "not complete: {incomplete}", "" },
	{ SYSRQ_END_CARRIED_OUT, ANY, not_reached, EXIT_NOT_ALL_COMPLETE,
	  "gone, some letters were not reached", GONE },
	{ SYSRQ_END_CARRIED_OUT, ANY, not_pressed, EXIT_NOT_ALL_COMPLETE,
	  "some letters were not pressed{effect}", "" },
	{ SYSRQ_END_CARRIED_OUT, ANY, NULL, EXIT_ALL_DONE,
	  "carried out{effect}", "" },
	{ SYSRQ_END_ALIVE, ANY, not_seen, EXIT_NOT_ALL_COMPLETE,
	  "alive, {named letter} not seen",
	  "{host} still answers, and does not say that {named letter} was "
	  "pressed" },
	{ SYSRQ_END_ALIVE, ANY, NULL, EXIT_NOT_ALL_COMPLETE,
	  "alive after {named letter}",
	  "{named letter} was pressed, but {host} still answers" },
	{ SYSRQ_END_SUPERSEDED, ANY, any_sent, EXIT_END_NOT_SEEN,
	  "a newer command came, end not seen",
	  "{host} has accepted the command, but a newer one with the same key "
	  "came: the end of {sent} was not seen" },
	{ SYSRQ_END_SUPERSEDED, ANY, NULL, EXIT_NOT_ALL_COMPLETE,
	  "a newer command took its place",
	  "a newer command took the place of this one on {host}" },
	{ SYSRQ_END_LOST, ANY, last_only, EXIT_END_NOT_SEEN,
	  "stopped answering at {sent}",
	  "no answer since {heard}: {host} has accepted the command, but the "
	  "end of {sent} was not seen" },
	{ SYSRQ_END_LOST, ANY, NULL, EXIT_END_NOT_SEEN,
	  "stopped answering at {sent}",
	  "no answer since {heard}: {host} presses the remaining letters by "
	  "itself" UNLESS },
	{ SYSRQ_END_STALLED, ANY, NULL, EXIT_END_NOT_SEEN, "does not finish",
	  "{host} answers, but a letter that was pressed there does not "
	  "finish" },
	{ SYSRQ_END_RESTARTED, ANY, NULL, EXIT_END_NOT_SEEN,
	  "restarted or restored, or its keys changed",
	  "{host} has restarted or was restored, or its keys were changed: it "
	  "is not known whether the remaining letters were pressed" },
	{ SYSRQ_END_WITHDRAWN, ANY, NULL, EXIT_NOT_ALL_COMPLETE,
	  "{named letter} no longer permitted",
	  "{named letter} was not pressed, because {host} no longer permitted "
	  "it when its turn came: the letters after it were dropped" },
	{ SYSRQ_END_CANCELLED, ANY, NULL, EXIT_NO_ANSWER,
	  "interrupted, nothing was sent",
	  "interrupted: nothing was sent to {host}" },
	{ SYSRQ_END_STOPPED, ANY, last_only, EXIT_END_NOT_SEEN,
	  "interrupted, end not seen",
	  "interrupted: {host} has accepted the command, but the end of "
	  "{sent} was not seen" },
	{ SYSRQ_END_STOPPED, ANY, NULL, EXIT_END_NOT_SEEN,
	  "interrupted, end not seen",
	  "interrupted: {host} presses the remaining letters by itself" UNLESS
	  "; the end of the command was not seen" },
	{ SYSRQ_END_STOPPED_EARLY, ANY, NULL, EXIT_END_NOT_SEEN,
	  "interrupted, end not seen",
	  "interrupted: the command was sent; it is not known whether {host} "
	  "carries it out" },
	{ SYSRQ_END_MAYBE, SYSRQ_REFUSED_SEQUENCE, NULL, EXIT_END_NOT_SEEN,
	  "sent, no answer to it", "a newer command came in between" MAYBE },
	{ SYSRQ_END_MAYBE, SYSRQ_REFUSED_EPOCH, restarted, EXIT_END_NOT_SEEN,
	  "restarted, perhaps by this",
	  "{host} has restarted since then: it is not known whether this "
	  "command was carried out before" },
	{ SYSRQ_END_MAYBE, SYSRQ_REFUSED_EPOCH, NULL, EXIT_END_NOT_SEEN,
	  "sent, no answer to it",
	  "{host} was restored or has set the key anew since then: it is not "
	  "known whether this command was carried out before" },
	{ SYSRQ_END_MAYBE, ANY, refused, EXIT_END_NOT_SEEN,
	  "refused, outcome unknown",
	  "{host} refused the command with code {code}, which proves "
	  "nothing" MAYBE },
	{ SYSRQ_END_MAYBE, ANY, NULL, EXIT_END_NOT_SEEN,
	  "sent, no answer to it", "no answer to the command" MAYBE },
	{ SYSRQ_END_SENT, SYSRQ_REFUSED_ADDRESS, NULL, EXIT_SENT_ONE_WAY,
	  "sent one-way, outcome unknown",
	  SENT "; an answer says that one of the addresses is not the host's "
	       "own: give the host's own address with --host-address" },
	{ SYSRQ_END_SENT, ANY, refused, EXIT_SENT_ONE_WAY,
	  "sent one-way, outcome unknown",
	  SENT "; one copy of it was refused ({why}), other copies were not" },
	{ SYSRQ_END_SENT, ANY, closed, EXIT_SENT_ONE_WAY,
	  "sent one-way, outcome unknown",
	  SENT "; an ICMP message says that the port is closed" },
	{ SYSRQ_END_SENT, ANY, NULL, EXIT_SENT_ONE_WAY,
	  "sent one-way, outcome unknown", SENT },
	{ SYSRQ_END_SILENT, ANY, NULL, EXIT_NO_ANSWER, "no answer",
	  SILENT "nothing was sent" },
	{ SYSRQ_END_SEVERAL, ANY, NULL, EXIT_NO_ANSWER,
	  "no answer, several addresses",
	  "with a password a one-way command goes to one address, and {host} "
	  "has several ({addresses}): give one of them; nothing was sent" },
	{ SYSRQ_END_CLOSED, ANY, NULL, EXIT_PORT_CLOSED,
	  "port closed, or wrong key",
	  "{host} answers, but nothing on port {port} takes this password or "
	  "key: its module is not loaded, does not listen on that port, or does "
	  "not hear this network; or the password, key or realm is wrong (by "
	  "design, all look alike); nothing was sent{anyway}" },
	{ SYSRQ_END_UNREACHABLE, ANY, NULL, EXIT_UNREACHABLE,
	  "unreachable: {error}",
	  "cannot reach {host} ({place}): {error}; nothing was sent" },
};

static const struct ending *ending_of(const struct sysrq_outcome *o)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const struct ending *e = &endings[i];

		if (e->end == o->end &&
		    (e->refusal == ANY || e->refusal == o->refusal) &&
		    (!e->when || e->when(o)))
			return e;
	}
	return &endings[0];
}

/* Returns what a refusal says of the letters. Only what is certain is said. */
static const char *meaning_of(const struct sysrq_outcome *o)
{
	if (o->sure)
		return "; nothing was pressed";
	if (o->void_at)
		return "; {host} may still carry out a copy that arrives later, "
		       "until {void} by its clock";
	return "; it is not known whether {host} has carried out another copy";
}

/* --- For other files --- */

void sentence_end(FILE *out, const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	const struct refusal *r = refusal_of(o);

	if (o->end != SYSRQ_END_REFUSED) {
		parts_put(out, ending_of(o)->sentence, about, r->why);
		return;
	}
	parts_put(out, r->sentence, about, NULL);
	parts_put(out, meaning_of(o), about, NULL);
}

void sentence_short(FILE *out, const struct sysrq_outcome *outcome)
{
	const struct about about = { .outcome = outcome };

	parts_put(out,
		  outcome->end == SYSRQ_END_REFUSED ? refusal_of(outcome)->few
						    : ending_of(outcome)->few,
		  &about, NULL);
}

static void write_one_way(FILE *out, const void *data)
{
	parts_put(out, SILENT "sending one-way", data, NULL);
}

static void write_end(FILE *out, const void *data)
{
	sentence_end(out, data);
}

void sentence_tell_one_way(const struct about *about)
{
	tell_written(write_one_way, about);
}

void sentence_tell_end(const struct about *about)
{
	tell_written(write_end, about);
}

const char *sentence_log(const struct sysrq_log *log)
{
	switch (log ? log->end : SYSRQ_END_STALLED) {
	case SYSRQ_END_LOST:
		return "stopped answering";
	case SYSRQ_END_RESTARTED:
		return "has restarted or was restored, or its keys were changed";
	case SYSRQ_END_REFUSED:
		return "no longer permits this operator to read its log";
	default:
		return "took too long to give its log";
	}
}

enum exit_status sentence_exit(const struct sysrq_outcome *outcome)
{
	return outcome->end == SYSRQ_END_REFUSED ? refusal_of(outcome)->exit
						 : ending_of(outcome)->exit;
}

const char *sentence_fate(enum sysrq_fate fate)
{
	static const char *const fates[] = {
		[SYSRQ_FATE_OPEN] = "waiting",
		[SYSRQ_FATE_RUNNING] = "running",
		[SYSRQ_FATE_DONE] = "done",
		[SYSRQ_FATE_COMPLETE] = "complete",
		[SYSRQ_FATE_INCOMPLETE] = "not complete",
		[SYSRQ_FATE_DROPPED] = "dropped",
		[SYSRQ_FATE_WITHDRAWN] = "not permitted",
		[SYSRQ_FATE_POINTLESS] = "not pressed",
		[SYSRQ_FATE_ACCEPTED] = "accepted",
		[SYSRQ_FATE_SENT] = "sent",
		[SYSRQ_FATE_NOT_REACHED] = "not reached",
	};

	return fates[fate];
}
