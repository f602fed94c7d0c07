// SPDX-License-Identifier: GPL-2.0
/* Finds the UDP payload in a packet that is for this host alone. */
#include "kernel/host.h"
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
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
 * In PREROUTING, the kernel has not checked the addresses yet. A packet is ours
 * if its link-layer and its IP destination are this host alone, and its source
 * is a single host. A packet of this host to itself must be on the loopback
 * device.
 */
static bool plausible_ipv4(struct net *net, const struct sk_buff *skb,
			   const struct iphdr *ip)
{
	unsigned int from = inet_addr_type_dev_table(net, skb->dev, ip->saddr);
	unsigned int to = inet_addr_type_dev_table(net, skb->dev, ip->daddr);

	if (skb->pkt_type != PACKET_HOST || to != RTN_LOCAL)
		return false;
	if (skb->dev->flags & IFF_LOOPBACK)
		return from == RTN_LOCAL;
	return from == RTN_UNICAST && !ipv4_is_loopback(ip->daddr);
}

static bool read_ipv4(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int header = ip->ihl * 4;

	if (ip->protocol != IPPROTO_UDP || ip_is_fragment(ip) ||
	    ntohs(ip->tot_len) < header ||
	    !find_payload(skb, skb_network_offset(skb) + header,
			  ntohs(ip->tot_len) - header, flow, payload) ||
	    !plausible_ipv4(flow->net, skb, ip))
		return false;
	ipv6_addr_set_v4mapped(ip->saddr, &flow->source);
	ipv6_addr_set_v4mapped(ip->daddr, &flow->destination);
	return true;
}

#if IS_ENABLED(CONFIG_IPV6)
static bool plausible_ipv6(struct net *net, const struct sk_buff *skb,
			   const struct ipv6hdr *ip)
{
	if (skb->pkt_type != PACKET_HOST ||
	    !(ipv6_addr_type(&ip->saddr) & IPV6_ADDR_UNICAST) ||
	    ipv6_addr_v4mapped(&ip->saddr) || ipv6_addr_v4mapped(&ip->daddr) ||
	    !ipv6_chk_addr(net, &ip->daddr, skb->dev, 0))
		return false;
	if (skb->dev->flags & IFF_LOOPBACK)
		return ipv6_chk_addr(net, &ip->saddr, NULL, 0);
	return !ipv6_chk_addr(net, &ip->saddr, skb->dev, 0) &&
	       !ipv6_addr_loopback(&ip->daddr);
}

/* A packet with an extension header is not ours. Every fragment has one. */
static bool read_ipv6(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	if (ip->nexthdr != IPPROTO_UDP ||
	    !find_payload(skb, skb_network_offset(skb) + sizeof(*ip),
			  ntohs(ip->payload_len), flow, payload) ||
	    !plausible_ipv6(flow->net, skb, ip))
		return false;
	flow->source = ip->saddr;
	flow->destination = ip->daddr;
	return true;
}
#else
static bool read_ipv6(const struct sk_buff *skb, struct srq_flow *flow,
		      struct payload *payload)
{
	return false;
}
#endif

bool srq_packet(const struct sk_buff *skb, struct net *net, u8 family,
		const struct srq_way *way)
{
	struct srq_flow flow = { .net = net, .way = *way };
	struct payload payload;
	bool ours = false;

	/* A packet that an NFQUEUE gives back comes with softirqs enabled. */
	local_bh_disable();
	if (family == NFPROTO_IPV4 ? read_ipv4(skb, &flow, &payload)
				   : read_ipv6(skb, &flow, &payload))
		ours = srq_receive(skb, &flow, payload.at, payload.len);
	else
		srq_count(SRQ_COUNT_NOT_OURS);
	local_bh_enable();
	return ours;
}
