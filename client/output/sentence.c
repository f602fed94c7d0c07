// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

__attribute__((format(printf, 2, 3))) static void say(const struct about *about,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(about->out, format, args);
	va_end(args);
}

static void say_silent(const struct about *about, const char *then)
{
	char timeout[TEXT_MAX];

	text_of_duration(timeout, about->timeout);
	say(about,
	    "no answer from %s within %s: it is down, a firewall is on the "
	    "way, the password, key or realm is wrong, or its replies do not "
	    "get back (these cannot be told apart); %s",
	    about->name, timeout, then);
}

void sentence_one_way(const struct about *about)
{
	say_silent(about, "sending one-way");
}

static void say_unreachable(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	char place[PLACE_MAX];

	text_of_place(place, o->error_at);
	say(about, "no way to %s (%s): %s; nothing was sent", about->name,
	    place, strerror(o->error));
}

static const char *refusal_text(int code)
{
	switch (code) {
	case SYSRQ_REFUSED_ONE_WAY:
		return "no one-way commands there";
	case SYSRQ_REFUSED_CLOCK:
		return "the clocks differ too much";
	case SYSRQ_REFUSED_STAMP:
		return "it has had a newer one";
	case SYSRQ_REFUSED_OPERATOR:
	case SYSRQ_REFUSED_MASK:
	case SYSRQ_REFUSED_RULE:
		return "a key is not permitted";
	case SYSRQ_REFUSED_LETTER:
		return "a key is not known there";
	default:
		return "for another reason";
	}
}

static void say_sent(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	const char *but = "";
	char refusal[80];

	if (o->refusal == SYSRQ_REFUSED_ADDRESS) {
		but = "; by one of its addresses it said that this is not its "
		      "own: --host-address names the right one";
	} else if (o->refusal) {
		snprintf(refusal, sizeof(refusal),
			 "; one copy was refused (%s), others not",
			 refusal_text(o->refusal));
		but = refusal;
	} else if (o->closed) {
		but = "; a message came back that the port is closed";
	}
	say(about,
	    "sent one-way to %s; whether it was carried out is not known%s",
	    about->name, but);
}

static void say_lost(const struct about *about, uint64_t now)
{
	uint64_t ago = (now - about->outcome->heard) / SYSRQ_SECOND;
	time_t then = time(NULL) - (time_t)ago;
	struct tm tm;
	char at[16] = "then";

	if (localtime_r(&then, &tm))
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	say(about,
	    "no answer since %s (%llu s ago): %s runs the rest by itself", at,
	    (unsigned long long)ago, about->name);
}

/* A step's key and its name, for a sentence: "b (reboot)" */
struct letter_text {
	char text[SYSRQ_LETTER_NAME_MAX + 8];
};

static struct letter_text letter_text(const struct sysrq_outcome *o,
				      unsigned int step)
{
	struct letter_text out = { "?" };
	char key;

	if (step < o->count) {
		key = o->steps[step].step.letter;
		snprintf(out.text, sizeof(out.text), "%c (%s)", key,
			 sysrq_letter_name(key));
	}
	return out;
}

static void say_clock(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	int64_t ahead = o->clock_ahead;
	time_t then = (time_t)(o->host_time / SYSRQ_SECOND);
	char by[TEXT_MAX], says[32] = "another time";
	struct tm tm;

	text_of_duration(by, ahead < 0 ? 0 - (uint64_t)ahead : (uint64_t)ahead);
	if (gmtime_r(&then, &tm))
		strftime(says, sizeof(says), "%Y-%m-%d %H:%M:%S UTC", &tm);
	say(about,
	    "the clock of %s is %s %s this machine's (it says %s), more than "
	    "it tolerates one-way, or than its key has been there: set "
	    "whichever is wrong, or wait as long, and send again; nothing was "
	    "pressed",
	    about->name, by, ahead < 0 ? "behind" : "ahead of", says);
}

static void say_refused(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	struct letter_text key = letter_text(o, o->step);
	const char *name = about->name;

	switch (o->refusal) {
	case SYSRQ_REFUSED_EPOCH:
		say(about,
		    "%s restarts, or its keys are being changed, again and "
		    "again: send again later; nothing was pressed",
		    name);
		break;
	case SYSRQ_REFUSED_SEQUENCE:
		say(about,
		    "other commands of this operator to %s were quicker, "
		    "time after time: send again; nothing was pressed",
		    name);
		break;
	case SYSRQ_REFUSED_ONE_WAY:
		say(about,
		    "%s accepts no one-way commands (its tolerance is 0): "
		    "reach it by a way that its replies get back; nothing was "
		    "pressed",
		    name);
		break;
	case SYSRQ_REFUSED_CLOCK:
		say_clock(about);
		break;
	case SYSRQ_REFUSED_STAMP:
		say(about,
		    "%s has had a newer one-way command, or started after "
		    "this one's time: this machine's clock is behind, so set "
		    "it and send again; nothing was pressed",
		    name);
		break;
	case SYSRQ_REFUSED_ADDRESS:
		say(about,
		    "%s does not have the address that this was sent to, as "
		    "behind NAT: give its own with --host-address; nothing "
		    "was pressed",
		    name);
		break;
	case SYSRQ_REFUSED_DEADLINE:
		say(about,
		    "the command was more than 30 s on its way to %s and void "
		    "by then: send again; nothing was pressed",
		    name);
		break;
	case SYSRQ_REFUSED_OPERATOR:
		say(about,
		    "%s does not permit %s to this operator: leave it out, "
		    "or ask one who may; nothing was pressed",
		    name, key.text);
		break;
	case SYSRQ_REFUSED_MASK:
		say(about,
		    "%s does not permit %s: its kernel.sysrq, or its module's "
		    "mask parameter, must, as does sysctl kernel.sysrq=1 "
		    "there; nothing was pressed",
		    name, key.text);
		break;
	case SYSRQ_REFUSED_RULE:
		say(about,
		    "the firewall rule on %s that took the command does not "
		    "permit %s: change the rule there; nothing was pressed",
		    name, key.text);
		break;
	case SYSRQ_REFUSED_LETTER:
		say(about,
		    "the kernel of %s knows no key %s: leave it out; nothing "
		    "was pressed",
		    name, key.text);
		break;
	case SYSRQ_REFUSED_MALFORMED:
		say(about,
		    "%s calls the command malformed: bring send_sysrq and its "
		    "module to the same version; nothing was pressed",
		    name);
		break;
	default:
		say(about,
		    "%s refuses the command with code %d, which this version "
		    "does not know; nothing was pressed",
		    name, (int)o->refusal);
		break;
	}
}

/* The step that ended the host before those after it had their turn. */
static void say_not_reached(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;

	for (unsigned int i = 1; i < o->count; i++) {
		if (o->steps[i].fate != SYSRQ_FATE_NOT_REACHED)
			continue;
		say(about,
		    "%s has fallen silent after %s, as is to be expected: the "
		    "keys behind it were not reached",
		    about->name, letter_text(o, i - 1).text);
		return;
	}
}

void sentence_end(const struct about *about, uint64_t now)
{
	const struct sysrq_outcome *o = about->outcome;
	const char *name = about->name;

	switch (o->end) {
	case SYSRQ_END_NONE:
	case SYSRQ_END_ANSWERED:
		break;
	case SYSRQ_END_CARRIED_OUT:
		say_not_reached(about);
		break;
	case SYSRQ_END_ALIVE:
		say(about, "%s was pressed, yet %s is alive: it still answers",
		    letter_text(o, o->step).text, name);
		break;
	case SYSRQ_END_SUPERSEDED:
		say(about, "a newer command took the place of this one on %s",
		    name);
		break;
	case SYSRQ_END_LOST:
		say_lost(about, now);
		break;
	case SYSRQ_END_STALLED:
		say(about,
		    "%s answers, but a key that was pressed there does not "
		    "come to an end",
		    name);
		break;
	case SYSRQ_END_RESTARTED:
		say(about,
		    "%s has restarted, or its keys were changed: how the rest "
		    "went is not known",
		    name);
		break;
	case SYSRQ_END_CANCELLED:
		say(about, "interrupted: nothing was sent to %s", name);
		break;
	case SYSRQ_END_STOPPED:
		say(about,
		    "interrupted: %s runs the rest by itself; its end was not "
		    "seen",
		    name);
		break;
	case SYSRQ_END_STOPPED_EARLY:
		say(about,
		    "interrupted: the command was sent, and whether %s "
		    "carries it out was not seen",
		    name);
		break;
	case SYSRQ_END_MAYBE:
		say(about,
		    "%s: %s may have carried this one out or not; 30 s after "
		    "it was made it is void",
		    o->refusal == SYSRQ_REFUSED_SEQUENCE
			    ? "a newer command came in "
			      "between"
		    : o->refusal == SYSRQ_REFUSED_EPOCH
			    ? "a restart or a change of keys came in between"
			    : "no answer to the command",
		    name);
		break;
	case SYSRQ_END_SENT:
		say_sent(about);
		break;
	case SYSRQ_END_SILENT:
		say_silent(about, "nothing was sent");
		break;
	case SYSRQ_END_CLOSED:
		say(about,
		    "%s answers, but nothing on port %u takes this password "
		    "or key: no SYSRQ rule for that port, or a wrong password, "
		    "key or realm (by design they look alike); nothing was "
		    "sent%s",
		    name, about->port,
		    about->pressing ? "; --one-way sends all the same" : "");
		break;
	case SYSRQ_END_UNREACHABLE:
		say_unreachable(about);
		break;
	case SYSRQ_END_REFUSED:
		say_refused(about);
		break;
	}
}

static bool any(const struct sysrq_outcome *o, enum sysrq_fate fate)
{
	for (unsigned int i = 0; i < o->count; i++) {
		if (o->steps[i].fate == fate)
			return true;
	}
	return false;
}

static void tell_sentence(struct about *about, bool ended, uint64_t now)
{
	char *text = NULL;
	size_t size;

	about->out = open_memstream(&text, &size);
	if (!about->out)
		return;
	if (ended)
		sentence_end(about, now);
	else
		sentence_one_way(about);
	fclose(about->out);
	if (size)
		tell("%s", text);
	free(text);
}

void sentence_tell_one_way(struct about *about)
{
	tell_sentence(about, false, 0);
}

void sentence_tell_end(struct about *about, uint64_t now)
{
	tell_sentence(about, true, now);
}

/* The first step with that fate, or "" */
static struct letter_text first_with(const struct sysrq_outcome *o,
				     enum sysrq_fate fate)
{
	for (unsigned int i = 0; i < o->count; i++) {
		if (o->steps[i].fate == fate)
			return letter_text(o, i);
	}
	return (struct letter_text){ "" };
}

static const char *short_refusal(int code)
{
	switch (code) {
	case SYSRQ_REFUSED_ONE_WAY:
		return "takes no one-way commands";
	case SYSRQ_REFUSED_CLOCK:
	case SYSRQ_REFUSED_STAMP:
		return "refused for its time stamp";
	case SYSRQ_REFUSED_ADDRESS:
		return "refused: not its address";
	case SYSRQ_REFUSED_OPERATOR:
		return "this operator may not press";
	case SYSRQ_REFUSED_MASK:
		return "its sysrq mask forbids";
	case SYSRQ_REFUSED_RULE:
		return "its firewall rule forbids";
	case SYSRQ_REFUSED_LETTER:
		return "it has no key";
	default:
		return "refused";
	}
}

void sentence_short(const struct about *about)
{
	const struct sysrq_outcome *o = about->outcome;
	struct letter_text incomplete = first_with(o, SYSRQ_FATE_INCOMPLETE);
	char last = o->count ? o->steps[o->count - 1].step.letter : 0;

	switch (o->end) {
	case SYSRQ_END_NONE:
	case SYSRQ_END_ANSWERED:
		break;
	case SYSRQ_END_CARRIED_OUT:
		if (*incomplete.text)
			say(about, "not complete: %s", incomplete.text);
		else if (any(o, SYSRQ_FATE_NOT_REACHED))
			say(about, "gone, some keys were not reached");
		else
			say(about, "carried out%s",
			    last == 'b'	  ? ", reboots"
			    : last == 'o' ? ", powers off"
			    : last == 'c' ? ", crashed"
					  : "");
		break;
	case SYSRQ_END_ALIVE:
		say(about, "alive after %s", letter_text(o, o->step).text);
		break;
	case SYSRQ_END_SUPERSEDED:
		say(about, "a newer command took its place");
		break;
	case SYSRQ_END_LOST:
		say(about, "fell silent at %s",
		    first_with(o, SYSRQ_FATE_SENT).text);
		break;
	case SYSRQ_END_STALLED:
		say(about, "does not come to an end");
		break;
	case SYSRQ_END_RESTARTED:
		say(about, "restarted, or its keys changed");
		break;
	case SYSRQ_END_CANCELLED:
		say(about, "interrupted, nothing was sent");
		break;
	case SYSRQ_END_STOPPED:
	case SYSRQ_END_STOPPED_EARLY:
		say(about, "interrupted, end not seen");
		break;
	case SYSRQ_END_MAYBE:
		say(about, "sent, no answer to it");
		break;
	case SYSRQ_END_SENT:
		say(about, "sent one-way, outcome unknown");
		break;
	case SYSRQ_END_SILENT:
		say(about, "no answer");
		break;
	case SYSRQ_END_CLOSED:
		say(about, "port closed, or wrong key");
		break;
	case SYSRQ_END_UNREACHABLE:
		say(about, "unreachable: %s", strerror(o->error));
		break;
	case SYSRQ_END_REFUSED:
		say(about, "%s", short_refusal(o->refusal));
		if (o->refusal >= SYSRQ_REFUSED_OPERATOR &&
		    o->refusal <= SYSRQ_REFUSED_LETTER && o->step < o->count)
			say(about, " %c", o->steps[o->step].step.letter);
		break;
	}
}

static enum exit_status refused_exit(int code)
{
	switch (code) {
	case SYSRQ_REFUSED_MASK:
		return EXIT_NOT_MASK;
	case SYSRQ_REFUSED_OPERATOR:
	case SYSRQ_REFUSED_RULE:
		return EXIT_NOT_PERMITTED;
	case SYSRQ_REFUSED_LETTER:
		return EXIT_NO_SUCH_LETTER;
	case SYSRQ_REFUSED_CLOCK:
	case SYSRQ_REFUSED_STAMP:
		return EXIT_CLOCK;
	default:
		return EXIT_REFUSED;
	}
}

enum exit_status sentence_exit(const struct sysrq_outcome *o)
{
	switch (o->end) {
	case SYSRQ_END_CARRIED_OUT:
		return any(o, SYSRQ_FATE_INCOMPLETE) ||
				       any(o, SYSRQ_FATE_DROPPED) ||
				       any(o, SYSRQ_FATE_NOT_REACHED)
			       ? EXIT_NOT_ALL_COMPLETE
			       : EXIT_ALL_DONE;
	case SYSRQ_END_ANSWERED:
		return EXIT_ALL_DONE;
	case SYSRQ_END_ALIVE:
	case SYSRQ_END_SUPERSEDED:
		return EXIT_NOT_ALL_COMPLETE;
	case SYSRQ_END_NONE:
	case SYSRQ_END_LOST:
	case SYSRQ_END_STALLED:
	case SYSRQ_END_RESTARTED:
	case SYSRQ_END_STOPPED:
	case SYSRQ_END_STOPPED_EARLY:
	case SYSRQ_END_MAYBE:
		return EXIT_END_NOT_SEEN;
	case SYSRQ_END_SENT:
		return EXIT_SENT_ONE_WAY;
	case SYSRQ_END_CANCELLED:
	case SYSRQ_END_SILENT:
		return EXIT_NO_ANSWER;
	case SYSRQ_END_CLOSED:
		return EXIT_PORT_CLOSED;
	case SYSRQ_END_UNREACHABLE:
		return EXIT_UNREACHABLE;
	case SYSRQ_END_REFUSED:
		return refused_exit(o->refusal);
	}
	return EXIT_END_NOT_SEEN;
}
