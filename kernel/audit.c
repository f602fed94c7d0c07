// SPDX-License-Identifier: GPL-2.0
/* Counts what has come, and tells the log of commands and refusals. */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/percpu.h>
#include <linux/seq_file.h>

static const char *const names[SRQ_COUNTS] = {
	[SRQ_COUNT_ACCEPTED] = "accepted",
	[SRQ_COUNT_REPEATED] = "repeated",
	[SRQ_COUNT_STATUS] = "status",
	[SRQ_COUNT_LOG] = "log",
	[SRQ_COUNT_UNKNOWN_TYPE] = "unknown_type",
	[SRQ_COUNT_FORGED] = "not_authentic",
	[SRQ_COUNT_UNKNOWN_KEY] = "unknown_key",
	[SRQ_COUNT_NOT_OURS] = "not_ours",
	[SRQ_COUNT_REPLY_LOST] = "replies_not_sent",
};

static const struct {
	enum srq_code code;
	const char *name, *why;
	/* Such a refusal uses the command up: a recording of it gets another
	 * one. */
	bool used_up;
} refusals[] = {
	{ SRQ_WRONG_EPOCH, "epoch",
	  "it belongs to an earlier boot or setting of the key" },
	{ SRQ_OLD_SEQUENCE, "sequence",
	  "its sequence number was used before, or is too high" },
	{ SRQ_DEADLINE, "deadline",
	  "its deadline is over, or more than 10 minutes ahead" },
	{ SRQ_ONE_WAY_OFF, "one_way_off",
	  "one-way commands are off (tolerance=0)" },
	{ SRQ_WRONG_ADDRESS, "address", "it was made for another address" },
	{ SRQ_CLOCK_OFF, "clock",
	  "its time differs by more than the tolerance, or is ahead by more than a minute, or by more than the age of the key" },
	{ SRQ_OLD_STAMP, "stamp",
	  "its time is older than the last command or the key" },
	{ SRQ_BUSY, "busy",
	  "a run is in progress that it may not end, or too many letters have not "
	  "returned",
	  true },
	{ SRQ_NO_SUCH_LETTER, "no_such_letter",
	  "this kernel has no such letter", true },
	{ SRQ_NOT_OPERATOR, "operator",
	  "a letter is not permitted to this operator", true },
	{ SRQ_NOT_MASK, "mask", "a letter is not permitted by the sysrq mask",
	  true },
	{ SRQ_NOT_RULE, "rule",
	  "a letter is not permitted by the firewall rule", true },
	{ SRQ_NOT_LOG, "log", "this operator may not read the log" },
	{ SRQ_MALFORMED, "malformed", "it is malformed" },
};

struct counts {
	unsigned long events[SRQ_COUNTS];
	unsigned long refused[ARRAY_SIZE(refusals)];
};

static DEFINE_PER_CPU(struct counts, counts);

void srq_count(enum srq_count count)
{
	this_cpu_inc(counts.events[count]);
}

static unsigned int refusal_of(enum srq_code code)
{
	unsigned int i = 0;

	while (i < ARRAY_SIZE(refusals) - 1 && refusals[i].code != code)
		i++;
	return i;
}

/* A refused command may have any bytes for letters: they become '?'. */
static void write_letters(char letters[SRQ_STEPS_MAX + 1],
			  const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;
	int count = verdict->code == SRQ_MALFORMED ? 0 : command->count;

	for (int i = 0; i < count; i++)
		letters[i] = srq_letter_bit((u8)command->steps[i].letter)
				     ? command->steps[i].letter
				     : '?';
	letters[count] = '\0';
}

/*
 * Each key has two limits for the lines of its refusals. Anybody with a
 * recording can cause refusals of its key that use nothing up. They cannot hide
 * those that only the operator can cause, nor those of other keys.
 */
enum { LINES_MAX = 10 };

#define LINES_PERIOD (10 * SRQ_SECOND)

/* *untold: so many lines before this one were not told, and this one says so. */
static bool may_tell(struct srq_operator *who, bool used_up,
		     unsigned int *untold)
{
	struct srq_lines *lines = &who->lines[used_up];
	u64 now = srq_boot_ns();
	unsigned long flags;
	bool may;

	flags = srq_lock();
	if (!lines->told || now > lines->since + LINES_PERIOD) {
		*untold = lines->untold;
		*lines = (struct srq_lines){ .since = now };
	}
	may = lines->told < LINES_MAX;
	if (may)
		lines->told++;
	else
		lines->untold++;
	srq_unlock(flags);
	return may;
}

static void tell(const struct srq_flow *flow, struct srq_operator *who,
		 const struct srq_verdict *verdict)
{
	char letters[SRQ_STEPS_MAX + 1];
	unsigned int refusal = refusal_of(verdict->code), untold = 0;
	const char *why = refusals[refusal].why;
	bool refused = verdict->action == SRQ_ACT_REFUSE;
	bool by_anybody = refused && !refusals[refusal].used_up;
	char source[48];

	if (refused && (verdict->again ||
			!may_tell(who, refusals[refusal].used_up, &untold)))
		return;
	if (untold)
		srq_klog_say(by_anybody, "%u more %s of %s %s not in this log",
			     untold, untold == 1 ? "refusal" : "refusals",
			     who->name, untold == 1 ? "is" : "are");
	if (srq_flow_is_ipv4(flow))
		scnprintf(source, sizeof(source), "%pI4",
			  &flow->source.s6_addr32[3]);
	else
		scnprintf(source, sizeof(source), "%pI6c", &flow->source);
	write_letters(letters, verdict);

	if (verdict->action == SRQ_ACT_RUN)
		srq_klog_say(by_anybody, "%s from %s presses %s%s", who->name,
			     source, letters,
			     verdict->command.epoch ? "" : " (one-way)");
	else if (verdict->reply_type == SRQ_LOGDATA)
		srq_klog_say(by_anybody,
			     "%s from %s asks for the log and is refused: %s",
			     who->name, source, why);
	else
		srq_klog_say(by_anybody, "%s from %s is refused %s: %s",
			     who->name, source,
			     letters[0] ? letters : "a command", why);
}

void srq_audit(const struct srq_flow *flow, struct srq_operator *who,
	       const struct srq_verdict *verdict)
{
	switch (verdict->action) {
	case SRQ_ACT_NOTHING:
		srq_count(SRQ_COUNT_UNKNOWN_TYPE);
		return;
	case SRQ_ACT_STATUS:
		srq_count(SRQ_COUNT_STATUS);
		return;
	case SRQ_ACT_LOG:
		srq_count(SRQ_COUNT_LOG);
		return;
	case SRQ_ACT_REPEAT:
		srq_count(SRQ_COUNT_REPEATED);
		return;
	case SRQ_ACT_RUN:
		srq_count(SRQ_COUNT_ACCEPTED);
		break;
	case SRQ_ACT_REFUSE:
		this_cpu_inc(counts.refused[refusal_of(verdict->code)]);
		break;
	}
	tell(flow, who, verdict);
}

void srq_audit_show(struct seq_file *file)
{
	struct counts sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct counts *some = per_cpu_ptr(&counts, cpu);

		for (int i = 0; i < SRQ_COUNTS; i++)
			sum.events[i] += READ_ONCE(some->events[i]);
		for (int i = 0; i < ARRAY_SIZE(refusals); i++)
			sum.refused[i] += READ_ONCE(some->refused[i]);
	}
	for (int i = 0; i < SRQ_COUNTS; i++)
		seq_printf(file, "%s %lu\n", names[i], sum.events[i]);
	for (int i = 0; i < ARRAY_SIZE(refusals); i++)
		seq_printf(file, "refused_%s %lu\n", refusals[i].name,
			   sum.refused[i]);
}
