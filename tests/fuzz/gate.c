// SPDX-License-Identifier: GPL-2.0
/*
 * The gate, under a stream of events: requests well made, malformed and
 * replayed, clocks that run and are set, masks and rules, runs in progress,
 * tables, clones and reboots.
 * Whatever comes, some things may never happen.
 */
#include "tests/fuzz/fuzz.h"
#include "core/bytes.h"
#include "core/gate.h"

enum { KEYS = 4, EVENTS_MAX = 200, RECORDED = 8 };

static const uint64_t second = 1000000000ULL;

/* The last command that was run for a key, by one way. */
struct last_run {
	uint64_t id, order, run;
	bool settled;
	enum srq_code code;
	struct srq_progress progress;
};

/* What an observer keeps of a key; way 0 is in session, way 1 one-way. */
struct observed {
	bool present;
	uint64_t epoch, since;
	uint64_t used_up[2];
	struct last_run last[2];
};

static struct input in;
static struct srq_gate *gate;
static struct srq_situation now;
static uint64_t epochs; /* drawn so far */
static uint64_t runs;   /* since boot */
static struct observed observed[KEYS];

static struct {
	uint8_t body[SRQ_LONG_BODY];
	size_t len;
} recorded[RECORDED];
static size_t record;

/* --- Drawing from the input --- */

static uint64_t take_letters(void)
{
	uint8_t how = (uint8_t)take(&in, 1);

	if (how < 128)
		return SRQ_ALL_LETTERS;
	if (how < 192)
		return SRQ_ALL_LETTERS & ~(1ULL << how % SRQ_LETTERS);
	return take(&in, 8) & SRQ_ALL_LETTERS;
}

/* A number not far from this one, or any */
static uint64_t take_near(uint64_t number, uint64_t unit)
{
	int8_t how = (int8_t)take(&in, 1);

	if (how == INT8_MIN)
		return take(&in, 8);
	return number + (uint64_t)(how / 4) * unit + (uint64_t)(how % 4);
}

static char take_letter(void)
{
	static const char keys[] = "sub0hZio";
	uint8_t how = (uint8_t)take(&in, 1);

	return how < 128 ? keys[how % 8] : (char)how;
}

static struct srq_operator *take_operator(void)
{
	return gate->count ? &gate->operators[take(&in, 1) % gate->count]
			   : NULL;
}

static struct observed *observed_of(const struct srq_operator *who)
{
	return &observed[who->keys.id[SRQ_KEY_ID_LEN - 1]];
}

/* --- What must hold --- */

static size_t gate_size(const struct srq_gate *of)
{
	return sizeof(*of) + of->count * sizeof(of->operators[0]);
}

/* As docs/protocol.md has it: no further off than the key is old. */
static bool is_fresh(const struct observed *key, uint64_t stamp)
{
	__int128 off = (__int128)stamp - now.real_time;
	__int128 age = (__int128)now.boot_time - key->since;

	return off < age && -off < age;
}

static bool is_in_tolerance(uint64_t stamp)
{
	__int128 off = (__int128)stamp - now.real_time;
	__int128 allowed = (__int128)now.tolerance * second;

	return off <= allowed && -off <= allowed;
}

/* A minute, and a tenth of the time since a panic */
static bool is_too_far_ahead(uint64_t stamp)
{
	__int128 ahead = (__int128)stamp - now.real_time;

	return ahead >
	       60 * (__int128)second + (__int128)now.since_panic * second / 10;
}

/* Is there a run that may not be ended by this operator? */
static bool is_busy(const struct srq_operator *who)
{
	uint64_t left = now.run.letters;

	if (!now.run.any || now.run.overdue ||
	    !strcmp(now.run.owner, who->name))
		return false;
	for (const char *c = "dhlmpqtwzD0123456789rR"; *c; c++)
		left &= ~srq_letter_bit(*c);
	return left & ~(who->permitted & now.rule_letters);
}

static bool is_here(const struct srq_command *command)
{
	return !memcmp(command->address, now.address, SRQ_ADDRESS_LEN);
}

static void check_run(const struct srq_operator *who,
		      const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	struct observed *key = observed_of(who);
	int way = !command->epoch;
	uint64_t usable = who->permitted & now.mask_letters & now.rule_letters &
			  now.known;

	assert(srq_gate_letters(who, &now) == usable);
	assert(command->count >= 1 && command->count <= SRQ_STEPS_MAX);
	for (size_t i = 0; i < command->count; i++) {
		char step = command->steps[i].letter;

		assert(usable & srq_letter_bit((unsigned char)step));
		assert(who->last_letters[i] == step);
		assert(command->steps[i].wait_ms <= SRQ_WAIT_MAX_MS);
	}
	assert(!who->last_letters[command->count]);

	/* Not twice, nor after one that was sent later or refused. */
	assert(command->order > key->used_up[way]);
	assert(!is_busy(who));
	if (way) {
		assert(now.tolerance && is_here(command));
		assert(is_in_tolerance(command->order));
		assert(!is_too_far_ahead(command->order));
		assert(is_fresh(key, command->order));
		assert(!command->deadline ||
		       command->deadline >= now.real_time);
	} else {
		assert(command->epoch == key->epoch);
		assert(command->order - key->used_up[0] < 1ULL << 32);
		assert(command->deadline >= now.boot_time);
		assert(command->deadline - now.boot_time <= 600 * second);
	}
	assert(verdict->run == ++runs && gate->runs == runs);

	key->used_up[way] = command->order;
	key->last[way] = (struct last_run){
		.id = verdict->id,
		.order = command->order,
		.run = runs,
	};
}

static void check_repeat(const struct srq_operator *who,
			 const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	const struct last_run *last = &observed_of(who)->last[!command->epoch];

	assert(!command->epoch || command->epoch == observed_of(who)->epoch);
	assert(command->epoch || (now.tolerance && is_here(command)));
	assert(last->run && verdict->run == last->run);
	assert(command->order == last->order && verdict->id == last->id);
	assert(verdict->settled == last->settled);
	assert(verdict->code == last->code);
	assert(!memcmp(&verdict->progress, &last->progress,
		       sizeof(last->progress)));
}

/* Returns whether it was used up, so that nothing can bring it back. */
static bool check_refused_command(const struct srq_operator *who,
				  const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	struct observed *key = observed_of(who);
	bool for_letters = verdict->code >= SRQ_NOT_OPERATOR &&
			   verdict->code <= SRQ_NO_SUCH_LETTER;
	bool busy = verdict->code == SRQ_BUSY;
	int way = !command->epoch;
	bool used_up;

	if (verdict->code == SRQ_MALFORMED)
		return false;
	/* Of the command refused before, where this claims to be that one. */
	assert(verdict->progress.count >= 1 &&
	       verdict->progress.count <= SRQ_STEPS_MAX);
	assert(!command->epoch || verdict->code == SRQ_WRONG_EPOCH ||
	       command->epoch == key->epoch);
	assert(verdict->progress.finished < verdict->progress.count);
	assert(for_letters || !verdict->progress.finished);
	assert(verdict->progress.times[0] ==
	       (busy && now.run.any && !now.run.full ? now.run.ends_in : 0));
	used_up = (for_letters || busy) && command->order > key->used_up[way];
	if (used_up)
		key->used_up[way] = command->order;
	assert(!used_up || !busy || is_busy(who));
	return used_up;
}

static void check_log(const struct srq_operator *who, const uint8_t *body,
		      size_t len, const struct srq_verdict *verdict)
{
	struct srq_log log;

	assert(srq_read_log(body, len, &log));
	assert(log.epoch == observed_of(who)->epoch);
	assert(who->may_read_log && verdict->log_first == log.first);
}

/* The body's; 0: no reply. */
static size_t reply_len(const struct srq_verdict *verdict)
{
	switch (verdict->action) {
	case SRQ_ACT_NOTHING:
		return 0;
	case SRQ_ACT_STATUS:
	case SRQ_ACT_RUN:
	case SRQ_ACT_REPEAT:
		return SRQ_SHORT_BODY;
	case SRQ_ACT_LOG:
		return SRQ_LONG_BODY;
	case SRQ_ACT_REFUSE:
		assert(verdict->code >= SRQ_WRONG_EPOCH);
		if (verdict->reply_type == SRQ_RESULT)
			return SRQ_SHORT_BODY;
		assert(verdict->reply_type == SRQ_LOGDATA);
		return SRQ_LONG_BODY;
	}
	abort();
}

/* Puts into `before` what the verdict may have changed, and nothing else. */
static void allow(struct srq_gate *before, const struct srq_operator *who,
		  const struct srq_verdict *verdict, bool used_up)
{
	struct srq_operator *was = &before->operators[who - gate->operators];
	bool in_session = verdict->command.epoch;
	const struct srq_past *past =
		in_session ? &who->session : &who->one_way;
	struct srq_past *past_was = in_session ? &was->session : &was->one_way;

	if (verdict->action == SRQ_ACT_RUN || used_up)
		was->last_used = now.boot_time;
	if (verdict->action == SRQ_ACT_RUN) {
		before->runs = runs;
		memcpy(&past_was->accepted, &past->accepted,
		       sizeof(past->accepted));
		memcpy(was->last_letters, who->last_letters,
		       sizeof(was->last_letters));
	}
	if (used_up)
		memcpy(&past_was->refused, &past->refused,
		       sizeof(past->refused));
}

static void check(struct srq_gate *before, const struct srq_operator *who,
		  const uint8_t *body, size_t len,
		  const struct srq_verdict *verdict)
{
	struct srq_header header;
	bool used_up = false;

	/* Each reply is as long as its request. */
	assert(!reply_len(verdict) || reply_len(verdict) == len);
	if (!srq_read_header(body, len, &header)) {
		assert(verdict->action == SRQ_ACT_NOTHING);
		assert(!memcmp(before, gate, gate_size(gate)));
		return;
	}
	assert(verdict->id == header.id);
	if (verdict->action == SRQ_ACT_STATUS)
		assert(header.type == SRQ_HELLO);
	else if (verdict->action == SRQ_ACT_LOG)
		check_log(who, body, len, verdict);
	else if (verdict->action == SRQ_ACT_RUN)
		check_run(who, verdict);
	else if (verdict->action == SRQ_ACT_REPEAT)
		check_repeat(who, verdict);
	else if (verdict->action == SRQ_ACT_REFUSE &&
		 verdict->reply_type == SRQ_RESULT)
		used_up = check_refused_command(who, verdict);
	if (verdict->action == SRQ_ACT_RUN || verdict->action == SRQ_ACT_REPEAT)
		assert(header.type == SRQ_COMMAND);
	allow(before, who, verdict, used_up);
	assert(!memcmp(before, gate, gate_size(gate)));
	assert(srq_gate_sequence(who) == observed_of(who)->used_up[0]);
}

static void judge(const uint8_t *body, size_t len)
{
	struct srq_operator *who = take_operator();
	uint8_t *bare = exact(body, len);
	struct srq_gate *before = exact(gate, gate_size(gate));
	struct srq_verdict verdict;

	if (who) {
		srq_gate_judge(gate, who, bare, len, &now, &verdict);
		assert(!memcmp(bare, body, len));
		check(before, who, body, len, &verdict);
	}
	free(before);
	free(bare);
}

/* --- Requests --- */

static void send(const uint8_t *body, size_t len)
{
	memcpy(recorded[record].body, body, len);
	recorded[record].len = len;
	record = (record + 1) % RECORDED;
	judge(body, len);
}

static void send_command(void)
{
	uint8_t body[SRQ_SHORT_BODY], how = (uint8_t)take(&in, 1);
	const struct observed *key = &observed[take(&in, 1) % KEYS];
	struct srq_command command = {
		.epoch = how & 1 ? key->epoch : 0,
		.count = 1 + (how >> 4) % SRQ_STEPS_MAX,
	};

	if (how & 1) {
		command.order = take_near(key->used_up[0] + 1,
					  how & 8 ? 1ULL << 32 : 1);
		command.deadline = take_near(now.boot_time, 30 * second);
	} else {
		command.order = take_near(now.real_time, second);
		memcpy(command.address, now.address, SRQ_ADDRESS_LEN);
		if (how & 8)
			command.deadline = take_near(now.real_time, second);
	}
	for (size_t i = 0; i < command.count; i++)
		command.steps[i] = (struct srq_step){
			.letter = take_letter(),
			.wait_ms = (uint32_t)take(&in, 1) * 2353,
		};
	srq_write_command(body, sizeof(body), take(&in, 1), &command);
	/* Well made, up to here */
	if (how & 2) {
		size_t at = take(&in, 1) % 192;

		body[at] ^= (uint8_t)take(&in, 1);
	}
	send(body, sizeof(body));
}

static void send_hello_or_log(void)
{
	uint8_t body[SRQ_LONG_BODY], how = (uint8_t)take(&in, 1);
	size_t len = how & 2 ? SRQ_SHORT_BODY : SRQ_LONG_BODY;
	struct srq_log log = {
		.epoch = how & 4 ? 0 : observed[how / 8 % KEYS].epoch,
		.first = take(&in, 2),
	};

	if (how & 1)
		srq_write_hello(body, len, take(&in, 1));
	else
		srq_write_log(body, len, take(&in, 1), &log);
	send(body, len);
}

static void send_raw(void)
{
	uint8_t body[SRQ_LONG_BODY], how = (uint8_t)take(&in, 1);
	size_t len = how % 2 ? SRQ_SHORT_BODY : SRQ_LONG_BODY;

	memset(body, 0, sizeof(body));
	take_bytes(&in, body, how / 2);
	send(body, len);
}

static void send_recorded(void)
{
	size_t i = take(&in, 1) % RECORDED;

	if (recorded[i].len)
		judge(recorded[i].body, recorded[i].len);
}

/* --- The world around it --- */

static void pass_time(void)
{
	uint64_t ns = take(&in, 1);

	ns <<= take(&in, 1) % 40;
	now.boot_time += ns;
	now.real_time += ns;
}

static void set_clock(void)
{
	now.real_time = take_near(now.real_time, 600 * second);
}

/* An independent reading of kernel.sysrq's mask */
static bool mask_permits(uint32_t mask, int key)
{
	uint32_t bit = srq_letter_mask_bit(key);

	if (mask <= 1)
		return mask;
	return key == 'h' || (bit != 1 && mask & bit);
}

static void set_mask(void)
{
	uint32_t mask = (uint32_t)take(&in, 2) % 0x400;

	now.mask_letters = srq_mask_letters(mask);
	for (int i = 0; i < SRQ_LETTERS; i++)
		assert((now.mask_letters >> i & 1) ==
		       mask_permits(mask, srq_letter_at(i)));
	assert(!(now.mask_letters & ~SRQ_ALL_LETTERS));
}

static void set_situation(void)
{
	now.tolerance = (uint32_t)take_near(take(&in, 1) % 32, 60);
	now.known = take_letters();
	now.rule_letters = take_letters();
	now.address[15] = (uint8_t)take(&in, 1) % 2;
	now.since_panic = (uint32_t)take(&in, 1) % 8 * 300;
}

static const char *take_name(void)
{
	static const char *const names[] = { "alice", "alic", "bob", "" };

	return names[take(&in, 1) % 4];
}

static void set_run(void)
{
	uint8_t how = (uint8_t)take(&in, 1);

	memset(&now.run, 0, sizeof(now.run));
	now.run.any = how % 8;
	now.run.overdue = how / 8 % 4 == 1;
	strcpy(now.run.owner, take_name());
	for (int i = 0; i < how / 32; i++)
		now.run.letters |= srq_letter_bit(take_letter());
	now.run.ends_in = (uint32_t)take(&in, 2);
}

static void settle(void)
{
	uint64_t run = runs - take(&in, 1) % 4;
	enum srq_code code = (enum srq_code)(take(&in, 1) % 3);
	struct srq_progress progress;

	memset(&progress, 0, sizeof(progress));
	progress.log_first = take(&in, 1);
	progress.count = (uint8_t)take(&in, 1) % (SRQ_STEPS_MAX + 1);
	progress.finished = progress.count / 2;
	take_bytes(&in, progress.states, progress.count);
	srq_gate_settle(gate, run, code, &progress);
	for (size_t i = 0; i < 2 * KEYS; i++) {
		struct last_run *last = &observed[i / 2].last[i % 2];

		if (!last->run || last->run != run)
			continue;
		last->settled = true;
		last->code = code;
		last->progress = progress;
	}
}

/* A table of some of the keys, each with what it may do now */
static struct srq_gate *new_table(unsigned int members)
{
	unsigned int count = (unsigned int)__builtin_popcount(members);
	struct srq_gate *table;
	struct srq_operator *who;

	table = calloc(1, sizeof(*table) + count * sizeof(*who));
	assert(table);
	table->count = count;
	who = table->operators;
	for (uint8_t i = 0; i < KEYS; i++) {
		if (!(members & 1U << i))
			continue;
		who->keys.id[SRQ_KEY_ID_LEN - 1] = i;
		strcpy(who->name, take_name());
		who->epoch = ++epochs;
		who->permitted = take_letters();
		who->may_read_log = take(&in, 1) % 2;
		/* By another CPU's clock, which may be a little ahead */
		who->since = now.boot_time + take(&in, 1);
		who++;
	}
	return table;
}

static const struct srq_operator *find(uint8_t last_of_id)
{
	uint8_t id[SRQ_KEY_ID_LEN] = { [SRQ_KEY_ID_LEN - 1] = last_of_id };
	const struct srq_operator *who = srq_gate_find(gate, id);

	assert(!who || !memcmp(who->keys.id, id, sizeof(id)));
	return who;
}

static void check_still_permits(const struct srq_operator *who,
				uint8_t last_of_id)
{
	uint8_t id[SRQ_KEY_ID_LEN] = { [SRQ_KEY_ID_LEN - 1] = last_of_id };
	uint64_t bits = 0;

	for (int letter = 0; letter < 256; letter++) {
		bool may = srq_gate_still_permits(gate, id, (char)letter);
		uint64_t bit = srq_letter_bit(letter);

		assert(bit || !may);
		bits |= may ? bit : 0;
	}
	assert(bits == (who ? who->permitted : 0));
}

/* in_both: the keys that were in the table before, too */
static void observe_table(unsigned int members, unsigned int in_both)
{
	assert(!find(KEYS));
	for (uint8_t i = 0; i < KEYS; i++) {
		struct observed *key = &observed[i];
		const struct srq_operator *who = find(i);

		assert(!who == !(members & 1U << i));
		if (in_both & 1U << i) {
			assert(who->since == key->since);
			assert(who->epoch == key->epoch);
		} else {
			/* One that is taken away may come back, and then
			 * its old stamps may not. */
			*key = (struct observed){
				.present = who,
				.epoch = who ? who->epoch : 0,
				.since = who ? who->since : 0,
				.used_up = { 0, key->used_up[1] },
			};
		}
		/* No other key's stamps are used up for it. */
		if (who && !(in_both & 1U << i)) {
			assert(who->one_way.floor == key->used_up[1]);
			assert(!who->session.floor);
		}
		check_still_permits(who, i);
	}
}

static void change_table(void)
{
	unsigned int members = (unsigned int)take(&in, 1) % (1U << KEYS);
	struct srq_gate *next = new_table(members);
	unsigned int in_both = 0;

	for (unsigned int i = 0; i < KEYS; i++) {
		if (observed[i].present)
			in_both |= members & 1U << i;
	}
	srq_gate_inherit(next, gate);
	free(gate);
	gate = next;
	assert(gate->runs == runs);
	observe_table(members, in_both);
}

/* The machine was cloned. */
static void renew(void)
{
	uint64_t fresh[KEYS];

	for (unsigned int i = 0; i < gate->count; i++)
		fresh[i] = ++epochs;
	srq_gate_renew(gate, fresh, now.boot_time);
	for (uint8_t i = 0; i < KEYS; i++) {
		const struct srq_operator *who = find(i);

		if (!who)
			continue;
		assert(who->epoch > observed[i].epoch);
		assert(who->since == now.boot_time);
		assert(srq_gate_sequence(who) == observed[i].used_up[0]);
		observed[i].epoch = who->epoch;
		observed[i].since = who->since;
	}
}

/* The clock may say anything then, and so may what was recorded before. */
static void boot(void)
{
	unsigned int members = (unsigned int)take(&in, 1) % (1U << KEYS);

	now.boot_time = 10 * second;
	set_clock();
	free(gate);
	gate = new_table(members);
	runs = 0;
	memset(observed, 0, sizeof(observed));
	observe_table(members, 0);
}

static void begin(const uint8_t *data, size_t size)
{
	in = (struct input){ data, size };
	memset(recorded, 0, sizeof(recorded));
	record = 0;
	epochs = 0;
	now = (struct srq_situation){
		.real_time = 1767225600ULL * second,
		.tolerance = 20,
		.known = SRQ_ALL_LETTERS,
		.mask_letters = SRQ_ALL_LETTERS,
		.rule_letters = SRQ_ALL_LETTERS,
	};
	boot();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Requests are more frequent than what changes the world. */
	static void (*const events[])(void) = {
		send_command,  send_command,  send_command,
		send_command,  send_raw,      send_hello_or_log,
		send_recorded, send_recorded, pass_time,
		pass_time,     set_clock,     set_mask,
		set_situation, settle,        change_table,
		boot,          set_run,       renew,
	};

	begin(data, size);
	for (int i = 0; i < EVENTS_MAX && in.left; i++)
		events[take(&in, 1) % 18]();
	free(gate);
	gate = NULL;
	return 0;
}
