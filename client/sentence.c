// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "keyname.h"
#include "ns.h"
#include "sentence.h"
#include "text.h"

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list args;

	fputs("send_sysrq: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static void say_silent(const struct show *show, const char *then)
{
	char timeout[TEXT_MAX];

	text_of_duration(timeout, show->session->ask->timeout);
	say("no answer from %s within %s: it is down, a firewall is on the "
	    "way, the password, key or realm is wrong, or its replies do not "
	    "get back (these cannot be told apart); %s",
	    show->name, timeout, then);
}

void sentence_one_way(const struct show *show)
{
	say_silent(show, "sending one-way");
}

static void say_unreachable(const struct show *show)
{
	const struct srq_session *s = show->session;
	uint8_t i = 0;

	while (i + 1 < s->ask->address_count && !s->reach[i].error)
		i++;
	say("no way to %s (%s): %s; nothing was sent", show->name,
	    show->places[i], strerror(s->reach[i].error));
}

static const char *refusal_text(enum srq_code code)
{
	switch (code) {
	case SRQ_ONE_WAY_OFF:
		return "no one-way commands there";
	case SRQ_CLOCK_OFF:
		return "the clocks differ too much";
	case SRQ_OLD_STAMP:
		return "it has had a newer one";
	case SRQ_NOT_OPERATOR:
	case SRQ_NOT_MASK:
	case SRQ_NOT_RULE:
		return "a key is not permitted";
	case SRQ_NO_SUCH_KEY:
		return "a key is not known there";
	default:
		return "for another reason";
	}
}

static void say_sent(const struct show *show)
{
	const struct srq_session *s = show->session;
	const char *but = "";
	char refusal[80];

	if (s->code == SRQ_WRONG_ADDRESS) {
		but = "; by one of its addresses it said that this is not its "
		      "own: --host-address names the right one";
	} else if (s->code != SRQ_OK) {
		snprintf(refusal, sizeof(refusal),
			 "; one copy was refused (%s), others not",
			 refusal_text(s->code));
		but = refusal;
	} else if (s->reach[s->from].refused) {
		but = "; a message came back that the port is closed";
	}
	say("sent one-way to %s; whether it was carried out is not known%s",
	    show->name, but);
}

static void say_lost(const struct show *show, uint64_t now)
{
	uint64_t ago = (now - show->session->heard) / SECOND;
	time_t then = time(NULL) - (time_t)ago;
	struct tm tm;
	char at[16] = "then";

	if (localtime_r(&then, &tm))
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	say("no answer since %s (%llu s ago): %s runs the rest by itself", at,
	    (unsigned long long)ago, show->name);
}

/* A step's key and its name, for a sentence: "b (reboot)" */
struct key_text {
	char text[SRQ_KEYNAME_MAX + 8];
};

static struct key_text key_text(const struct srq_session *s, uint8_t step)
{
	struct key_text out = { "?" };
	char key;

	if (step < s->ask->count) {
		key = s->ask->steps[step].key;
		snprintf(out.text, sizeof(out.text), "%c (%s)", key,
			 srq_key_name(key));
	}
	return out;
}

static void say_clock(const struct show *show)
{
	const struct srq_session *s = show->session;
	int64_t ahead = s->clock_ahead;
	time_t then = (time_t)(s->host_time / SECOND);
	char by[TEXT_MAX], says[32] = "another time";
	struct tm tm;

	text_of_duration(by, (uint64_t)(ahead < 0 ? -ahead : ahead));
	if (gmtime_r(&then, &tm))
		strftime(says, sizeof(says), "%Y-%m-%d %H:%M:%S UTC", &tm);
	say("the clock of %s is %s %s this machine's (it says %s), more than "
	    "it tolerates one-way, or than its key has been there: set "
	    "whichever is wrong, or wait as long, and send again; nothing was "
	    "pressed",
	    show->name, by, ahead < 0 ? "behind" : "ahead of", says);
}

static void say_refused(const struct show *show)
{
	const struct srq_session *s = show->session;
	struct key_text key = key_text(s, s->step);
	const char *name = show->name;

	switch (s->code) {
	case SRQ_WRONG_EPOCH:
		say("%s restarts, or its keys are being changed, again and "
		    "again: send again later; nothing was pressed",
		    name);
		break;
	case SRQ_OLD_SEQUENCE:
		say("other commands of this operator to %s were quicker, "
		    "time after time: send again; nothing was pressed",
		    name);
		break;
	case SRQ_ONE_WAY_OFF:
		say("%s accepts no one-way commands (its tolerance is 0): "
		    "reach it by a way that its replies get back; nothing was "
		    "pressed",
		    name);
		break;
	case SRQ_CLOCK_OFF:
		say_clock(show);
		break;
	case SRQ_OLD_STAMP:
		say("%s has had a newer one-way command, or started after "
		    "this one's time: this machine's clock is behind, so set "
		    "it and send again; nothing was pressed",
		    name);
		break;
	case SRQ_WRONG_ADDRESS:
		say("%s does not have the address that this was sent to, as "
		    "behind NAT: give its own with --host-address; nothing "
		    "was pressed",
		    name);
		break;
	case SRQ_DEADLINE:
		say("the command was more than 30 s on its way to %s and void "
		    "by then: send again; nothing was pressed",
		    name);
		break;
	case SRQ_NOT_OPERATOR:
		say("%s does not permit %s to this operator: leave it out, "
		    "or ask one who may; nothing was pressed",
		    name, key.text);
		break;
	case SRQ_NOT_MASK:
		say("%s does not permit %s: its kernel.sysrq, or its module's "
		    "mask parameter, must, as does sysctl kernel.sysrq=1 "
		    "there; nothing was pressed",
		    name, key.text);
		break;
	case SRQ_NOT_RULE:
		say("the firewall rule on %s that took the command does not "
		    "permit %s: change the rule there; nothing was pressed",
		    name, key.text);
		break;
	case SRQ_NO_SUCH_KEY:
		say("the kernel of %s knows no key %s: leave it out; nothing "
		    "was pressed",
		    name, key.text);
		break;
	case SRQ_MALFORMED:
		say("%s calls the command malformed: bring send_sysrq and its "
		    "module to the same version; nothing was pressed",
		    name);
		break;
	default:
		say("%s refuses the command with code %d, which this version "
		    "does not know; nothing was pressed",
		    name, (int)s->code);
		break;
	}
}

/* The step that ended the host before those after it had their turn. */
static void say_not_reached(const struct show *show)
{
	const struct srq_track *track = &show->session->track;

	for (uint8_t i = 1; i < track->count; i++) {
		if (track->fates[i] != SRQ_FATE_NOT_REACHED)
			continue;
		say("%s has fallen silent after %s, as is to be expected: the "
		    "keys behind it were not reached",
		    show->name, key_text(show->session, i - 1).text);
		return;
	}
}

void sentence_end(const struct show *show, uint64_t now)
{
	const struct srq_session *s = show->session;
	const char *name = show->name;

	switch (s->end) {
	case SRQ_END_NONE:
		break;
	case SRQ_END_CARRIED_OUT:
		say_not_reached(show);
		break;
	case SRQ_END_ALIVE:
		say("%s was pressed, yet %s is alive: it still answers",
		    key_text(s, s->step).text, name);
		break;
	case SRQ_END_SUPERSEDED:
		say("a newer command took the place of this one on %s", name);
		break;
	case SRQ_END_LOST:
		say_lost(show, now);
		break;
	case SRQ_END_STALLED:
		say("%s answers, but a key that was pressed there does not "
		    "come to an end",
		    name);
		break;
	case SRQ_END_RESTARTED:
		say("%s has restarted, or its keys were changed: how the rest "
		    "went is not known",
		    name);
		break;
	case SRQ_END_STOPPED:
		say("interrupted: %s runs the rest by itself; its end was not "
		    "seen",
		    name);
		break;
	case SRQ_END_STOPPED_EARLY:
		say("interrupted: the command was sent, and whether %s "
		    "carries it out was not seen",
		    name);
		break;
	case SRQ_END_MAYBE:
		say("%s: %s may have carried this one out or not; 30 s after "
		    "it was made it is void",
		    s->code == SRQ_OLD_SEQUENCE ? "a newer command came in "
						  "between"
		    : s->code == SRQ_WRONG_EPOCH
			    ? "a restart or a change of keys came in between"
			    : "no answer to the command",
		    name);
		break;
	case SRQ_END_SENT:
		say_sent(show);
		break;
	case SRQ_END_SILENT:
		say_silent(show, "nothing was sent");
		break;
	case SRQ_END_CLOSED:
		say("%s answers, but nothing on port %u takes this password "
		    "or key: no SYSRQ rule for that port, or a wrong password, "
		    "key or realm (by design they look alike); nothing was "
		    "sent; --one-way sends all the same",
		    name, show->port);
		break;
	case SRQ_END_UNREACHABLE:
		say_unreachable(show);
		break;
	case SRQ_END_REFUSED:
		say_refused(show);
		break;
	}
}

static enum srq_exit refused_exit(enum srq_code code)
{
	switch (code) {
	case SRQ_NOT_MASK:
		return EXIT_NOT_MASK;
	case SRQ_NOT_OPERATOR:
	case SRQ_NOT_RULE:
		return EXIT_NOT_PERMITTED;
	case SRQ_NO_SUCH_KEY:
		return EXIT_NO_SUCH_KEY;
	case SRQ_CLOCK_OFF:
	case SRQ_OLD_STAMP:
		return EXIT_CLOCK;
	default:
		return EXIT_REFUSED;
	}
}

enum srq_exit sentence_exit(const struct srq_session *s)
{
	switch (s->end) {
	case SRQ_END_CARRIED_OUT:
		return srq_track_any(&s->track, SRQ_FATE_INCOMPLETE) ||
				       srq_track_any(&s->track,
						     SRQ_FATE_DROPPED) ||
				       srq_track_any(&s->track,
						     SRQ_FATE_NOT_REACHED)
			       ? EXIT_NOT_ALL_COMPLETE
			       : EXIT_ALL_DONE;
	case SRQ_END_ALIVE:
	case SRQ_END_SUPERSEDED:
		return EXIT_NOT_ALL_COMPLETE;
	case SRQ_END_NONE:
	case SRQ_END_LOST:
	case SRQ_END_STALLED:
	case SRQ_END_RESTARTED:
	case SRQ_END_STOPPED:
	case SRQ_END_STOPPED_EARLY:
	case SRQ_END_MAYBE:
		return EXIT_END_NOT_SEEN;
	case SRQ_END_SENT:
		return EXIT_SENT_ONE_WAY;
	case SRQ_END_SILENT:
		return EXIT_NO_ANSWER;
	case SRQ_END_CLOSED:
		return EXIT_PORT_CLOSED;
	case SRQ_END_UNREACHABLE:
		return EXIT_UNREACHABLE;
	case SRQ_END_REFUSED:
		return refused_exit(s->code);
	}
	return EXIT_END_NOT_SEEN;
}
