// SPDX-License-Identifier: GPL-2.0
#include "gate.h"

static const uint64_t second = 1000000000ULL;

struct srq_operator *srq_gate_find(struct srq_gate *gate,
				   const uint8_t id[SRQ_KEY_ID_LEN])
{
	for (unsigned int i = 0; i < gate->count; i++) {
		/* A key id is sent in the clear: no secret. */
		if (!memcmp(gate->operators[i].keys.id, id, SRQ_KEY_ID_LEN))
			return &gate->operators[i];
	}
	return NULL;
}

/*
 * Which bit of kernel.sysrq lets which key pass: the kernel's admin guide,
 * "Magic SysRq". Keys that stand nowhere here need all of it.
 */
static const struct {
	uint32_t bit;
	const char *keys;
} mask_bits[] = {
	{ 0x002, "0123456789" }, { 0x004, "kr" },  { 0x008, "clmptwzR" },
	{ 0x010, "s" },		 { 0x020, "u" },   { 0x040, "efij" },
	{ 0x080, "bo" },	 { 0x100, "nSD" },
};

uint32_t srq_mask_bit(int key)
{
	for (size_t i = 0; i < sizeof(mask_bits) / sizeof(mask_bits[0]); i++) {
		for (const char *k = mask_bits[i].keys; *k; k++) {
			if (*k == key)
				return mask_bits[i].bit;
		}
	}
	return 1;
}

uint64_t srq_mask_keys(uint32_t mask)
{
	uint64_t keys = srq_key_bit('h'); /* help asks for no permission */

	if (mask == 0)
		return 0;
	if (mask == 1)
		return SRQ_ALL_KEYS;
	for (size_t i = 0; i < sizeof(mask_bits) / sizeof(mask_bits[0]); i++) {
		if (!(mask & mask_bits[i].bit))
			continue;
		for (const char *k = mask_bits[i].keys; *k; k++)
			keys |= srq_key_bit(*k);
	}
	return keys;
}

uint64_t srq_gate_keys(const struct srq_operator *who,
		       const struct srq_situation *now)
{
	return who->permitted & now->known & now->mask_keys & now->rule_keys;
}

static enum srq_code judge_step(const struct srq_operator *who,
				const struct srq_situation *now, char key)
{
	uint64_t bit = srq_key_bit((unsigned char)key);

	if (!(bit & now->known))
		return SRQ_NO_SUCH_KEY;
	if (!(bit & who->permitted))
		return SRQ_NOT_OPERATOR;
	if (!(bit & now->mask_keys))
		return SRQ_NOT_MASK;
	if (!(bit & now->rule_keys))
		return SRQ_NOT_RULE;
	return SRQ_OK;
}

static enum srq_code judge_steps(const struct srq_operator *who,
				 const struct srq_situation *now,
				 const struct srq_command *command,
				 uint8_t *refused)
{
	for (uint8_t i = 0; i < command->count; i++) {
		enum srq_code code =
			judge_step(who, now, command->steps[i].key);

		if (code != SRQ_OK) {
			*refused = i;
			return code;
		}
	}
	return SRQ_OK;
}

static enum srq_code judge_session(const struct srq_accepted *last,
				   const struct srq_command *command,
				   const struct srq_situation *now)
{
	uint64_t latest = now->boot_time + SRQ_DEADLINE_MAX_S * second;

	if (command->order <= last->order)
		return SRQ_OLD_SEQUENCE;
	if (command->deadline < now->boot_time || command->deadline > latest)
		return SRQ_DEADLINE;
	return SRQ_OK;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static enum srq_code judge_one_way(const struct srq_operator *who,
				   const struct srq_command *command,
				   const struct srq_situation *now)
{
	uint64_t age = now->boot_time - who->since;

	if (distance(command->order, now->real_time) > now->tolerance * second)
		return SRQ_CLOCK_OFF;
	if (command->order <= who->one_way.order)
		return SRQ_OLD_STAMP;
	/* When the key was set, as the clock tells it now and not as it did
	 * then: a clock that is set right after boot moves it too. */
	if (now->real_time > age && command->order <= now->real_time - age)
		return SRQ_OLD_STAMP;
	return SRQ_OK;
}

static bool is_repeat(const struct srq_accepted *last,
		      const struct srq_command *command, uint64_t id)
{
	return last->order && last->order == command->order && last->id == id;
}

static void judge_command(struct srq_gate *gate, struct srq_operator *who,
			  const struct srq_situation *now,
			  struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	struct srq_accepted *last;
	enum srq_code code = SRQ_OK;
	uint8_t refused = 0;

	verdict->action = SRQ_ACT_REFUSE;
	verdict->progress.count = command->count;
	if (command->epoch) {
		last = &who->session;
		if (command->epoch != gate->epoch)
			code = SRQ_WRONG_EPOCH;
	} else {
		last = &who->one_way;
		if (!now->tolerance)
			code = SRQ_ONE_WAY_OFF;
		else if (memcmp(command->address, now->address,
				SRQ_ADDRESS_LEN))
			code = SRQ_WRONG_ADDRESS;
	}
	if (code == SRQ_OK && is_repeat(last, command, verdict->id)) {
		verdict->action = SRQ_ACT_REPEAT;
		verdict->run = last->run;
		verdict->settled = last->settled;
		verdict->code = last->code;
		verdict->progress = last->progress;
		return;
	}
	if (code == SRQ_OK)
		code = command->epoch ? judge_session(last, command, now)
				      : judge_one_way(who, command, now);
	if (code == SRQ_OK)
		code = judge_steps(who, now, command, &refused);
	verdict->code = code;
	verdict->progress.finished = refused;
	if (code != SRQ_OK)
		return;

	*last = (struct srq_accepted){
		.id = verdict->id,
		.order = command->order,
		.run = ++gate->runs,
	};
	verdict->action = SRQ_ACT_RUN;
	verdict->run = last->run;
}

static void judge_log(const struct srq_gate *gate,
		      const struct srq_operator *who, const struct srq_log *log,
		      struct srq_verdict *verdict)
{
	verdict->action = SRQ_ACT_REFUSE;
	verdict->reply_type = SRQ_LOGDATA;
	if (log->epoch && log->epoch != gate->epoch) {
		verdict->code = SRQ_WRONG_EPOCH;
	} else if (!who->may_read_log) {
		verdict->code = SRQ_NOT_LOG;
	} else {
		verdict->action = SRQ_ACT_LOG;
		verdict->log_first = log->first;
	}
}

void srq_gate_judge(struct srq_gate *gate, struct srq_operator *who,
		    const uint8_t *body, size_t body_len,
		    const struct srq_situation *now,
		    struct srq_verdict *verdict)
{
	struct srq_header header;
	struct srq_log log;

	memset(verdict, 0, sizeof(*verdict));
	verdict->action = SRQ_ACT_NOTHING;
	if (!srq_read_header(body, body_len, &header))
		return;
	verdict->id = header.id;

	/* A reply is never longer than its request. */
	if (header.type == SRQ_HELLO && body_len == SRQ_SHORT_BODY) {
		verdict->action = SRQ_ACT_STATUS;
	} else if (header.type == SRQ_COMMAND && body_len == SRQ_SHORT_BODY) {
		verdict->reply_type = SRQ_RESULT;
		if (srq_read_command(body, body_len, &verdict->command)) {
			judge_command(gate, who, now, verdict);
		} else {
			verdict->action = SRQ_ACT_REFUSE;
			verdict->code = SRQ_MALFORMED;
		}
	} else if (header.type == SRQ_LOG && body_len == SRQ_LONG_BODY &&
		   srq_read_log(body, body_len, &log)) {
		judge_log(gate, who, &log, verdict);
	}
}

void srq_gate_settle(struct srq_gate *gate, uint64_t run, enum srq_code code,
		     const struct srq_progress *progress)
{
	for (unsigned int i = 0; i < gate->count; i++) {
		struct srq_accepted *both[] = { &gate->operators[i].session,
						&gate->operators[i].one_way };

		for (size_t j = 0; j < 2; j++) {
			if (!both[j]->order || both[j]->run != run)
				continue;
			both[j]->settled = true;
			both[j]->code = code;
			both[j]->progress = *progress;
		}
	}
}

void srq_gate_inherit(struct srq_gate *to, struct srq_gate *from)
{
	to->runs = from->runs;
	for (unsigned int i = 0; i < to->count; i++) {
		struct srq_operator *who = &to->operators[i];
		const struct srq_operator *known =
			srq_gate_find(from, who->keys.id);

		if (!known)
			continue;
		who->since = known->since;
		who->one_way = known->one_way;
	}
}
