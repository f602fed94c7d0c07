// SPDX-License-Identifier: GPL-2.0
/*
 * core/gate judges random requests as a reference does. The reference was
 * written from the words of docs/protocol.md, and not from core/gate.c. It
 * keeps all that has happened since boot, and judges by looking through it.
 *
 * model [SEED [STEPS]]
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/gate.h"

enum { KEYS = 8, TABLE_MAX = 5, RECORDED = 1 << 17 };
enum { SESSION = 1, ONE_WAY = 2, BOTH = 3 };

#define PICK(array) ((array)[below(sizeof(array) / sizeof((array)[0]))])

typedef __int128 wide; /* differences of times, exactly */

/*
 * What can become of a request: what the gate must answer, and by which ways
 * the test must have reached it. A test that does not reach it proves nothing.
 */
#define OUTCOMES(X)                        \
	X(NONE, NOTHING, 0, 0)             \
	X(UNANSWERED, NOTHING, 0, BOTH)    \
	X(TOLD_STATUS, STATUS, 0, SESSION) \
	X(TOLD_LOG, LOG, 0, SESSION)       \
	X(LOG_EPOCH, REFUSE, 16, SESSION)  \
	X(LOG_DENIED, REFUSE, 36, SESSION) \
	X(MALFORMED, REFUSE, 48, BOTH)     \
	X(EPOCH, REFUSE, 16, SESSION)      \
	X(SEQUENCE, REFUSE, 17, SESSION)   \
	X(FAR_ABOVE, REFUSE, 17, SESSION)  \
	X(PASSED, REFUSE, 22, BOTH)        \
	X(FAR_OFF, REFUSE, 22, SESSION)    \
	X(OFF, REFUSE, 18, ONE_WAY)        \
	X(ADDRESS, REFUSE, 21, ONE_WAY)    \
	X(TOLERANCE, REFUSE, 19, ONE_WAY)  \
	X(FAR_AHEAD, REFUSE, 19, ONE_WAY)  \
	X(AHEAD, REFUSE, 19, ONE_WAY)      \
	X(STAMP, REFUSE, 20, ONE_WAY)      \
	X(BEFORE_KEY, REFUSE, 20, ONE_WAY) \
	X(UNKNOWN, REFUSE, 35, BOTH)       \
	X(OPERATOR, REFUSE, 32, BOTH)      \
	X(MASK, REFUSE, 33, BOTH)          \
	X(RULE, REFUSE, 34, BOTH)          \
	X(BUSY, REFUSE, 23, BOTH)          \
	X(STARTED, RUN, 0, BOTH)           \
	X(REPEATED, REPEAT, 0, BOTH)       \
	X(REPEATED_END, REPEAT, 0, BOTH)   \
	X(REFUSED_AGAIN, REFUSE, 0, BOTH)  \
	X(BUSY_AGAIN, REFUSE, 23, BOTH)

#define NAME(name, action, code, ways) name,
enum outcome { OUTCOMES(NAME) COUNT };

#define ENTRY(name, action, code, ways) { #name, SRQ_ACT_##action, code, ways },
static const struct {
	const char *name;
	enum srq_action action;
	enum srq_code code;
	int ways;
} outcomes[COUNT] = { OUTCOMES(ENTRY) };

enum fault { SOUND, STRANGE, LENGTH, CLAIM, SHORT, STEPS_0, STEPS_17, WAIT };

struct request {
	int key;
	enum srq_type type;
	enum fault fault;
	bool one_way;
	uint64_t id;
	struct srq_command
		command; /* of a log request: epoch, and first as order */
};

/* A command that has used up its sequence or stamp, and its outcome */
struct event {
	struct request request;
	enum outcome outcome;
	uint8_t at; /* the refused step */
	uint64_t run;
	bool settled;
	enum srq_code code;
	struct srq_progress progress;
};

static uint64_t seed = 1, steps = 1000000, step;
static uint64_t reached[COUNT][2]; /* [1]: one-way */

/* The host */
static struct srq_gate *gate;
static struct srq_situation now;
static uint64_t true_time, runs, settled;
static struct {
	bool present, may_read_log;
	uint64_t permitted, since, epoch;
	const char *name;
	size_t joined; /* number of the events before it came */
} keys[KEYS];

static struct event *events; /* since boot */
static size_t event_count;
static struct request sent[RECORDED];
static uint64_t sent_count;

static uint64_t draw(void)
{
	static uint64_t state;

	if (!state)
		state = seed * 2 + 1;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n)
{
	return (draw() >> 11) % n;
}

static bool one_in(uint64_t n)
{
	return below(n) == 0;
}

/* --- The reference --- */

/* The commands of this key, by this way, that are not forgotten */
struct past {
	struct event *accepted, *refused; /* the last, or NULL */
	uint64_t used_up; /* highest sequence or stamp of both; 0: none */
};

static struct past past(int key, bool one_way)
{
	struct past p = { 0 };

	for (struct event *e = events; e < events + event_count; e++) {
		const struct request *r = &e->request;
		bool was_away = e < events + keys[key].joined;

		/* A key that came back has kept only its stamps. */
		if (r->key != key || r->one_way != one_way ||
		    (was_away && !one_way))
			continue;
		if (r->command.order > p.used_up)
			p.used_up = r->command.order;
		if (was_away)
			continue;
		if (e->outcome == STARTED)
			p.accepted = e;
		else
			p.refused = e;
	}
	return p;
}

static bool same(const struct event *e, const struct request *r)
{
	return e && e->request.id == r->id &&
	       e->request.command.order == r->command.order;
}

static uint64_t age(int key)
{
	return now.boot_time - keys[key].since;
}

static enum outcome judge_session(const struct request *r, uint64_t used_up)
{
	wide left = (wide)r->command.deadline - now.boot_time;
	wide above = (wide)r->command.order - used_up;

	if (above <= 0)
		return SEQUENCE;
	if (above >= (wide)1 << 32)
		return FAR_ABOVE;
	if (left < 0)
		return PASSED;
	return left > 600 * (wide)SRQ_SECOND ? FAR_OFF : NONE;
}

static enum outcome judge_one_way(const struct request *r, uint64_t used_up)
{
	wide stamp = r->command.order, real = now.real_time;
	wide tolerance = (wide)now.tolerance * SRQ_SECOND;
	wide ahead = ((wide)now.since_panic * SRQ_SECOND) / 10;

	if (r->command.deadline && r->command.deadline < real)
		return PASSED;
	if (stamp > real + tolerance || stamp < real - tolerance)
		return TOLERANCE;
	if (stamp > real + 60 * (wide)SRQ_SECOND + ahead)
		return FAR_AHEAD;
	if (stamp > real && stamp - real >= age(r->key))
		return AHEAD;
	if (stamp <= used_up)
		return STAMP;
	if ((wide)stamp + age(r->key) <= (wide)real + 60 * SRQ_SECOND)
		return BEFORE_KEY;
	return NONE;
}

/* Is there a run in progress that may not be ended by whoever has this key? */
static bool is_busy(int key)
{
	const struct srq_in_progress *run = &now.run;

	if (run->full)
		return true;
	if (!run->any || run->overdue || !strcmp(run->owner, keys[key].name))
		return false;
	for (int i = 0; i < SRQ_LETTERS; i++) {
		uint64_t bit = 1ULL << i;

		if (run->letters & bit &&
		    !strchr("dhlmpqtwzD0123456789rR", srq_letter_at(i)) &&
		    (!(keys[key].permitted & bit) || !(now.rule_letters & bit)))
			return true;
	}
	return false;
}

static enum outcome judge_steps(const struct request *r, uint8_t *at)
{
	for (*at = 0; *at < r->command.count; ++*at) {
		uint64_t bit = srq_letter_bit(r->command.steps[*at].letter);

		if (!(now.known & bit))
			return UNKNOWN;
		if (!(keys[r->key].permitted & bit))
			return OPERATOR;
		if (!(now.mask_letters & bit))
			return MASK;
		if (!(now.rule_letters & bit))
			return RULE;
	}
	*at = 0;
	return is_busy(r->key) ? BUSY : STARTED;
}

static enum outcome judge_command(const struct request *r, struct event **e)
{
	struct past p = past(r->key, r->one_way);
	enum outcome outcome;
	uint8_t at = 0;

	if (r->fault)
		return MALFORMED;
	if (!r->one_way && r->command.epoch != keys[r->key].epoch)
		return EPOCH;
	if (r->one_way && !now.tolerance)
		return OFF;
	if (r->one_way &&
	    memcmp(r->command.address, now.address, SRQ_ADDRESS_LEN))
		return ADDRESS;
	if (same(p.accepted, r)) {
		*e = p.accepted;
		return (*e)->settled ? REPEATED_END : REPEATED;
	}
	if (same(p.refused, r)) {
		*e = p.refused;
		return (*e)->outcome == BUSY ? BUSY_AGAIN : REFUSED_AGAIN;
	}
	outcome = r->one_way ? judge_one_way(r, p.used_up)
			     : judge_session(r, p.used_up);
	if (outcome != NONE)
		return outcome;
	outcome = judge_steps(r, &at);
	*e = &events[event_count++];
	**e = (struct event){ .request = *r, .outcome = outcome, .at = at };
	if (outcome == STARTED)
		(*e)->run = ++runs;
	return outcome;
}

/* *e becomes the event that the request is or repeats. */
static enum outcome judge(const struct request *r, struct event **e)
{
	if (r->fault == STRANGE || r->fault == LENGTH || r->fault == CLAIM)
		return UNANSWERED;
	if (r->type == SRQ_HELLO)
		return TOLD_STATUS;
	if (r->type == SRQ_COMMAND)
		return judge_command(r, e);
	if (r->command.epoch != keys[r->key].epoch)
		return LOG_EPOCH;
	return keys[r->key].may_read_log ? TOLD_LOG : LOG_DENIED;
}

/* --- What happens to the host --- */

static void key_id(int key, uint8_t id[SRQ_KEY_ID_LEN])
{
	memset(id, key & 1, SRQ_KEY_ID_LEN);
	id[0] = (uint8_t)(key & 2);
	id[SRQ_KEY_ID_LEN - 1] = (uint8_t)(key & 4);
}

static uint64_t some_letters(void)
{
	const uint64_t sets[] = { UINT64_MAX, ~srq_letter_bit('b'),
				  SRQ_ALL_LETTERS & ~srq_letter_bit('Z'),
				  draw() | draw() | draw(),
				  one_in(4) ? 0 : SRQ_ALL_LETTERS };

	return one_in(3) ? SRQ_ALL_LETTERS : PICK(sets);
}

static const char *some_name(void)
{
	static const char *const names[] = { "alice", "alic", "bob" };

	return PICK(names);
}

static uint64_t some_time(void)
{
	static const uint64_t scale[] = { 2, 1000, SRQ_SECOND, 60 * SRQ_SECOND,
					  3600 * SRQ_SECOND };

	return below(PICK(scale));
}

/* Makes a new table. At a reboot, the knowledge of the gate is lost. */
static void change_table(bool reboot)
{
	struct srq_gate *old = gate;
	int turn = (int)below(KEYS);
	gate = calloc(1, sizeof(*gate) + TABLE_MAX * sizeof(*gate->operators));
	assert_non_null(gate);
	for (int i = 0; i < KEYS; i++) {
		int key = (i + turn) % KEYS;
		bool had = keys[key].present && !reboot;
		bool has = gate->count < TABLE_MAX &&
			   (!i || below(8) < (had ? 6 : 2));
		struct srq_operator *who = &gate->operators[gate->count];

		keys[key].present = has;
		if (!has)
			continue;
		if (!had) {
			keys[key].since = now.boot_time;
			keys[key].joined = event_count;
			keys[key].epoch = draw() | 1;
		}
		key_id(key, who->keys.id);
		keys[key].name = some_name();
		strcpy(who->name, keys[key].name);
		who->epoch = had ? draw() | 1 : keys[key].epoch;
		who->permitted = keys[key].permitted = some_letters();
		who->may_read_log = keys[key].may_read_log = one_in(2);
		who->since = now.boot_time;
		gate->count++;
	}
	if (old && !reboot)
		srq_gate_inherit(gate, old);
	free(old);
}

/* The machine was cloned. */
static void renew(void)
{
	uint64_t epochs[TABLE_MAX];

	for (unsigned int i = 0; i < gate->count; i++)
		epochs[i] = draw() | 1;
	srq_gate_renew(gate, epochs, now.boot_time);
	for (int key = 0; key < KEYS; key++) {
		uint8_t id[SRQ_KEY_ID_LEN];

		if (!keys[key].present)
			continue;
		key_id(key, id);
		keys[key].epoch =
			epochs[srq_gate_find(gate, id) - gate->operators];
		keys[key].since = now.boot_time;
	}
}

static void set_clock(void)
{
	uint64_t since_1970 = below(2 * now.boot_time + 2);
	const uint64_t times[] = { true_time + 12 * some_time(),
				   true_time - 12 * some_time(), since_1970,
				   UINT64_MAX - some_time() };

	now.real_time = one_in(3) ? true_time : PICK(times);
}

static void reboot(void)
{
	true_time += 60 * SRQ_SECOND;
	now.boot_time = one_in(2) ? some_time() : 0;
	set_clock();
	runs = settled = event_count = 0;
	change_table(true);
}

static void pass_time(void)
{
	uint64_t passed = one_in(2)    ? below(SRQ_SECOND / 10)
			  : one_in(20) ? some_time()
				       : 0;

	true_time += passed;
	now.boot_time += passed;
	now.real_time += passed;
	if (one_in(100))
		now.real_time += one_in(2) ? some_time() : -some_time();
	if (one_in(300))
		set_clock();
}

static void change_run(void)
{
	static const char letters[] = "bsuZ9hw";

	memset(&now.run, 0xff, sizeof(now.run));
	now.run.any = !one_in(5);
	strcpy(now.run.owner, some_name());
	now.run.letters = one_in(5) ? some_letters() & SRQ_ALL_LETTERS : 0;
	for (uint64_t i = below(6); i; i--)
		now.run.letters |= srq_letter_bit(PICK(letters));
	now.run.overdue = one_in(8);
	now.run.full = one_in(50);
	now.run.ends_in = (uint32_t)draw();
}

static void change_situation(void)
{
	static const uint32_t tolerances[] = { 0,    0,     1,         60,
					       3600, 43200, UINT32_MAX };
	static const uint32_t times[] = { 0, 0, 1, 9, 600, 100000, UINT32_MAX };

	now.tolerance = PICK(tolerances);
	now.since_panic = PICK(times);
	now.known = some_letters();
	now.mask_letters = some_letters();
	now.rule_letters = some_letters();
}

/* The oldest run that goes on ends. */
static void settle(void)
{
	static const enum srq_code ends[] = { SRQ_OK, SRQ_SUPERSEDED,
					      SRQ_WITHDRAWN };
	struct srq_progress progress = { .log_first = draw(),
					 .count = (uint8_t)below(17),
					 .finished = (uint8_t)below(17) };
	enum srq_code code = PICK(ends);

	if (settled == runs)
		return;
	settled++;
	for (int i = 0; i < SRQ_STEPS_MAX; i++) {
		progress.states[i] = (uint8_t)below(SRQ_STEP_POINTLESS + 1);
		progress.times[i] = (uint32_t)draw();
	}
	for (struct event *e = events; e < events + event_count; e++)
		if (e->run == settled) {
			e->settled = true;
			e->code = code;
			e->progress = progress;
		}
	srq_gate_settle(gate, settled, code, &progress);
}

/* --- What is sent to the host --- */

/* Returns the moment, or a nanosecond before or after it. */
static uint64_t around(uint64_t moment)
{
	return moment + below(3) - 1;
}

static uint64_t some_sequence(int key)
{
	uint64_t next = past(key, false).used_up + 1;
	const uint64_t orders[] = { next + below(3), around(next), 0,
				    around(next - 1 + (1ULL << 32)),
				    one_in(20) ? UINT64_MAX : next };

	return one_in(2) ? next : PICK(orders);
}

static uint64_t some_stamp(int key)
{
	uint64_t real = now.real_time, tolerance = now.tolerance * SRQ_SECOND;
	const uint64_t stamps[] = { real + some_time(),
				    real - some_time(),
				    around(real + tolerance),
				    around(real - tolerance),
				    around(real + 60 * SRQ_SECOND +
					   now.since_panic * (SRQ_SECOND / 10)),
				    real + below(60 * SRQ_SECOND),
				    around(real + age(key)),
				    around(real - age(key)),
				    around(real - age(key) + 60 * SRQ_SECOND),
				    around(past(key, true).used_up),
				    one_in(4) ? UINT64_MAX : around(0) };

	return one_in(2) ? real : PICK(stamps);
}

static uint64_t some_deadline(bool one_way)
{
	uint64_t clock = one_way ? now.real_time : now.boot_time;
	uint64_t usual = one_way && one_in(2) ? 0 : clock + 30 * SRQ_SECOND;
	const uint64_t deadlines[] = { around(clock),
				       around(clock + 600 * SRQ_SECOND),
				       one_in(2) ? below(2) : UINT64_MAX };

	return one_in(2) ? usual : PICK(deadlines);
}

static void choose_steps(struct srq_command *command)
{
	static const char letters[] = "bsuZ9bsuZ9bsuZ9icho0za!"; /* and NUL */

	memset(command->steps, 0, sizeof(command->steps));
	command->count = (uint8_t)(1 + below(one_in(8) ? SRQ_STEPS_MAX : 2));
	for (int i = 0; i < command->count; i++)
		command->steps[i] =
			(struct srq_step){ PICK(letters), (uint8_t)below(2),
					   one_in(3) ? SRQ_WAIT_MAX_MS : 0 };
}

static struct request new_request(void)
{
	static const enum srq_type types[] = { SRQ_HELLO, SRQ_LOG };
	bool command = !one_in(10);
	int other = (int)below(KEYS);
	struct request r = {
		.key = (int)below(KEYS),
		.type = command ? SRQ_COMMAND : PICK(types),
		.fault = one_in(30) ? below(command ? WAIT + 1 : SHORT) : SOUND,
		.one_way = command && one_in(2),
		.id = one_in(4) ? below(2) : draw(),
	};

	if (!keys[r.key].present)
		return new_request();
	if (!r.one_way && (command || !one_in(8)))
		r.command.epoch = keys[r.key].epoch;
	if (r.command.epoch && one_in(20) && keys[other].epoch)
		r.command.epoch = keys[other].epoch;
	if (r.command.epoch && one_in(40))
		r.command.epoch ^= 1ULL << below(64);
	r.command.order = r.one_way ? some_stamp(r.key) : some_sequence(r.key);
	r.command.deadline = some_deadline(r.one_way);
	if (one_in(10))
		r.command.address[below(SRQ_ADDRESS_LEN)] = 1;
	choose_steps(&r.command);
	return r;
}

/* Returns a request that was sent before, likely a late one, perhaps
 * changed. */
static struct request old_request(void)
{
	uint64_t back = below(1ULL << below(18));
	struct request r;

	if (back >= sent_count)
		back = sent_count - 1;
	r = sent[(sent_count - 1 - back) % RECORDED];
	if (one_in(12))
		r.id = one_in(2) ? 0 : draw();
	if (one_in(12))
		r.command.order = around(r.command.order);
	if (one_in(12))
		choose_steps(&r.command);
	if (one_in(12))
		r.command.deadline = some_deadline(r.one_way);
	if (one_in(12))
		r.key = (int)below(KEYS);
	return r;
}

/* Writes the body of a request and returns its length. */
static size_t write_body(const struct request *r, uint8_t *body)
{
	bool is_long = (r->type == SRQ_LOG) != (r->fault == LENGTH);
	size_t len = is_long ? SRQ_LONG_BODY : SRQ_SHORT_BODY;
	struct srq_command c = r->command;
	struct srq_log log = { c.epoch, c.order };

	if (r->fault == WAIT)
		c.steps[c.count - 1].wait_ms = SRQ_WAIT_MAX_MS + 1;
	if (r->type == SRQ_HELLO)
		srq_write_hello(body, len, r->id);
	else if (r->type == SRQ_LOG)
		srq_write_log(body, len, r->id, &log);
	else
		srq_write_command(body, len, r->id, &c);
	if (r->fault == STRANGE)
		body[0] ^= r->id & 1 ? 0x80 : 4;
	if (r->fault == SHORT)
		body[3]--;
	if (r->fault == STEPS_0 || r->fault == STEPS_17)
		body[48] = r->fault == STEPS_0 ? 0 : 17;
	if (r->fault == CLAIM) {
		body[2] = (uint8_t)((len + 1) >> 8);
		body[3] = (uint8_t)(len + 1);
	}
	return len;
}

/* --- Do both say the same? --- */

/* The times of a refusal: how long the run in progress takes, or nothing */
static bool times_agree(enum srq_code code, const struct srq_progress *p)
{
	uint32_t expected[SRQ_STEPS_MAX] = { 0 };

	if (code == SRQ_BUSY && now.run.any)
		expected[0] = now.run.full ? 0 : now.run.ends_in;
	return !memcmp(p->times, expected, sizeof(expected));
}

static bool agree(const struct request *r, const uint8_t *body,
		  enum outcome outcome, const struct event *e,
		  const struct srq_verdict *v)
{
	enum srq_code code = outcomes[outcome].code;
	const struct srq_progress *p = &v->progress;
	uint8_t got[SRQ_SHORT_BODY];

	if (v->action != outcomes[outcome].action)
		return false;
	switch (v->action) {
	case SRQ_ACT_NOTHING:
		return true;
	case SRQ_ACT_STATUS:
		return v->id == r->id;
	case SRQ_ACT_LOG:
		return v->id == r->id && v->log_first == r->command.order;
	case SRQ_ACT_RUN:
		srq_write_command(got, sizeof(got), v->id, &v->command);
		return v->run == e->run && !memcmp(got, body, sizeof(got));
	case SRQ_ACT_REPEAT:
		return v->id == r->id && v->run == e->run &&
		       v->settled == e->settled &&
		       (!v->settled || (v->code == e->code &&
					p->log_first == e->progress.log_first &&
					p->count == e->progress.count &&
					p->finished == e->progress.finished &&
					!memcmp(p->states, e->progress.states,
						sizeof(p->states)) &&
					!memcmp(p->times, e->progress.times,
						sizeof(p->times))));
	default:
		if (outcome == REFUSED_AGAIN)
			code = outcomes[e->outcome].code;
		if (((code >= SRQ_NOT_OPERATOR && code <= SRQ_NO_SUCH_LETTER) ||
		     code == SRQ_BUSY) &&
		    (p->count != e->request.command.count ||
		     p->finished != e->at))
			return false;
		if (!times_agree(code, p))
			return false;
		return v->id == r->id && v->code == code &&
		       v->reply_type == (r->type | 0x80u);
	}
}

static void disagree(const struct request *r, enum outcome outcome,
		     const struct event *e, const struct srq_verdict *v)
{
	const struct srq_command *c = &r->command;

	fail_msg("seed %" PRIu64 ", step %" PRIu64 ": type %u, fault %u, key %d"
		 ", id %" PRIu64 ", epoch %" PRIu64 ", order %" PRIu64
		 ", deadline %" PRIu64 ", first step %c;\nepoch %" PRIu64
		 ", boot %" PRIu64 ", real %" PRIu64 ", tolerance %" PRIu32
		 ", key set %" PRIu64 ", used up %" PRIu64
		 ";\nthe gate: action %u, code %u, run %" PRIu64 ", step %u"
		 ";\nthe reference: %s, run %" PRIu64 ", step %d",
		 seed, step, r->type, r->fault, r->key, r->id, c->epoch,
		 c->order, c->deadline, c->steps[0].letter, keys[r->key].epoch,
		 now.boot_time, now.real_time, now.tolerance,
		 keys[r->key].since, past(r->key, r->one_way).used_up,
		 v->action, v->code, v->run, v->progress.finished,
		 outcomes[outcome].name, e ? e->run : 0, e ? e->at : 0);
}

static void check(bool holds, const char *what)
{
	if (!holds)
		fail_msg("seed %" PRIu64 ", step %" PRIu64 ": %s", seed, step,
			 what);
}

/*
 * This must hold, whatever the rules are: no datagram runs twice in one boot,
 * and none of a session runs after its epoch.
 */
static void check_started(const struct request *r)
{
	const struct event *e = events;
	int times = 0;

	for (; e < events + event_count; e++)
		times += e->outcome == STARTED && e->request.key == r->key &&
			 e->request.id == r->id &&
			 e->request.command.order == r->command.order &&
			 e->request.command.epoch == r->command.epoch;
	check(times == 1, "run twice");
	check(r->one_way || r->command.epoch == keys[r->key].epoch,
	      "old epoch");
}

static void send(void)
{
	bool old = sent_count && one_in(3);
	struct request r = old ? old_request() : new_request();
	struct event *e = NULL;
	enum outcome outcome;
	struct srq_operator *who;
	struct srq_verdict verdict;
	uint8_t id[SRQ_KEY_ID_LEN], body[SRQ_LONG_BODY];
	size_t len = write_body(&r, body);
	char letter = (char)below(256);

	sent[sent_count++ % RECORDED] = r;
	memset(now.address, 0, sizeof(now.address));
	if (old && !one_in(10))
		memcpy(now.address, r.command.address, sizeof(now.address));
	key_id(r.key, id);
	who = srq_gate_find(gate, id);
	check((who != NULL) == keys[r.key].present, "a key of the table");
	check(srq_gate_still_permits(gate, id, letter) ==
		      (who && keys[r.key].permitted &
				      srq_letter_bit((unsigned char)letter)),
	      "still permitted");
	if (!who)
		return;
	check(who->epoch == keys[r.key].epoch, "epoch");
	outcome = judge(&r, &e);
	reached[outcome][r.one_way]++;
	memset(&verdict, 0xa5, sizeof(verdict));
	srq_gate_judge(gate, who, body, len, &now, &verdict);
	if (!agree(&r, body, outcome, e, &verdict))
		disagree(&r, outcome, e, &verdict);
	if (outcome == STARTED)
		check_started(&r);
	check(srq_gate_sequence(who) == past(r.key, false).used_up, "sequence");
	check(srq_gate_letters(who, &now) ==
		      (now.known & keys[r.key].permitted & now.mask_letters &
		       now.rule_letters),
	      "letters");
}

static void test_random_histories(void **state)
{
	(void)state;
	print_message("# seed %" PRIu64 "\n", seed);
	events = calloc(steps, sizeof(*events));
	assert_non_null(events);
	true_time = 1767225600 * SRQ_SECOND;
	change_run();
	reboot();
	for (step = 0; step < steps; step++) {
		pass_time();
		if (one_in(30))
			change_situation();
		if (one_in(10))
			change_run();
		if (one_in(2000))
			reboot();
		else if (one_in(200))
			change_table(false);
		else if (one_in(1000))
			renew();
		else if (one_in(8))
			settle();
		else
			send();
	}
	free(gate);
	free(events);
}

/* An outcome that never happened is not tested. */
static void test_all_reached(void **state)
{
	(void)state;
	for (int i = NONE + 1; i < COUNT; i++) {
		print_message("# %s: %" PRIu64 " + %" PRIu64 "\n",
			      outcomes[i].name, reached[i][0], reached[i][1]);
		for (int way = 0; way < 2; way++)
			if (outcomes[i].ways & 1 << way)
				assert_true(reached[i][way] >= steps / 5000);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_histories),
		cmocka_unit_test(test_all_reached),
	};

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		steps = strtoull(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
