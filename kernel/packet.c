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

struct payload {
	unsigned int at;
	size_t len;
};

/*
 * Reads the UDP header at offset `at`. The IP header claims `rest` bytes from
 * there on. The UDP datagram must fill them all, and all must be in the packet.
 * Fills in the ports and the payload. Returns false if a length is wrong.
 */
static bool find_payload(const struct sk_buff *skb, unsigned int at,
			 unsigned int rest, struct srq_flow *flow,
			 struct payload *payload)
{
	struct udphdr buffer, *udp;

	udp = skb_header_pointer(skb, at, sizeof(buffer), &buffer);
	if (!udp || ntohs(udp->len) != rest || rest < sizeof(*udp) ||
	    at + rest > skb->len)
		return false;
	flow->source_port = udp->source;
	flow->destination_port = udp->dest;
	payload->at = at + sizeof(*udp);
	payload->len = rest - sizeof(*udp);
	return srq_datagram_length_ok(payload->len);
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

static bool read_ipv4(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int header = ip->ihl * 4;

	if (ip->protocol != IPPROTO_UDP || ip_is_fragment(ip) ||
	    ntohs(ip->tot_len) < header ||
	    !find_payload(skb, skb_network_offset(skb) + header,
			  ntohs(ip->tot_len) - header, flow, payload))
		return false;
	ipv6_addr_set_v4mapped(ip->saddr, &flow->source);
	ipv6_addr_set_v4mapped(ip->daddr, &flow->destination);
	flow->interface = skb->dev->ifindex;
	return true;
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
	return flow->way.before_firewall && in && !in->ifa_list &&
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
static bool read_ipv6(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	if (ip->nexthdr != IPPROTO_UDP ||
	    !(ipv6_addr_type(&ip->saddr) & IPV6_ADDR_UNICAST) ||
	    ipv6_addr_v4mapped(&ip->saddr) || ipv6_addr_v4mapped(&ip->daddr) ||
	    !find_payload(skb, skb_network_offset(skb) + sizeof(*ip),
			  ntohs(ip->payload_len), flow, payload))
		return false;
	flow->source = ip->saddr;
	flow->destination = ip->daddr;
	/* In INPUT, skb->dev is the VRF itself. The bridge clears iif. */
	flow->interface = IP6CB(skb)->iif ?: skb->dev->ifindex;
	return true;
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
static bool read_ipv6(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	return false;
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

bool srq_packet(const struct sk_buff *skb, struct net *net, u8 family,
		const struct srq_way *way)
{
	struct srq_flow flow = { .net = net, .way = *way };
	struct payload payload;
	bool ours = false;

	/* A packet that an NFQUEUE gives back comes with softirqs enabled. */
	local_bh_disable();
	if (!to_other_host(skb) &&
	    (family == NFPROTO_IPV4 ? read_ipv4(skb, &flow, &payload)
				    : read_ipv6(skb, &flow, &payload)))
		ours = srq_receive(skb, &flow, payload.at, payload.len);
	else
		srq_count(SRQ_COUNT_NOT_OURS);
	local_bh_enable();
	return ours;
}
