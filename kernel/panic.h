/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module does after a panic: first what all files of the module may ask
 * and call, then what the files panic*.c share.
 *
 *   clock.c           keeps the time;
 *   panic.c           is called by panic(), and goes round until the reboot;
 *   panic_poll.c      polls the cards;
 *   panic_frame.c     takes each frame that a card has received;
 *   panic_neighbour.c answers who asks for the host's hardware address;
 *   panic_send.c      sends a frame by the card that was asked;
 *   buffer.c          has the buffers for it;
 *   off.c             switches the host off.
 *
 * "After a panic" below means: on the CPU that has panicked, which is the only one
 * that runs any more. Its interrupts are off or bring nothing, preemption and bottom
 * halves are off, and rcu_read_lock() is held. A lock that is not ours may be held for
 * ever, so it is only tried.
 */
#ifndef SRQ_PANIC_H
#define SRQ_PANIC_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "core/platform.h"

/* --- clock.c: any context --- */

/* Has the kernel panicked? Then one CPU runs, and no task, no timer, no work. */
bool srq_panicked(void);
/* The time since boot, and since 1970 */
u64 srq_boot_ns(void);
u64 srq_real_ns(void);
/* From now on, the clock is the module's own. */
void srq_clock_panicked(void);
/*
 * Goes on by what the kernel's clock or the CPU's shows since the last step,
 * whichever is more; if both stand still or have gone back, by the ns that the caller
 * has waited. Returns the time since the panic.
 */
u64 srq_clock_step(u64 waited);
u64 srq_clock_since_panic(void); /* 0: there was none */

/* --- panic.c --- */

/* Would the host listen after a panic, or does it? Any context. */
bool srq_panic_hears(void);
/* Returns the seconds until a host that has panicked reboots by itself; 0: it
 * does not. Any context. */
u32 srq_panic_reboots_in(void);
/* After a panic, can the letter do nothing? Any context. */
bool srq_panic_in_vain(char letter);
/* Both: process context. */
int srq_panic_setup(void);
void srq_panic_teardown(void);

/* --- panic_send.c: after a panic --- */

/* So many thirds of the buffers one card may have, which may never send them. */
enum { SRQ_FOR_NEIGHBOURS = 1, SRQ_FOR_REPLIES = 2 };
/*
 * Returns an empty skb with SRQ_HEADROOM + SRQ_LONG bytes of room; NULL: the card
 * that was asked has its thirds of them and has not sent them yet, or the cards have
 * all of them. The caller gives it to srq_send(), or frees it.
 */
struct sk_buff *srq_send_buffer(unsigned int thirds);
/*
 * Sends the packet, whose protocol is set, to the neighbour that asked. Takes the
 * skb if it returns 0.
 */
int srq_send(struct sk_buff *skb);
/* Makes a nonce that was never used. */
void srq_send_nonce(u8 nonce[SRQ_AEAD_NONCE_LEN]);
void srq_send_setup(void); /* process context */

/* --- buffer.c: after a panic --- */

/* Returns a buffer as srq_send_buffer() does, for this card. */
struct sk_buff *srq_buffer_panicked(const struct net_device *card,
				    unsigned int thirds);
/* Is a frame of ours still with a card? */
bool srq_buffers_pending(void);

/* --- off.c --- */

/* Can the host be switched off after a panic? Any context. */
bool srq_off_possible(void);
/* Switches it off. After a panic. */
void srq_off(void);
void srq_off_setup(void); /* process context */

/* Is it a card that is up? One behind USB or SPI and a wireless one do not count: the
 * stack below them needs tasks. Nor does a DPAA card of NXP. In panic_poll.c; any
 * context. */
bool srq_is_card(struct net_device *dev);
/* Is the card on a bus of that name? Any context. */
bool srq_card_is_on(const struct net_device *dev, const char *bus);
/* Does a driver of that name have the card? Any context. */
bool srq_card_has_driver(const struct net_device *dev, const char *name);

/* --- panic_poll.c: after a panic --- */

/* Before the first poll, and again after each crash: takes away all that is in
 * the way of a frame. */
void srq_poll_prepare(void);
/* Polls each card once. */
void srq_poll(void);
/* The last poll has crashed. */
void srq_poll_crashed(void);

/* --- panic_frame.c: after a panic --- */

/* The rx_handler of every device. */
rx_handler_result_t srq_frame(struct sk_buff **pskb);

/* --- panic_neighbour.c: after a panic --- */

/* Answers an ARP packet, at skb->data, that asks for an address of the device. */
void srq_neighbour_arp(struct sk_buff *skb, const struct net_device *dev);
/* The same for an IPv6 packet: is it a neighbour solicitation? */
void srq_neighbour_ipv6(struct sk_buff *skb, const struct net_device *dev);

/* --- panic_send.c, for the files panic*.c --- */

/* The next replies are to this frame, which still is as it was received, and by this
 * hardware address if the frame was to many. */
void srq_send_asked_by(const struct sk_buff *frame, const u8 *own);
/* No, they are to this hardware address. */
void srq_send_to(const u8 *hardware);
/* Returns the host's hardware address that the sender of this frame may know. */
const u8 *srq_send_hardware(void);
#endif
