// SPDX-License-Identifier: GPL-2.0
/* Finds the UDP payload in a packet, and tells whether it is for this host. */
#include "kernel/host.h"
#include "kernel/compat.h"
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_bridge.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

/* The UDP header, at the offset `at`. The IP header claims `rest` bytes from there on. */
struct part {
	unsigned int at;
	unsigned int rest;
};

/* All that is read of a packet before its key is known */
struct head {
	struct udphdr udp;
	u8 prefix[SRQ_PREFIX_LEN];
};

/*
 * The UDP datagram must fill the whole part, and all of it must be in the packet.
 * Returns the key id; 0: it has not the form of ours.
 */
static __always_inline u64 id_in(const struct head *head,
				 const struct sk_buff *skb, struct part part)
{
	const u8 *id = srq_datagram_key_id(head->prefix);

	if (!id || ntohs(head->udp.len) != part.rest ||
	    part.at + part.rest > skb->len)
		return 0;
	return srq_id_number(id);
}

/* The head is not in the linear part of the packet: a rare case. */
static noinline u64 id_paged(const struct sk_buff *skb, struct part part)
{
	struct head head;

	return skb_copy_bits(skb, part.at, &head, sizeof(head))
		       ? 0
		       : id_in(&head, skb, part);
}

static __always_inline u64 find_id(const struct sk_buff *skb, struct part part)
{
	if (!srq_datagram_length_ok(part.rest - sizeof(struct udphdr)))
		return 0;
	if (unlikely(part.at + sizeof(struct head) > skb_headlen(skb)))
		return id_paged(skb, part);
	return id_in((const struct head *)(skb->data + part.at), skb, part);
}

/*
 * Is the frame for another host? br_netfilter shows also frames that a bridge
 * only passes on, and calls each of them PACKET_HOST meanwhile.
 */
static bool to_other_host(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

	if (bridge && bridge->pkt_otherhost)
		return true;
#endif
	return skb->pkt_type != PACKET_HOST;
}

static __always_inline bool find_in_ipv4(const struct sk_buff *skb,
					 struct part *part)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int header = ip->ihl * 4;

	part->at = skb_network_offset(skb) + header;
	part->rest = ntohs(ip->tot_len) - header;
	return ip->protocol == IPPROTO_UDP && !ip_is_fragment(ip);
}

static void read_ipv4(const struct sk_buff *skb, struct srq_flow *flow)
{
	const struct iphdr *ip = ip_hdr(skb);

	ipv6_addr_set_v4mapped(ip->saddr, &flow->source);
	ipv6_addr_set_v4mapped(ip->daddr, &flow->destination);
	flow->interface = skb->dev->ifindex;
}

/*
 * Is the frame for the hardware address of this card, which has no IPv4 address?
 * Only the listener sees such packets. A frame of a bridge is for its port.
 */
static bool is_adopted(const struct sk_buff *skb, const struct srq_flow *flow)
{
	const struct in_device *in = __in_dev_get_rcu(skb->dev);

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (nf_bridge_info_get(skb))
		return false;
#endif
	return flow->way.before_firewall && in &&
	       !rcu_access_pointer(in->ifa_list) &&
	       skb->dev->type == ARPHRD_ETHER && skb_mac_header_was_set(skb) &&
	       ether_addr_equal(eth_hdr(skb)->h_dest, skb->dev->dev_addr);
}

static bool own_ipv4(const struct sk_buff *skb, struct srq_flow *flow,
		     bool may_adopt)
{
	__be32 source = flow->source.s6_addr32[3];
	__be32 destination = flow->destination.s6_addr32[3];
	unsigned int from =
		inet_addr_type_dev_table(flow->net, skb->dev, source);
	unsigned int to =
		inet_addr_type_dev_table(flow->net, skb->dev, destination);

	flow->adopted = to == RTN_UNICAST && may_adopt && is_adopted(skb, flow);
	if (to != RTN_LOCAL && !flow->adopted)
		return false;
	if (skb->dev->flags & IFF_LOOPBACK)
		return from == RTN_LOCAL;
	return from == RTN_UNICAST && !ipv4_is_loopback(destination);
}

#if IS_ENABLED(CONFIG_IPV6)
/* A packet with an extension header is not ours. Every fragment has one. */
static __always_inline bool find_in_ipv6(const struct sk_buff *skb,
					 struct part *part)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	part->at = skb_network_offset(skb) + sizeof(*ip);
	part->rest = ntohs(ip->payload_len);
	return ip->nexthdr == IPPROTO_UDP &&
	       ipv6_addr_type(&ip->saddr) & IPV6_ADDR_UNICAST &&
	       !ipv6_addr_v4mapped(&ip->saddr) &&
	       !ipv6_addr_v4mapped(&ip->daddr);
}

static void read_ipv6(const struct sk_buff *skb, struct srq_flow *flow)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	flow->source = ip->saddr;
	flow->destination = ip->daddr;
	/* In INPUT, skb->dev is the VRF itself. The bridge clears iif. */
	flow->interface = IP6CB(skb)->iif ?: skb->dev->ifindex;
}

/* Does the routing table say that the address is the host's? No allocation. */
static bool is_local_ipv6(const struct srq_flow *flow,
			  const struct in6_addr *address)
{
	struct flowi6 fl6 = {
		.flowi6_iif = flow->interface,
		.daddr = *address,
	};
	bool on_link = ipv6_addr_type(address) & IPV6_ADDR_LINKLOCAL;
	struct fib6_result route = {};

	return !fib6_lookup(flow->net, flow->interface, &fl6, &route,
			    on_link ? RT6_LOOKUP_F_IFACE : 0) &&
	       route.fib6_type == RTN_LOCAL;
}

static bool own_ipv6(const struct sk_buff *skb, const struct srq_flow *flow)
{
	/* With ipv6.disable=1 there is no table, but a bridge shows such packets. */
	if (!rcu_access_pointer(skb->dev->ip6_ptr) ||
	    !is_local_ipv6(flow, &flow->destination))
		return false;
	if (skb->dev->flags & IFF_LOOPBACK)
		return is_local_ipv6(flow, &flow->source);
	return !is_local_ipv6(flow, &flow->source) &&
	       !ipv6_addr_loopback(&flow->destination);
}
#else
static bool find_in_ipv6(const struct sk_buff *skb, struct part *part)
{
	return false;
}

static void read_ipv6(const struct sk_buff *skb, struct srq_flow *flow)
{
}

static bool own_ipv6(const struct sk_buff *skb, const struct srq_flow *flow)
{
	return false;
}
#endif

/*
 * In PREROUTING, the kernel has not checked the addresses yet. The destination
 * must be this host alone, and the source a single host. A packet of this host
 * to itself must be on the loopback device.
 */
bool srq_packet_is_own(const struct sk_buff *skb, struct srq_flow *flow,
		       bool may_adopt)
{
	return srq_flow_is_ipv4(flow) ? own_ipv4(skb, flow, may_adopt)
				      : own_ipv6(skb, flow);
}

void srq_packet_flow(const struct srq_packet *packet, struct srq_flow *flow)
{
	const struct sk_buff *skb = packet->skb;
	unsigned int at = packet->at - sizeof(struct udphdr);
	struct udphdr buffer, *udp;

	*flow = (struct srq_flow){
		.net = dev_net(skb->dev),
		.way = {
			.letters = packet->letters ? *packet->letters
						   : SRQ_ALL_LETTERS,
			.before_firewall = !packet->letters,
		},
	};
	if (packet->family == NFPROTO_IPV4)
		read_ipv4(skb, flow);
	else
		read_ipv6(skb, flow);
	udp = skb_header_pointer(skb, at, sizeof(buffer), &buffer);
	flow->source_port = udp->source;
	flow->destination_port = udp->dest;
}

/* An operator's key id is in the packet. */
static noinline bool take(const struct sk_buff *skb, u8 family,
			  const u64 *letters, struct part part,
			  struct srq_found found)
{
	struct srq_packet packet = {
		.skb = skb,
		.letters = letters,
		.family = family,
		.at = part.at + sizeof(struct udphdr),
		.len = part.rest - sizeof(struct udphdr),
	};
	bool ours;

	/* A packet that an NFQUEUE gives back comes with softirqs enabled. */
	local_bh_disable();
	ours = srq_receive(&packet, found);
	local_bh_enable();
	return ours;
}

/*
 * Anybody can send junk, so it is to cost little: bench/packet. Here nothing is on the
 * stack, which the kernel may be built to clear and to guard.
 */
bool srq_packet(const struct sk_buff *skb, u8 family, const u64 *letters)
{
	struct srq_found found;
	struct part part;
	u64 id = 0;

	if (!to_other_host(skb) &&
	    (family == NFPROTO_IPV4 ? find_in_ipv4(skb, &part)
				    : find_in_ipv6(skb, &part)))
		id = find_id(skb, part);
	if (!id) {
		srq_count(SRQ_COUNT_NOT_OURS);
		return false;
	}
	found = srq_gate_lookup(id);
	if (!found.who) {
		srq_count(SRQ_COUNT_UNKNOWN_KEY);
		return false;
	}
	return take(skb, family, letters, part, found);
}
