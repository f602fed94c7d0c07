/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the module share. The way of a datagram:
 *
 *   target.c    gets the packet from iptables, or
 *   listener.c  from a hook of its own
 *   packet.c    finds the UDP payload in it
 *   receive.c   opens it, asks core/gate, has the reply sent, then
 *   run.c       presses the letters, step by step
 *
 * "Packet path" below means: softirq, or process context with bottom halves
 * disabled, under rcu_read_lock(). Nothing there sleeps or needs an
 * allocation to succeed.
 */
#ifndef SRQ_HOST_H
#define SRQ_HOST_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/skbuff.h>
#include <net/ipv6.h>
#include "core/gate.h"

/* By which way a packet came. */
struct srq_way {
	u64 letters; /* what may be pressed this way */
	/* Its reply leaves behind the firewall, as it came in before it. */
	bool before_firewall;
};

/* Where a datagram came from and went to; IPv4 as ::ffff:a.b.c.d. */
struct srq_flow {
	struct net *net;
	struct srq_way way;
	struct in6_addr source;
	struct in6_addr destination;
	__be16 source_port;
	__be16 destination_port;
};

static inline bool srq_flow_is_ipv4(const struct srq_flow *flow)
{
	return ipv6_addr_v4mapped(&flow->source);
}

/* --- target.c: process context --- */
int srq_target_register(void);
void srq_target_unregister(void);

/* --- listener.c: process context --- */
int srq_listener_setup(void);
void srq_listener_teardown(void);

/* --- packet.c --- */

/*
 * Judge a packet that has come to the host, its IP header (family:
 * NFPROTO_IPV4 or NFPROTO_IPV6) checked by the stack and at
 * skb_network_header(), and act on it. The skb stays the caller's and is not
 * changed. Softirq or process context.
 *
 * True: authentic, the packet is consumed. False: not ours.
 */
bool srq_packet(const struct sk_buff *skb, struct net *net, u8 family,
		const struct srq_way *way);

/* --- receive.c --- */

/*
 * The same for the UDP payload of len bytes at offset `at` of skb, all of them
 * within skb. Packet path.
 */
bool srq_receive(const struct sk_buff *skb, const struct srq_flow *flow,
		 unsigned int at, size_t len);

/*
 * Put this gate, from kvzalloc(), in the place of the present one: it takes over
 * what that one remembers and gets an epoch of its own. Owns the gate from
 * here on, whatever it returns. Process context.
 */
int srq_receive_set_gate(struct srq_gate *gate);

/*
 * The present gate, NULL before the first. Under rcu_read_lock(), or
 * kernel_param_lock(), and what srq_gate_judge() changes under srq_lock() too.
 */
struct srq_gate *srq_receive_gate(void);
int srq_receive_setup(void);
void srq_receive_teardown(void);

/* --- audit.c --- */

enum srq_count {
	SRQ_COUNT_ACCEPTED,
	SRQ_COUNT_REPEATED,
	SRQ_COUNT_STATUS,
	SRQ_COUNT_LOG,
	SRQ_COUNT_UNKNOWN_TYPE,
	SRQ_COUNT_FORGED,      /* an operator's key id, and a wrong tag */
	SRQ_COUNT_UNKNOWN_KEY, /* no operator's */
	SRQ_COUNT_NOT_OURS,    /* not a datagram of ours by its form */
	SRQ_COUNT_REPLY_LOST,
	SRQ_COUNTS
};

/* Packet path. */
void srq_count(enum srq_count count);
/* Count an authentic request, and tell the log of what deserves it. Packet path. */
void srq_audit(const struct srq_flow *flow, const struct srq_operator *who,
	       const struct srq_verdict *verdict);
/* All counters, a line each. Process context. */
struct seq_file;
void srq_audit_show(struct seq_file *file);

/* --- proc.c: process context --- */
int srq_proc_setup(void);
void srq_proc_teardown(void);

/* --- params.c: any context --- */
u32 srq_param_tolerance(void); /* seconds */
int srq_param_mask(void);      /* kernel.sysrq's numbers, or -1 */

/* --- table.c: process context --- */
/*
 * Make the first gate of what was given at load; from then on an operators
 * table or a password that is written makes a new one.
 */
int srq_table_setup(void);
void srq_table_teardown(void);

/* --- press.c --- */

/* The mask in force, in kernel.sysrq's numbers. Any context. */
u32 srq_press_mask(void);
/* The letters that have a handler, a set. Any context. */
u64 srq_press_known(void);
/*
 * A datagram has come: time to see whether handlers have changed, and whether
 * a hanging one has kept kernel.sysrq changed. Any context.
 */
void srq_press_tidy(void);
/*
 * Press one letter. Any context; the handler may take any time or never return,
 * so no lock may be held.
 */
void srq_press(char letter);
int srq_press_setup(void);
void srq_press_teardown(void);

/* --- run.c --- */

/*
 * Guards the gate's judgement and the run. Held for a few hundred
 * instructions, never while a letter is pressed or a packet is sent, and with
 * interrupts off, so that none which hangs can keep it. Any context.
 */
unsigned long srq_lock(void);
void srq_unlock(unsigned long flags);

/* The run that is, or was last, in progress. Under srq_lock(). */
struct srq_run_state {
	u64 number;
	enum srq_code code;
	struct srq_progress progress;
};
void srq_run_state(struct srq_run_state *state);

/*
 * Begin run `number`, without pressing anything yet; the one before ends, and
 * its last state is returned in *before. log_first: the next log record.
 * Under srq_lock().
 */
void srq_run_begin(u64 number, const struct srq_command *command, u64 log_first,
		   struct srq_run_state *before);

/*
 * The time since boot is now (ns): press what is due. Called by the run's
 * timer, and by whoever else has a CPU to offer. May not return, if a letter's
 * handler does not. Bottom halves off, no lock held.
 */
void srq_run_poll(u64 now);

/*
 * A result that tells of `finished` steps has left the host: a last letter that
 * waited for this waits no longer. No lock held.
 */
void srq_run_told(u64 number, u8 finished);

int srq_run_setup(void);
void srq_run_teardown(void);

/* --- reply.c: packet path, but for setup and teardown --- */

/*
 * A reply with room for a datagram of len bytes at skb->data, from memory set
 * aside where there is no other. NULL: no reply, then. Goes to
 * srq_reply_send().
 */
struct sk_buff *srq_reply_new(size_t len);
/* Seal the datagram, whose body the caller has written, and send it back. */
void srq_reply_send(struct sk_buff *reply, const struct sk_buff *request,
		    const struct srq_flow *flow, const struct srq_keys *keys);
int srq_reply_setup(void);
void srq_reply_teardown(void);

/* --- status.c: any context --- */

/* All of it but epoch, sequence, letters and may_read_log. */
void srq_status_fill(struct srq_status *status);

/* --- klog.c: any context --- */

/* The number of the next record that the kernel will write. */
u64 srq_klog_next(void);
/*
 * Fill text with whole records from number log->first on. log->first becomes the
 * first one given, log->next the one to ask for next; log_next and text_len are
 * set. Returns whether a record larger than size bytes was cut.
 */
bool srq_klog_read(struct srq_logdata *log, char *text, size_t size);

/*
 * Whether the kernel has said that an emergency sync ('s') or remount ('u')
 * is complete. expect: call before the letter is pressed. scan: look at what the
 * kernel has logged since, a bounded part of it. complete: true when every
 * one that was expected has been reported; false for other letters.
 */
void srq_klog_expect(char letter);
void srq_klog_scan(void);
bool srq_klog_complete(char letter);

/* --- crypto.c: process context --- */
int srq_crypto_check(void);

#endif
