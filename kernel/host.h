/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the module share. The way of a datagram:
 *
 *   target.c    gets the packet from an iptables rule, or
 *   listener.c  gets the packet from a netfilter hook of its own, and asks
 *   from.c      whether the listener hears its source;
 *   packet.c    finds the UDP payload in the packet, and whose it may be;
 *   receive.c   opens the datagram, asks core/gate, and has the reply sent;
 *   run.c       presses the letters, step by step.
 *
 * The way of a key:
 *
 *   tablefile.c takes the text of the table from /proc/net/ipt_sysrq,
 *   secret.c    takes the texts of the parameters;
 *   table.c     makes a gate of them;
 *   gate.c      puts that gate in the place of the present one.
 *
 * "Packet path" below means: softirq, or process context with bottom halves
 * disabled, under rcu_read_lock(). On the packet path nothing sleeps, and no
 * allocation has to succeed.
 *
 * Errors are negative error numbers. Times are nanoseconds and integers are in
 * host byte order, unless a comment or a type says otherwise. A set of letters
 * is as in core/letter.h. A function keeps no pointer that its caller gives,
 * unless its comment says so.
 */
#ifndef SRQ_HOST_H
#define SRQ_HOST_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include "core/gate.h"
#include "kernel/packet.h"

/* --- target.c: process context --- */

int srq_target_register(void);
void srq_target_unregister(void);

/* --- listener.c: process context --- */

int srq_listener_setup(void);
void srq_listener_teardown(void);
/* Returns the UDP port; 0: none. Any context. */
u16 srq_listener_port(void);
/*
 * Judges a packet, as the netfilter hook does, if it is for the port. The IP
 * header is valid. family: NFPROTO_IPV4 or NFPROTO_IPV6. Packet path.
 */
void srq_listener_hear(struct sk_buff *skb, u8 family);

/* --- softirq.c --- */

/* A timer is to call srq_run_poll() then, a time since boot. If it is late, another CPU
 * does so. U64_MAX: there is none. Any context. */
void srq_softirq_expect(u64 when);

/* From setup to teardown, packets do not wait for ksoftirqd without bound, nor for a CPU
 * that has its interrupts off. Both: process context. */
int srq_softirq_setup(void);
void srq_softirq_teardown(void);

/* --- from.c --- */

/*
 * Does the listener hear the source of this packet? The stack has checked the
 * IP header. Packet path.
 */
bool srq_from_heard(const struct sk_buff *skb, u8 family);

/* --- gate.c: the gate that judges --- */

/*
 * Returns the present gate; NULL before the first one and after the last one.
 * It stays valid until rcu_read_unlock(). The fields that srq_gate_judge()
 * changes are under srq_lock() too. Any context, under rcu_read_lock().
 */
struct srq_gate *srq_gate_present(void);

/*
 * The same for table.c, which replaces the gate: the gate stays valid until
 * srq_gate_install(). Process context, under the mutex of table.c.
 */
struct srq_gate *srq_gate_present_locked(void);

/*
 * Returns the operator with this key id, from srq_id_number(). As
 * srq_gate_present(). Takes about the same time however many operators there are.
 */
struct srq_found srq_gate_lookup(u64 id);

/*
 * Do this host and the line of the operator with this key id still permit the letter? Any
 * context.
 */
bool srq_gate_permits(const u8 id[SRQ_KEY_ID_LEN], char letter);

/*
 * Puts this gate, from kvzalloc(), in the place of the present one. The new
 * gate takes over what the present one remembers. Each key that was not in the
 * present one gets a new epoch, and is new from now on. The gate belongs to
 * gate.c from here on: on an error it is freed, and the present one stays.
 * Process context, under the mutex of table.c; sleeps.
 * Returns 0 or -ENOMEM.
 */
int srq_gate_install(struct srq_gate *gate);

/* Frees a gate that is not installed, and wipes its keys. Process context or
 * softirq. */
void srq_gate_free(struct srq_gate *gate);

/*
 * Takes the present gate away, and waits until no reader has a gate. Process
 * context, when no packet can come any more and no gate be installed.
 */
void srq_gate_remove(void);

/* From setup to teardown, a machine that was cloned or restored from a snapshot
 * renews the epochs of the present gate. Both: process context. */
int srq_gate_setup(void);
void srq_gate_teardown(void);

/* Was the machine cloned or restored since then? Any context. */
bool srq_gate_restored(void);

/* --- table.c: process context; sleeps --- */

enum { SRQ_TABLE_MAX = 64 * 1024 }; /* bytes of its text */

/* A table of operators that is being read. Only public keys are in it. */
struct srq_table;
/* Returns an empty table, or NULL: no memory. */
struct srq_table *srq_table_new(void);
/* table may be NULL. */
void srq_table_free(struct srq_table *table);
/*
 * Reads more of the text: whole lines, of which the last one of all may have no
 * newline. Returns 0, or -EINVAL: then the log says which line is wrong and why,
 * and the table is good for srq_table_free() only.
 */
int srq_table_read(struct srq_table *table, const char *text, size_t len);

/*
 * Puts the table, the host's private key (as text) and the password in force.
 * What is NULL stays as it is. An empty password makes no operator. The table
 * belongs to table.c from here on. The two texts stay the caller's, and are
 * secrets. May take seconds.
 *
 * Returns 0 or a negative error number. On an error nothing has changed, and
 * the log says what is wrong with the table or the texts.
 */
int srq_table_apply(struct srq_table *table, const char *key,
		    const char *password);

/* The host's public key, or "none". Any context. */
void srq_table_public_key(char text[SRQ_KEY_TEXT_LEN + 1]);

/* Forgets all, and takes the gate away. */
void srq_table_teardown(void);

/* --- tablefile.c: process context --- */

/* A table that somebody is writing to /proc/net/ipt_sysrq */
struct srq_tablefile;
/* flags: those of open(2). Returns an ERR_PTR() if this opener may not write. */
struct srq_tablefile *srq_tablefile_open(unsigned int flags);
/*
 * As write(2) does: takes len bytes of the table, which follow those before, or
 * returns a negative error number. After an error nothing more is taken. One
 * call at a time.
 */
ssize_t srq_tablefile_write(struct srq_tablefile *file, const char __user *from,
			    size_t len, loff_t *at);
/* Puts the table in force if it is whole, and frees the file. */
void srq_tablefile_close(struct srq_tablefile *file, bool killed);
/* Frees the file. */
void srq_tablefile_free(struct srq_tablefile *file);

/* --- secret.c: process context --- */

/*
 * Applies the texts that were given at load. From then on, each text that is
 * written to a parameter is applied.
 */
int srq_secret_setup(void);
/* Refuses all further texts, and takes the gate away. */
void srq_secret_teardown(void);

/* --- params.c --- */

/*
 * May the present process set a parameter? Whoever may load modules, or has
 * CAP_SYS_ADMIN, both in the initial user namespace: root in a container does
 * not, not even where it can write to the parameter's file. Process context.
 */
bool srq_param_may_set(void);

/* Returns seconds; 0: one-way commands are off. Any context. */
u32 srq_param_tolerance(void);
/* Returns a mask in kernel.sysrq's numbers; -1: none is set. Any context. */
int srq_param_mask(void);
/* Returns a text of at most SRQ_REALM_MAX bytes. Valid as long as the
 * module. */
const char *srq_param_realm(void);
/* Does the host listen after a panic although it reboots then? Any context. */
bool srq_param_after_panic(void);
/* Reads a number. base: 10, or 0: as C writes numbers. Returns false if the value
 * is none, or not from min to max. */
bool srq_param_number(const char *value, unsigned int base, s64 min, s64 max,
		      s64 *number);
/* Returns the length of a value without the newline that echo puts behind
 * it. */
size_t srq_param_length(const char *value);

/* --- audit.c --- */

enum srq_count {
	SRQ_COUNT_ACCEPTED,
	SRQ_COUNT_REPEATED,
	SRQ_COUNT_STATUS,
	SRQ_COUNT_LOG,
	SRQ_COUNT_UNKNOWN_TYPE,
	SRQ_COUNT_FORGED,      /* the key id of an operator, but a wrong tag */
	SRQ_COUNT_UNKNOWN_KEY, /* the key id of no operator */
	/* It has not the form of our datagrams, or is not for this host */
	SRQ_COUNT_NOT_OURS,
	SRQ_COUNT_REPLY_LOST,
	SRQ_COUNTS
};

/* Adds one. Any context. */
void srq_count(enum srq_count count);
/* Counts an authentic request, and writes to the log if it deserves a line.
 * Packet path. */
void srq_audit(const struct srq_flow *flow, struct srq_operator *who,
	       const struct srq_verdict *verdict);
/* Prints all counters, one a line. Process context. */
struct seq_file;
void srq_audit_show(struct seq_file *file);

/* --- proc.c: process context --- */

int srq_proc_setup(void);
void srq_proc_teardown(void);

/* --- press.c --- */

/* Returns the mask in force, in kernel.sysrq's numbers. Any context. */
u32 srq_press_mask(void);
/* Returns the letters that have a handler, a set. Any context. */
u64 srq_press_known(void);
/*
 * To be called for each datagram. Looks from time to time whether handlers have
 * changed, and restores kernel.sysrq if a handler that hangs has kept it
 * changed. Any context.
 */
void srq_press_tidy(void);
/*
 * Is now, a time since boot, the time to press this letter? Within two seconds it
 * is. Any context.
 */
bool srq_press_ready(char letter, u64 now);
/*
 * Presses one letter. The handler may take any time, or never return, so the
 * caller holds no lock. Any context.
 */
void srq_press(char letter);
/* Both: process context. */
int srq_press_setup(void);
void srq_press_teardown(void);
/* As srq_receive_panicked(). kernel.sysrq is as its owner set it, again. */
void srq_press_panicked(void);

/* --- stall.c --- */

/* From before a letter is pressed until RCU has gone on after its end, the kernel reports no
 * stall of RCU: see stall.c for how long at most. Any context. */
void srq_stall_hold(void);
void srq_stall_release(void);
/* Both: process context. At the teardown no letter is being pressed any more. */
void srq_stall_setup(void);
void srq_stall_teardown(void);

/* --- run.c --- */

/*
 * This lock guards the gate's judgement and the run. It is never held
 * while a letter is pressed or a packet is sent. A datagram holds it for a few hundred
 * instructions, and for a timer on each CPU, if a letter looks for one; a new table of
 * operators for 65,536 comparisons of key ids at most.
 * It is held with interrupts off, so an interrupt that hangs cannot keep it.
 * Any context.
 */
unsigned long srq_lock(void);
void srq_unlock(unsigned long flags);

struct srq_run_state {
	u64 number; /* 0: there is no run */
	enum srq_code code;
	struct srq_progress progress;
};
/* Fills in the state of the run in progress, or of the last one. Under
 * srq_lock(). */
void srq_run_state(struct srq_run_state *state);

/* Tells the gate of the run in progress. now: time since boot. Under
 * srq_lock(). */
void srq_run_in_progress(struct srq_in_progress *progress, u64 now);

/*
 * Begins the run of the verdict, a command of this operator, and presses nothing
 * yet. The run before it ends, and *before becomes its last state. The gate has
 * been told since srq_lock() that there is room. now: time since boot. Under
 * srq_lock().
 */
void srq_run_begin(const struct srq_verdict *verdict,
		   const struct srq_operator *who, u64 now,
		   struct srq_run_state *before);

/* Ends the run in progress: its other letters are not pressed. Under srq_lock(). */
void srq_run_withdraw(void);

/*
 * Presses the letters that are due at `now`, a time since boot. Each letter is
 * judged again then: without its operator, its handler or its bit in the mask,
 * the run ends. Timers call this function, and so does each datagram
 * that asks for the run. It does not return if the handler of a letter does not.
 * Bottom halves off, no lock held.
 */
void srq_run_poll(u64 now);

/* Does the letter whose turn it is look for a CPU? Under srq_lock(). */
bool srq_run_looks(void);

/*
 * A result has left the host that tells of `finished` steps, for a client that had heard
 * of `heard` before. A last letter that waits for the client goes on waiting, but not for
 * long; or it is due, if the client had heard of all. Any context, no lock held.
 */
void srq_run_told(u64 number, u8 finished, u8 heard);

/* Both: process context. */
int srq_run_setup(void);
void srq_run_teardown(void);
/*
 * As srq_receive_panicked(). A letter that has caused the panic has ended. From
 * then on there are no timers, and srq_run_poll() drives the run.
 */
void srq_run_panicked(void);

/* --- idle.c --- */

enum { SRQ_LOOK_MS = 500 }; /* so long a letter may look for another CPU */

/* Does the letter wait for a CPU whose worker works? It looks for one until `end`: each CPU
 * calls srq_run_poll(), and on while srq_run_looks(). Softirq, under srq_lock(). */
bool srq_idle_elsewhere(char letter, u64 end, u64 now);
/* Then has this CPU's worker show that it works. Softirq, no lock held. */
void srq_idle_test(void);
/* Both: process context. */
void srq_idle_setup(void);
void srq_idle_teardown(void);

/* --- reply.c --- */

void srq_reply_setup(void); /* process context; there is nothing to tear down */

/* Room for the headers of a reply, in front of it */
enum {
	SRQ_HEADROOM =
		LL_MAX_HEADER + sizeof(struct ipv6hdr) + sizeof(struct udphdr),
};

/*
 * Returns an skb with room for a datagram of len bytes at skb->data. If the
 * kernel has no memory, the skb comes from a reserve; NULL: the reserve is
 * empty too, so there is no reply. The caller gives the skb to
 * srq_reply_send(). Packet path.
 */
struct sk_buff *srq_reply_new(size_t len);
/*
 * Seals the datagram, whose body the caller has written, and sends it back to
 * where the request came from. Takes the reply. Packet path.
 */
void srq_reply_send(struct sk_buff *reply, const struct sk_buff *request,
		    const struct srq_flow *flow, const struct srq_keys *keys);

/* --- buffer.c --- */

/* Returns an empty skb with SRQ_HEADROOM + SRQ_LONG bytes of room, or NULL. The
 * caller owns it. */
struct sk_buff *srq_buffer_new(gfp_t gfp);
/* The same without an allocation: one of those that are kept. Packet path. */
struct sk_buff *srq_buffer_kept(void);
/* Both: process context. */
int srq_buffers_setup(void);
void srq_buffers_teardown(void);

/* --- status.c: any context --- */

/* Fills in the status, but for what depends on the operator. */
void srq_status_fill(struct srq_status *status);

/* --- klog.c: any context --- */

/*
 * Writes a line into the log, with the module's name before it and a newline
 * behind it. After a panic it reaches those who read the log by srq_klog_read(),
 * whatever the kernel does with it; then there is room for some lines only.
 * by_anybody: who has no key can cause any number of such lines. They leave half
 * of the room to the others.
 */
__printf(2, 3) void srq_klog_say(bool by_anybody, const char *format, ...);
/* Returns the number of the record that will be written next. */
u64 srq_klog_next(void);
/*
 * Fills text, of size bytes, with whole records from number log->first on.
 * log->first becomes the number of the first record in text, and log->next the
 * number to ask for next. Sets log->log_next and log->text_len. Returns true if
 * a record was larger than size, and was cut.
 */
bool srq_klog_read(struct srq_logdata *log, char *text, size_t size);

/*
 * These four tell whether the kernel has reported an emergency sync ('s') or
 * remount ('u') complete. Any other letter has no effect.
 *
 * expect: to be called before the letter is pressed.
 * scan: reads what the kernel has logged since the last scan, up to a limit.
 * next_look: in how many ns scan is to be called again, as the log may be written over; 0:
 *	every expected one was reported.
 * complete: true if the kernel has reported every expected one.
 */
void srq_klog_expect(char letter);
void srq_klog_scan(void);
u64 srq_klog_next_look(void);
bool srq_klog_complete(char letter);
/* As srq_receive_panicked() */
void srq_klog_panicked(void);

/* --- crypto.c: process context --- */

/* Returns 0, or -ENOENT if the kernel has no hmac(sha256). */
int srq_crypto_check(void);

#endif
