/* SPDX-License-Identifier: GPL-2.0 */
/* The way of a packet to the gate: a part of host.h. */
#ifndef SRQ_PACKET_H
#define SRQ_PACKET_H

#include <linux/skbuff.h>
#include <net/ipv6.h>
#include "core/gate.h"

/* The way by which a packet has come. */
struct srq_way {
	u64 letters; /* a set: the letters that may be pressed by this way */
	/* The packet came before the firewall. So its reply leaves behind
	 * it. */
	bool before_firewall;
};

/* The two ends of a datagram. An IPv4 address is ::ffff:a.b.c.d. */
struct srq_flow {
	struct net *net;
	struct srq_way way;
	struct in6_addr source;
	struct in6_addr destination;
	int interface; /* index of the one by which the packet came */
	/* The host has no such address. The reply leaves by the same card. */
	bool adopted;
	__be16 source_port;
	__be16 destination_port;
};

/* A packet that may be ours. */
struct srq_packet {
	const struct sk_buff *skb; /* the caller's, not changed */
	const u64 *letters; /* of the rule; NULL: the listener's packet */
	u8 family;          /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	/* The UDP payload: its offset and length in the skb, which has all of it */
	unsigned int at;
	size_t len;
};

static inline bool srq_flow_is_ipv4(const struct srq_flow *flow)
{
	return ipv6_addr_v4mapped(&flow->source);
}

/* A key id as a number, which is fast to compare */
static __always_inline u64 srq_id_number(const u8 id[SRQ_KEY_ID_LEN])
{
	u64 number;

	memcpy(&number, id, sizeof(number));
	return number;
}

/* --- packet.c: softirq or process context --- */

/*
 * Judges a packet that has come to the host, and acts on it. family is
 * NFPROTO_IPV4 or NFPROTO_IPV6. The stack has checked the IP header, which is
 * at skb_network_header(). The skb stays the caller's and is not changed. letters:
 * the set that the rule permits; NULL: there is no rule, the packet came to the
 * listener, before the firewall.
 *
 * Returns true if the datagram is authentic: then the packet is consumed.
 * Returns false if the packet is not ours.
 */
bool srq_packet(const struct sk_buff *skb, u8 family, const u64 *letters);

/* Reads the addresses and the ports of a packet that has the form of ours. */
void srq_packet_flow(const struct srq_packet *packet, struct srq_flow *flow);

/*
 * Is the packet from one host, and for this host alone? Only an authentic one is
 * worth the look into the routing table.
 *
 * A card may have lost its IPv4 address. may_adopt: then any IPv4 address is the
 * host's, in a frame for the hardware address of that card. This is for keys that
 * no other host has. Sets flow->adopted. Packet path.
 */
bool srq_packet_is_own(const struct sk_buff *skb, struct srq_flow *flow,
		       bool may_adopt);

/* --- receive.c --- */

/* The operator whose key id a packet has, and the present gate, in which he is */
struct srq_found {
	struct srq_gate *gate;
	struct srq_operator *who; /* NULL: there is none */
};

/* Does what srq_packet() does, for a packet that has an operator's key id. Packet
 * path. */
bool srq_receive(const struct srq_packet *packet, struct srq_found found);
/* Both: process context. */
int srq_receive_setup(void);
void srq_receive_teardown(void);
/* This file's locks are free, whoever held them. After a panic. */
void srq_receive_panicked(void);

#endif
