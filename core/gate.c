// SPDX-License-Identifier: GPL-2.0
#include "core/gate.h"

struct srq_operator *srq_gate_find(struct srq_gate *gate,
				   const uint8_t id[SRQ_KEY_ID_LEN])
{
	for (unsigned int i = 0; i < gate->count; i++) {
		/* A key id is no secret: every datagram shows it. */
		if (!memcmp(gate->operators[i].keys.id, id, SRQ_KEY_ID_LEN))
			return &gate->operators[i];
	}
	return NULL;
}

uint64_t srq_gate_letters(const struct srq_operator *who,
			  const struct srq_situation *now)
{
	return who->permitted & now->known & now->mask_letters &
	       now->rule_letters;
}

static enum srq_code judge_step(const struct srq_operator *who,
				const struct srq_situation *now, char letter)
{
	uint64_t bit = srq_letter_bit((unsigned char)letter);

	if (!(bit & now->known))
		return SRQ_NO_SUCH_LETTER;
	if (!(bit & who->permitted))
		return SRQ_NOT_OPERATOR;
	if (!(bit & now->mask_letters))
		return SRQ_NOT_MASK;
	if (!(bit & now->rule_letters))
		return SRQ_NOT_RULE;
	return SRQ_OK;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t used_up(const struct srq_past *past)
{
	return larger(past->floor,
		      larger(past->accepted.order, past->refused.order));
}

uint64_t srq_gate_sequence(const struct srq_operator *who)
{
	return used_up(&who->session);
}

static enum srq_code judge_session(const struct srq_operator *who,
				   const struct srq_command *command,
				   const struct srq_situation *now)
{
	uint64_t latest = now->boot_time + SRQ_DEADLINE_MAX_S * SRQ_SECOND;
	uint64_t highest = used_up(&who->session);

	if (command->order <= highest ||
	    command->order - highest >= SRQ_SEQUENCE_STEP)
		return SRQ_OLD_SEQUENCE;
	if (command->deadline < now->boot_time || command->deadline > latest)
		return SRQ_DEADLINE;
	return SRQ_OK;
}

/* Returns by how much a is larger than b; 0: it is not. */
static uint64_t beyond(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/*
 * A stamp that was made before the key was set may be that of a command which
 * has run then. The host's clock may be behind the sender's by as much as it
 * accepts stamps ahead of it, and old stamps look newer by that. So a stamp has
 * to be later than the key's setting by more. A stamp ahead of the clock by more
 * than the age may also be old: the clock may have been slower before. The clock
 * may be set after the boot, so the clock of this moment counts.
 */
static enum srq_code judge_age(const struct srq_operator *who, uint64_t stamp,
			       const struct srq_situation *now)
{
	uint64_t age = beyond(now->boot_time, who->since);
	uint64_t ahead = beyond(stamp, now->real_time);
	uint64_t behind = beyond(now->real_time, stamp);
	uint64_t least = behind + SRQ_AHEAD_MAX_S * SRQ_SECOND;

	if (ahead && ahead >= age)
		return SRQ_CLOCK_OFF;
	/* age + ahead <= least, where no sum overflows */
	if (age <= least && ahead <= least - age)
		return SRQ_OLD_STAMP;
	return SRQ_OK;
}

/*
 * How far may a stamp be ahead of the clock? The clock of a host that has
 * panicked may be slow.
 */
static uint64_t ahead_max(const struct srq_situation *now)
{
	return SRQ_AHEAD_MAX_S * SRQ_SECOND +
	       now->since_panic * (SRQ_SECOND / SRQ_AHEAD_IN_PANIC);
}

static enum srq_code judge_stamp(const struct srq_operator *who,
				 const struct srq_command *command,
				 const struct srq_situation *now)
{
	uint64_t stamp = command->order;
	enum srq_code code;

	if (command->deadline && command->deadline < now->real_time)
		return SRQ_DEADLINE;
	if (beyond(now->real_time, stamp) > now->tolerance * SRQ_SECOND ||
	    beyond(stamp, now->real_time) > now->tolerance * SRQ_SECOND ||
	    beyond(stamp, now->real_time) > ahead_max(now))
		return SRQ_CLOCK_OFF;
	code = judge_age(who, stamp, now);
	if (code == SRQ_OK && stamp <= used_up(&who->one_way))
		code = SRQ_OLD_STAMP;
	return code;
}

/* Returns the ms until the run in progress ends, at the latest; 0: not even its
 * end makes room for another one. */
static uint32_t busy_for(const struct srq_situation *now)
{
	return now->run.any && !now->run.full ? now->run.ends_in : 0;
}

/* Is it the last accepted command again, or the last refused one? */
static bool is_repeat(struct srq_past *past, const struct srq_situation *now,
		      struct srq_verdict *verdict)
{
	const struct srq_accepted *accepted = &past->accepted;
	const struct srq_refused *refused = &past->refused;
	uint64_t order = verdict->command.order;

	if (!order)
		return false;
	if (accepted->order == order && accepted->id == verdict->id) {
		verdict->action = SRQ_ACT_REPEAT;
		verdict->run = accepted->run;
		verdict->settled = accepted->settled;
		verdict->code = accepted->code;
		verdict->progress = accepted->progress;
		return true;
	}
	if (refused->order == order && refused->id == verdict->id) {
		verdict->again = true;
		verdict->code = refused->code;
		verdict->progress.count = refused->count;
		verdict->progress.finished = refused->step;
		if (refused->code == SRQ_BUSY)
			verdict->progress.times[0] = busy_for(now);
		return true;
	}
	return false;
}

static void remember_refused(struct srq_past *past,
			     const struct srq_verdict *verdict)
{
	past->refused = (struct srq_refused){
		.id = verdict->id,
		.order = verdict->command.order,
		.code = verdict->code,
		.count = verdict->progress.count,
		.step = verdict->progress.finished,
	};
}

static void accept_command(struct srq_gate *gate, struct srq_operator *who,
			   struct srq_past *past, struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;

	past->accepted = (struct srq_accepted){
		.id = verdict->id,
		.order = command->order,
		.run = ++gate->runs,
	};
	for (int i = 0; i < command->count; i++)
		who->last_letters[i] = command->steps[i].letter;
	who->last_letters[command->count] = '\0';
	verdict->action = SRQ_ACT_RUN;
	verdict->run = gate->runs;
}

/* Returns the letters that harm or rescue, a set. */
static uint64_t that_matter(uint64_t letters)
{
	for (int i = 0; i < SRQ_LETTERS; i++) {
		int letter = srq_letter_at(i);

		if (!srq_letter_harms(letter) && !srq_letter_reports(letter))
			letters &= ~(1ULL << i);
	}
	return letters;
}

/*
 * May this operator end the run in progress? Nobody loses anything by a letter
 * that is not pressed, if it only prints, or sets the level of the log.
 */
static bool may_end_run(const struct srq_operator *who,
			const struct srq_situation *now)
{
	const struct srq_in_progress *run = &now->run;
	uint64_t may = who->permitted & now->rule_letters;

	if (run->full)
		return false;
	return !run->any || run->overdue || !strcmp(run->owner, who->name) ||
	       !(that_matter(run->letters) & ~may);
}

/* The command is new. Accepted or refused, it is used up. */
static void judge_steps(struct srq_gate *gate, struct srq_operator *who,
			struct srq_past *past, const struct srq_situation *now,
			struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	struct srq_progress *progress = &verdict->progress;

	who->last_used = now->boot_time;
	for (uint8_t i = 0; i < command->count && !verdict->code; i++) {
		verdict->code = judge_step(who, now, command->steps[i].letter);
		progress->finished = i;
	}
	if (verdict->code == SRQ_OK) {
		progress->finished = 0;
		if (may_end_run(who, now)) {
			accept_command(gate, who, past, verdict);
			return;
		}
		verdict->code = SRQ_BUSY;
		progress->times[0] = busy_for(now);
	}
	remember_refused(past, verdict);
}

static void judge_in_session(struct srq_gate *gate, struct srq_operator *who,
			     const struct srq_situation *now,
			     struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;

	verdict->code = SRQ_WRONG_EPOCH;
	if (command->epoch != who->epoch ||
	    is_repeat(&who->session, now, verdict))
		return;
	verdict->code = judge_session(who, command, now);
	if (verdict->code == SRQ_OK)
		judge_steps(gate, who, &who->session, now, verdict);
}

static void judge_by_stamp(struct srq_gate *gate, struct srq_operator *who,
			   const struct srq_situation *now,
			   struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;

	verdict->code = SRQ_ONE_WAY_OFF;
	if (!now->tolerance)
		return;
	verdict->code = SRQ_WRONG_ADDRESS;
	if (memcmp(command->address, now->address, SRQ_ADDRESS_LEN) ||
	    is_repeat(&who->one_way, now, verdict))
		return;
	verdict->code = judge_stamp(who, command, now);
	if (verdict->code == SRQ_OK)
		judge_steps(gate, who, &who->one_way, now, verdict);
}

static void judge_command(struct srq_gate *gate, struct srq_operator *who,
			  const struct srq_situation *now,
			  struct srq_verdict *verdict)
{
	verdict->action = SRQ_ACT_REFUSE;
	verdict->progress.count = verdict->command.count;
	if (verdict->command.epoch)
		judge_in_session(gate, who, now, verdict);
	else
		judge_by_stamp(gate, who, now, verdict);
}

static void judge_log(const struct srq_operator *who, const struct srq_log *log,
		      struct srq_verdict *verdict)
{
	verdict->action = SRQ_ACT_REFUSE;
	verdict->reply_type = SRQ_LOGDATA;
	if (log->epoch != who->epoch) {
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

	/* The length is checked, as no reply may be longer than its request. */
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
		judge_log(who, &log, verdict);
	}
}

bool srq_gate_still_permits(struct srq_gate *gate,
			    const uint8_t id[SRQ_KEY_ID_LEN], char letter)
{
	const struct srq_operator *who = srq_gate_find(gate, id);

	return who && who->permitted & srq_letter_bit((unsigned char)letter);
}

void srq_gate_settle(struct srq_gate *gate, uint64_t run, enum srq_code code,
		     const struct srq_progress *progress)
{
	for (unsigned int i = 0; i < gate->count; i++) {
		struct srq_accepted *both[] = {
			&gate->operators[i].session.accepted,
			&gate->operators[i].one_way.accepted,
		};

		for (size_t j = 0; j < 2; j++) {
			if (!both[j]->order || both[j]->run != run)
				continue;
			both[j]->settled = true;
			both[j]->code = code;
			both[j]->progress = *progress;
		}
	}
}

static struct srq_gone *find_gone(struct srq_gate *gate,
				  const struct srq_operator *who)
{
	for (int i = 0; i < SRQ_GONE_MAX; i++) {
		struct srq_gone *gone = &gate->gone[i];

		if (gone->stamp &&
		    !memcmp(gone->id, who->keys.id, SRQ_KEY_ID_LEN))
			return gone;
	}
	return NULL;
}

static void remember_gone(struct srq_gate *gate, const struct srq_operator *who)
{
	struct srq_gone *gone = find_gone(gate, who);

	if (!gone) {
		gone = &gate->gone[gate->gone_next++ % SRQ_GONE_MAX];
		gate->gone_beyond = larger(gate->gone_beyond, gone->stamp);
	}
	memcpy(gone->id, who->keys.id, SRQ_KEY_ID_LEN);
	gone->stamp = used_up(&who->one_way);
}

/* Returns the stamp up to which all is used up for a key that comes into the
 * table, perhaps not for the first time. */
static uint64_t floor_of(struct srq_gate *gate, const struct srq_operator *who)
{
	const struct srq_gone *gone = find_gone(gate, who);

	return larger(gate->gone_beyond, gone ? gone->stamp : 0);
}

void srq_gate_inherit(struct srq_gate *to, struct srq_gate *from)
{
	to->runs = from->runs;
	memcpy(to->gone, from->gone, sizeof(to->gone));
	to->gone_next = from->gone_next;
	to->gone_beyond = from->gone_beyond;
	for (unsigned int i = 0; i < from->count; i++) {
		const struct srq_operator *who = &from->operators[i];

		if (used_up(&who->one_way) && !srq_gate_find(to, who->keys.id))
			remember_gone(to, who);
	}
	for (unsigned int i = 0; i < to->count; i++) {
		struct srq_operator *who = &to->operators[i];
		const struct srq_operator *known =
			srq_gate_find(from, who->keys.id);

		if (!known) {
			who->one_way.floor = floor_of(to, who);
			continue;
		}
		who->epoch = known->epoch;
		who->since = known->since;
		who->session = known->session;
		who->one_way = known->one_way;
		who->last_used = known->last_used;
		memcpy(who->last_letters, known->last_letters,
		       sizeof(who->last_letters));
		memcpy(who->lines, known->lines, sizeof(who->lines));
	}
}

void srq_gate_renew(struct srq_gate *gate, const uint64_t *epochs, uint64_t now)
{
	for (unsigned int i = 0; i < gate->count; i++) {
		struct srq_operator *who = &gate->operators[i];

		who->epoch = epochs[i];
		who->since = now;
	}
}
