// SPDX-License-Identifier: GPL-2.0
/*
 * Exactly once: the real session of the library and the real gate of the host,
 * with a relay between them that drops, delays, copies and swaps datagrams,
 * replies and source ports as it likes, over reboots, clones, changes of the
 * table, and a colleague with the same key. Whatever happens, a command runs at
 * most once, what the session says of it is true, and all commands of a session
 * are for one epoch.
 *
 * The time is virtual. After the end of the sessions every datagram is sent
 * again, as somebody with a recording would do.
 *
 * ONCE_SEED, ONCE_COUNT: the first schedule, and how many. A failure prints its
 * seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "core/gate.h"
#include "lib/session.h"

enum {
	CLIENTS = 2,
	DATAGRAMS = 4096, /* in one schedule */
	COMMANDS = 64,
	SCHEDULES = 10000,
	OPERATORS = 2,
};

#define MS SRQ_MILLISECOND
#define S  SRQ_SECOND

static const uint64_t year_2026 = 1767225600 * SRQ_SECOND;

static uint64_t seed, state;

static uint64_t rnd(uint64_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % below;
}

static bool chance(unsigned int percent)
{
	return rnd(100) < percent;
}

/* --- The host --- */

struct gate_of_two {
	struct srq_gate gate;
	struct srq_operator operators[OPERATORS];
};

struct running {
	bool any;
	uint64_t number, began;
	char owner[SRQ_OPERATOR_NAME_MAX + 1];
	struct srq_command command;
};

static struct host {
	struct gate_of_two gate, snapshot;
	bool has_snapshot;
	uint64_t booted; /* our time at its boot time 0 */
	uint64_t saved;  /* boot time of the snapshot */
	int64_t clock;   /* its real time minus ours */
	uint64_t up_at;  /* when it answers again */
	uint32_t tolerance;
	struct running run;
	unsigned int runs[CLIENTS]; /* of the commands of each client */
} host;

static uint64_t now;
static struct srq_keys keys; /* of the operator whom both clients are */

static uint64_t real(void)
{
	return year_2026 + now;
}

static struct srq_gate *gate(void)
{
	return &host.gate.gate;
}

static uint64_t epoch(void)
{
	return rnd(UINT32_MAX) << 32 | (rnd(UINT32_MAX) + 1);
}

/* Operator 0 is ours, and may be away. */
static void fill(struct gate_of_two *to, bool ours)
{
	static const char *const names[] = { "alice", "bob" };

	memset(to, 0, sizeof(*to));
	for (int i = ours ? 0 : 1; i < OPERATORS; i++) {
		struct srq_operator *who =
			&to->gate.operators[to->gate.count++];

		strcpy(who->name, names[i]);
		who->keys = keys;
		who->keys.id[0] = (uint8_t)(keys.id[0] + i);
		who->permitted = SRQ_ALL_LETTERS;
		who->epoch = epoch();
		who->since = now - host.booted;
	}
}

static void boot(uint64_t down)
{
	host.booted = now;
	host.up_at = now + down;
	host.run.any = false;
	fill(&host.gate, true);
}

static void change_table(void)
{
	struct gate_of_two new;
	bool had_ours = gate()->count == OPERATORS;

	fill(&new, had_ours ? chance(50) : true);
	srq_gate_inherit(&new.gate, gate());
	host.gate = new;
}

static void restore(void)
{
	uint64_t epochs[OPERATORS] = { epoch(), epoch() };

	host.gate = host.snapshot;
	host.booted = now - host.saved;
	host.up_at = 0;
	host.run.any = false;
	srq_gate_renew(gate(), epochs, now - host.booted);
}

static bool ends_host(const struct srq_command *command)
{
	return srq_letter_ends_host(command->steps[command->count - 1].letter);
}

/* The progress of a run: each step takes its wait. */
static enum srq_code progress_of(const struct running *run,
				 struct srq_progress *progress)
{
	uint64_t at = run->began;

	memset(progress, 0, sizeof(*progress));
	progress->count = run->command.count;
	for (uint8_t i = 0; i < run->command.count; i++) {
		at += run->command.steps[i].wait_ms * MS;
		if (now < at) {
			progress->states[i] = SRQ_STEP_PRESSED;
			return SRQ_RUNNING;
		}
		progress->states[i] = SRQ_STEP_DONE;
		progress->times[i] = run->command.steps[i].wait_ms;
		progress->finished = (uint8_t)(i + 1);
	}
	return SRQ_OK;
}

static void begin_run(const struct srq_verdict *verdict)
{
	struct srq_progress progress;
	enum srq_code code;

	if (host.run.any) {
		code = progress_of(&host.run, &progress);
		if (code == SRQ_RUNNING)
			code = SRQ_SUPERSEDED;
		srq_gate_settle(gate(), host.run.number, code, &progress);
	}
	host.run = (struct running){
		.any = true,
		.number = verdict->run,
		.began = now,
		.command = verdict->command,
	};
	strcpy(host.run.owner, "alice");
}

/* --- The clients: two, with one key --- */

static struct client {
	struct srq_ask ask;
	struct srq_session session;
	bool begun;
	uint64_t epoch; /* of its commands in session */
	unsigned int commands;
	uint64_t ids[COMMANDS]; /* of the commands that it has made */
} clients[CLIENTS];

static void note_command(struct client *client)
{
	const struct srq_session *s = &client->session;

	if (s->phase != SRQ_PHASE_COMMAND && s->phase != SRQ_PHASE_ONE_WAY)
		return;
	if (client->commands && client->ids[client->commands - 1] == s->id)
		return;
	assert_true(client->commands < COMMANDS);
	if (s->phase == SRQ_PHASE_COMMAND && !client->epoch)
		client->epoch = s->status.epoch;
	if (s->phase == SRQ_PHASE_COMMAND && client->epoch != s->status.epoch)
		fail_msg("ONCE_SEED=%llu: a command for another epoch",
			 (unsigned long long)seed);
	client->ids[client->commands++] = s->id;
}

static void count_run(uint64_t id)
{
	for (int i = 0; i < CLIENTS; i++) {
		for (unsigned int j = 0; j < clients[i].commands; j++)
			host.runs[i] += clients[i].ids[j] == id;
	}
}

/* --- The relay --- */

static struct datagram {
	uint64_t due;
	bool up; /* to the host */
	uint8_t client;
	uint32_t copy;
	uint8_t body[SRQ_SHORT_BODY];
} datagrams[DATAGRAMS];
static unsigned int datagram_count;

/* What was sent to the host, for a recording */
static struct datagram recorded[DATAGRAMS];
static unsigned int recorded_count;

static uint64_t delay(void)
{
	switch (rnd(10)) {
	case 0:
		return rnd(3000) * MS;
	case 1:
		return rnd(60) * S;
	default:
		return rnd(150) * MS;
	}
}

static unsigned int loss, restless; /* percent, of this schedule */

/* Sends a datagram as often as the relay likes. */
static void relay(const struct datagram *datagram)
{
	unsigned int copies = chance(loss) ? 0 : 1 + (chance(20) ? rnd(3) : 0);

	while (copies-- && datagram_count < DATAGRAMS) {
		struct datagram *d = &datagrams[datagram_count++];

		*d = *datagram;
		d->due = now + delay();
		/* To another of the client's ports */
		if (!d->up && chance(15) && clients[d->client].session.copy)
			d->copy =
				(uint32_t)rnd(clients[d->client].session.copy);
	}
}

static void send_due(struct client *client)
{
	struct srq_outgoing out;

	while (srq_session_send(&client->session, now, &out)) {
		struct datagram d = {
			.up = true,
			.client = (uint8_t)(client - clients),
			.copy = out.copy,
		};
		uint8_t opened[SRQ_SHORT];

		note_command(client);
		memcpy(opened, out.datagram, SRQ_SHORT);
		assert_true(srq_datagram_open(opened, SRQ_SHORT, keys.request));
		memcpy(d.body, srq_datagram_body(opened), SRQ_SHORT_BODY);
		if (recorded_count < DATAGRAMS)
			recorded[recorded_count++] = d;
		relay(&d);
	}
}

/* --- A datagram at the host --- */

static struct srq_situation situation(void)
{
	struct srq_progress progress;
	struct srq_situation look = {
		.boot_time = now - host.booted,
		.real_time = real() + (uint64_t)host.clock,
		.tolerance = host.tolerance,
		.address = { [10] = 0xff, 0xff, 192, 0, 2, 7 },
		.known = SRQ_ALL_LETTERS,
		.mask_letters = SRQ_ALL_LETTERS,
		.rule_letters = SRQ_ALL_LETTERS,
	};

	if (host.run.any && progress_of(&host.run, &progress) == SRQ_RUNNING) {
		look.run.any = true;
		strcpy(look.run.owner, host.run.owner);
	}
	return look;
}

static void write_result(uint8_t *body, const struct srq_operator *who,
			 const struct srq_verdict *verdict)
{
	struct srq_result result = {
		.epoch = who->epoch,
		.sequence = srq_gate_sequence(who),
		.real_time = real() + (uint64_t)host.clock,
		.boot_time = now - host.booted,
		.tolerance = host.tolerance,
		.progress = verdict->progress,
	};
	enum srq_code code = verdict->code;

	if (verdict->action != SRQ_ACT_REFUSE && !verdict->settled)
		code = progress_of(&host.run, &result.progress);
	srq_write_result(body, SRQ_SHORT_BODY, verdict->id, (uint8_t)code,
			 &result);
}

static void write_status(uint8_t *body, const struct srq_operator *who,
			 uint64_t id)
{
	struct srq_status status = {
		.epoch = who->epoch,
		.sequence = srq_gate_sequence(who),
		.real_time = real() + (uint64_t)host.clock,
		.boot_time = now - host.booted,
		.letters = SRQ_ALL_LETTERS,
		.tolerance = host.tolerance,
	};

	srq_write_status(body, SRQ_SHORT_BODY, id, &status);
}

static void at_host(struct datagram d)
{
	struct srq_operator *who = srq_gate_find(gate(), keys.id);
	struct srq_situation look = situation();
	struct srq_verdict verdict;

	if (now < host.up_at || !who)
		return;
	srq_gate_judge(gate(), who, d.body, SRQ_SHORT_BODY, &look, &verdict);
	if (verdict.action == SRQ_ACT_RUN) {
		begin_run(&verdict);
		count_run(verdict.id);
	}
	if (verdict.action == SRQ_ACT_STATUS)
		write_status(d.body, who, verdict.id);
	else
		write_result(d.body, who, &verdict);
	d.up = false;
	relay(&d);
	if (verdict.action == SRQ_ACT_RUN && ends_host(&verdict.command))
		boot(rnd(8) * S);
}

/* --- A schedule --- */

static void begin(struct client *client)
{
	static const char letters[] = "hsbmwu";
	struct srq_ask *ask = &client->ask;

	ask->keys = keys;
	ask->way = chance(70)   ? SYSRQ_WAY_ANY
		   : chance(50) ? SYSRQ_WAY_SESSION
				: SYSRQ_WAY_ONE_WAY;
	client->epoch = ask->way == SYSRQ_WAY_SESSION && chance(50)
				? gate()->operators[0].epoch
				: 0;
	ask->epoch = client->epoch;
	ask->timeout = chance(80) ? 5 * S : 40 * S;
	ask->one_way_for = 600 * S;
	ask->address_count = (uint8_t)(1 + rnd(2));
	for (int i = 0; i < 2; i++)
		ask->addresses[i][10] = ask->addresses[i][11] = 0xff;
	memcpy(ask->addresses[0] + 12, (uint8_t[]){ 192, 0, 2, 7 }, 4);
	memcpy(ask->addresses[1] + 12, (uint8_t[]){ 192, 0, 2, 8 }, 4);
	ask->count = (uint8_t)(1 + rnd(2));
	for (uint8_t i = 0; i < ask->count; i++) {
		ask->steps[i].letter = letters[rnd(sizeof(letters) - 1)];
		ask->steps[i].wait_ms = (uint32_t)rnd(1500);
	}
	srq_session_begin(&client->session, ask, now, real());
	client->begun = true;
}

/* What else may happen, once in a while */
static void disturb(void)
{
	switch (rnd(5)) {
	case 0:
		boot(rnd(20) * S);
		break;
	case 1:
		change_table();
		break;
	case 2:
		host.snapshot = host.gate;
		host.saved = now - host.booted;
		host.has_snapshot = true;
		break;
	case 3:
		if (host.has_snapshot)
			restore();
		break;
	case 4:
		host.tolerance = chance(50) ? 0 : 300;
		break;
	}
}

/* Returns the index of the datagram that is due next, or datagram_count. */
static unsigned int next_datagram(void)
{
	unsigned int first = datagram_count;

	for (unsigned int i = 0; i < datagram_count; i++) {
		if (first == datagram_count ||
		    datagrams[i].due < datagrams[first].due)
			first = i;
	}
	return first;
}

static void deliver(unsigned int i)
{
	struct datagram d = datagrams[i];
	struct client *client = &clients[d.client];

	datagrams[i] = datagrams[--datagram_count];
	if (d.up)
		at_host(d);
	else if (client->begun)
		srq_session_receive(&client->session, now, 0, d.copy, d.body);
}

static bool any_open(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		if (clients[i].begun && !srq_session_ended(&clients[i].session))
			return true;
	}
	return false;
}

/* Runs until `until`, or, if that is 0, until the sessions have ended. */
static void run_until(uint64_t until)
{
	while (until ? now < until : any_open()) {
		unsigned int i = next_datagram();
		uint64_t next = until ? until : now + 3600 * S;

		if (i < datagram_count && datagrams[i].due < next)
			next = datagrams[i].due;
		for (int j = 0; j < CLIENTS; j++) {
			struct client *c = &clients[j];

			if (c->begun &&
			    srq_session_deadline(&c->session) < next)
				next = srq_session_deadline(&c->session);
		}
		if (next > now)
			now = next;
		if (i < datagram_count && datagrams[i].due <= now)
			deliver(i);
		for (int j = 0; j < CLIENTS; j++) {
			uint8_t step;

			if (!clients[j].begun)
				continue;
			send_due(&clients[j]);
			while (srq_session_event(&clients[j].session, &step))
				;
		}
		if (chance(restless))
			disturb();
	}
}

static void replay_all(void)
{
	unsigned int count = recorded_count;

	for (unsigned int i = 0; i < count && datagram_count < DATAGRAMS; i++) {
		datagrams[datagram_count] = recorded[i];
		datagrams[datagram_count++].due = now + rnd(900) * S;
	}
	loss = 100; /* nobody hears the answers */
	run_until(now + 901 * S);
}

/* How many runs the end that a session tells permits */
static const struct {
	unsigned int least, most;
} claims[] = {
	[SYSRQ_END_CARRIED_OUT] = { 1, 1 },
	[SYSRQ_END_ALIVE] = { 1, 1 },
	[SYSRQ_END_SUPERSEDED] = { 1, 1 },
	[SYSRQ_END_LOST] = { 1, 1 },
	[SYSRQ_END_STALLED] = { 1, 1 },
	[SYSRQ_END_RESTARTED] = { 1, 1 },
	[SYSRQ_END_WITHDRAWN] = { 1, 1 },
	[SYSRQ_END_MAYBE] = { 0, 1 },
	[SYSRQ_END_SENT] = { 0, 1 },
	[SYSRQ_END_REFUSED] = { 0, 1 }, /* if it is not sure */
	/* Nothing was sent: */
	[SYSRQ_END_SEVERAL] = { 0, 0 },
	[SYSRQ_END_SILENT] = { 0, 0 },
	[SYSRQ_END_CLOSED] = { 0, 0 },
	[SYSRQ_END_UNREACHABLE] = { 0, 0 },
};

static unsigned int ends[SYSRQ_END_REFUSED + 2];

static void judge(int i)
{
	const struct srq_session *s = &clients[i].session;
	bool sure = s->end == SYSRQ_END_REFUSED && s->sure;
	unsigned int most = sure ? 0 : claims[s->end].most;

	ends[sure ? SYSRQ_END_REFUSED + 1 : s->end]++;
	if (host.runs[i] < claims[s->end].least || host.runs[i] > most)
		fail_msg("ONCE_SEED=%llu: client %d says end %d, code %d, "
			 "sure %d, and its command ran %u times",
			 (unsigned long long)seed, i, s->end, s->code, s->sure,
			 host.runs[i]);
}

static void schedule(void)
{
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	memset(&host, 0, sizeof(host));
	memset(clients, 0, sizeof(clients));
	datagram_count = recorded_count = 0;
	loss = (unsigned int)rnd(60);
	restless = (unsigned int)rnd(12);
	now = 5000 * S;
	host.tolerance = chance(60) ? 300 : 0;
	host.clock = ((int64_t)rnd(180) - 90) * (int64_t)S;
	boot(0);
	now += 1000 * S;
	begin(&clients[0]);
	if (chance(50))
		begin(&clients[1]);
	run_until(0);
	replay_all();
	for (int i = 0; i < CLIENTS; i++) {
		if (clients[i].begun)
			judge(i);
	}
}

static unsigned long setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

static void test_once(void **unused)
{
	unsigned long first = setting("ONCE_SEED", 1);
	unsigned long count = setting("ONCE_COUNT", SCHEDULES);

	(void)unused;
	for (seed = first; seed < first + count; seed++)
		schedule();
}

/* The schedules reach every end that a relay can bring about. */
static void test_coverage(void **unused)
{
	static const int wanted[] = {
		SYSRQ_END_CARRIED_OUT, SYSRQ_END_SUPERSEDED,
		SYSRQ_END_RESTARTED,   SYSRQ_END_MAYBE,
		SYSRQ_END_SENT,        SYSRQ_END_SILENT,
		SYSRQ_END_REFUSED,     SYSRQ_END_REFUSED + 1,
	};

	(void)unused;
	if (getenv("ONCE_COUNT"))
		skip();
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!ends[wanted[i]])
			fail_msg("no schedule ends with %d", wanted[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_coverage),
	};
	uint8_t key[SRQ_KEY_LEN] = { 1 };

	if (sodium_init() < 0 || srq_keys_derive(&keys, key))
		return 1;
	return cmocka_run_group_tests_name("once", tests, NULL, NULL);
}
