// SPDX-License-Identifier: GPL-2.0
/* Opens a datagram, has it judged, and does what the verdict says. */
#include "kernel/host.h"
#include "core/operators.h"
#include "kernel/panic.h"
#include <linux/init.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

/*
 * A datagram is copied before it is opened, because others may share the packet
 * or change its pages. The copy is too large for the stack.
 */
struct scratch {
	raw_spinlock_t lock;
	u8 datagram[SRQ_LONG];
};

static struct scratch __percpu *scratches;

/* All that the reply to a datagram needs. */
struct outcome {
	struct srq_operator *who;
	struct srq_verdict verdict;
	u64 epoch;
	u64 since; /* time since boot when the key was set */
	u64 sequence;
	u64 usable; /* letters */
};

static void look_around(struct srq_situation *now, const struct srq_flow *flow)
{
	now->tolerance = srq_param_tolerance();
	now->since_panic = div_u64(srq_clock_since_panic(), NSEC_PER_SEC);
	memcpy(now->address, &flow->destination, SRQ_ADDRESS_LEN);
	now->known = srq_press_known();
	now->mask_letters = srq_mask_letters(srq_press_mask());
	now->rule_letters = flow->way.letters;
}

/*
 * An accepted run begins under the same lock, so that a second copy of the
 * datagram, on another CPU, finds it. Returns false if the gate is replaced.
 */
static bool judge(struct srq_gate *gate, struct srq_situation *now,
		  const u8 *body, size_t body_len, struct outcome *outcome)
{
	struct srq_verdict *verdict = &outcome->verdict;
	struct srq_run_state run;
	unsigned long flags;
	bool valid;

	srq_klog_next(); /* so that its walk under the lock is a short one */
	flags = srq_lock();
	/* Whoever comes later is judged by a later time, so that a command that was
	 * refused as too late stays refused. */
	now->boot_time = srq_boot_ns();
	now->real_time = srq_real_ns();
	/* An old gate must not judge: the new one would not know the
	 * verdict. */
	valid = srq_gate_present() == gate;
	if (valid) {
		srq_run_in_progress(&now->run, now->boot_time);
		srq_gate_judge(gate, outcome->who, body, body_len, now,
			       verdict);
		if (verdict->action == SRQ_ACT_RUN) {
			srq_run_begin(verdict, outcome->who, now->boot_time,
				      &run);
			srq_gate_settle(gate, run.number, run.code,
					&run.progress);
		}
		outcome->epoch = outcome->who->epoch;
		outcome->since = outcome->who->since;
		outcome->sequence = srq_gate_sequence(outcome->who);
		outcome->usable = srq_gate_letters(outcome->who, now);
	}
	srq_unlock(flags);
	return valid;
}

/*
 * Looks how far the run has come. The reply tells it. Returns false if a newer run
 * has begun since: a letter may have taken long. Then the next copy of the command
 * is told how this run has ended.
 */
static bool look_at_run(struct srq_verdict *verdict)
{
	struct srq_run_state run;
	unsigned long flags;

	flags = srq_lock();
	srq_run_state(&run);
	srq_unlock(flags);
	verdict->code = run.code;
	verdict->progress = run.progress;
	return run.number == verdict->run;
}

static bool is_pair(const struct srq_operator *who)
{
	return strcmp(who->name, SRQ_PASSWORD_OPERATOR);
}

/*
 * Returns the datagram, opened, in this CPU's scratch, which is locked; NULL: it is
 * not authentic. A forgery is to cost little but for the cipher, so what it does not
 * need is not here: the kernel may be built to clear all of a function's stack.
 */
static struct scratch *open_datagram(const struct srq_packet *packet,
				     const struct srq_operator *who)
{
	struct scratch *scratch = raw_cpu_ptr(scratches);

	raw_spin_lock(&scratch->lock);
	if (!skb_copy_bits(packet->skb, packet->at, scratch->datagram,
			   packet->len) &&
	    srq_datagram_open(scratch->datagram, packet->len,
			      who->keys.request))
		return scratch;
	/* Nothing is decrypted, so there is nothing to wipe. */
	raw_spin_unlock(&scratch->lock);
	return NULL;
}

/* Unlocks the scratch. Returns false if the datagram is not for this host, or the
 * gate is replaced. */
static bool judge_opened(struct scratch *scratch,
			 const struct srq_packet *packet, struct srq_gate *gate,
			 struct srq_flow *flow, struct srq_situation *now,
			 struct outcome *outcome)
{
	bool ours = false;

	if (srq_packet_is_own(packet->skb, flow, is_pair(outcome->who))) {
		look_around(now, flow);
		ours = judge(gate, now, srq_datagram_body(scratch->datagram),
			     srq_body_length(packet->len), outcome);
	} else {
		srq_count(SRQ_COUNT_NOT_OURS);
	}
	srq_wipe(scratch->datagram, packet->len);
	raw_spin_unlock(&scratch->lock);
	return ours;
}

/* --- The replies --- */

static void write_status(u8 *body, const struct outcome *outcome)
{
	struct srq_status status = {
		.epoch = outcome->epoch,
		.sequence = outcome->sequence,
		.letters = outcome->usable,
		.may_read_log = outcome->who->may_read_log,
	};

	srq_status_fill(&status);
	if (status.boot_time > outcome->since)
		status.key_age =
			min_t(u64,
			      div_u64(status.boot_time - outcome->since,
				      NSEC_PER_SEC),
			      U32_MAX);
	srq_write_status(body, SRQ_SHORT_BODY, outcome->verdict.id, &status);
}

static void write_result(u8 *body, const struct outcome *outcome)
{
	struct srq_result result = {
		.epoch = outcome->epoch,
		.sequence = outcome->sequence,
		.real_time = srq_real_ns(),
		.boot_time = srq_boot_ns(),
		.log_next = srq_klog_next(),
		.tolerance = srq_param_tolerance(),
		.restored = srq_gate_restored(),
		.progress = outcome->verdict.progress,
	};

	srq_write_result(body, SRQ_SHORT_BODY, outcome->verdict.id,
			 outcome->verdict.code, &result);
}

static void write_log(u8 *body, const struct outcome *outcome)
{
	const struct srq_verdict *verdict = &outcome->verdict;
	struct srq_logdata logdata = {
		.epoch = outcome->epoch,
		.first = verdict->log_first,
		.next = verdict->log_first,
	};
	u8 code = verdict->code;

	if (verdict->action == SRQ_ACT_LOG) {
		bool cut = srq_klog_read(&logdata,
					 (char *)body + SRQ_LOGDATA_TEXT_AT,
					 SRQ_LOGDATA_TEXT_MAX);

		code = cut ? SRQ_TEXT_CUT : SRQ_OK;
	} else {
		logdata.log_next = srq_klog_next();
	}
	srq_write_logdata(body, SRQ_LONG_BODY, verdict->id, code, &logdata);
}

static void answer(const struct sk_buff *skb, const struct srq_flow *flow,
		   const struct outcome *outcome)
{
	const struct srq_verdict *verdict = &outcome->verdict;
	bool log = verdict->action == SRQ_ACT_LOG ||
		   verdict->reply_type == SRQ_LOGDATA;
	struct sk_buff *reply;
	u8 *body;

	if (verdict->action == SRQ_ACT_NOTHING)
		return;
	reply = srq_reply_new(log ? SRQ_LONG : SRQ_SHORT);
	if (!reply) {
		srq_count(SRQ_COUNT_REPLY_LOST);
		return;
	}
	body = srq_datagram_body(reply->data);
	if (log)
		write_log(body, outcome);
	else if (verdict->action == SRQ_ACT_STATUS)
		write_status(body, outcome);
	else
		write_result(body, outcome);
	srq_reply_send(reply, skb, flow, &outcome->who->keys);
}

/* After a panic this is in the poll of a card. A letter that crashes is no fault of the
 * card, so panic.c presses it after the poll. */
static void press_due(u64 now)
{
	if (!srq_panicked())
		srq_run_poll(now);
}

/* The datagram is authentic. Returns true if it is for this host. */
static noinline bool act_on(struct scratch *scratch,
			    const struct srq_packet *packet,
			    struct srq_found found)
{
	struct outcome outcome = { .who = found.who };
	struct srq_verdict *verdict = &outcome.verdict;
	struct srq_situation now;
	struct srq_flow flow;
	bool known = true;

	srq_packet_flow(packet, &flow);
	if (!judge_opened(scratch, packet, found.gate, &flow, &now, &outcome))
		return false;
	srq_press_tidy();

	/*
	 * First of all, a repeated command presses what is due. The run's timer
	 * may be on a CPU that hangs, and the reply may have to pass that CPU.
	 */
	if (verdict->action == SRQ_ACT_REPEAT)
		press_due(now.boot_time);
	if (verdict->action == SRQ_ACT_RUN ||
	    (verdict->action == SRQ_ACT_REPEAT && !verdict->settled))
		known = look_at_run(verdict);
	/* A new command is answered before a letter is pressed. */
	if (known)
		answer(packet->skb, &flow, &outcome);
	srq_audit(&flow, found.who, verdict);
	if (verdict->action == SRQ_ACT_REPEAT && !verdict->settled)
		srq_run_told(verdict->run, verdict->progress.finished,
			     verdict->command.heard);
	if (verdict->action == SRQ_ACT_RUN || verdict->action == SRQ_ACT_REPEAT)
		press_due(srq_boot_ns());
	return true;
}

bool srq_receive(const struct srq_packet *packet, struct srq_found found)
{
	struct scratch *scratch = open_datagram(packet, found.who);

	if (!scratch) {
		srq_count(SRQ_COUNT_FORGED);
		return false;
	}
	return act_on(scratch, packet, found);
}

static void init_locks(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		raw_spin_lock_init(&per_cpu_ptr(scratches, cpu)->lock);
}

void srq_receive_panicked(void)
{
	init_locks();
}

int __init srq_receive_setup(void)
{
	scratches = alloc_percpu(struct scratch);
	if (!scratches)
		return -ENOMEM;
	init_locks();
	return 0;
}

void srq_receive_teardown(void)
{
	free_percpu(scratches);
}
