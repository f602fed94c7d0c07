// SPDX-License-Identifier: GPL-2.0
/*
 * After a panic: answers who asks for the hardware address of one of the host's
 * addresses, because a neighbour forgets it within minutes.
 *
 * But a host that has panicked defends no address. When another host takes one
 * over, as in a cluster, it shall have it. So the question of a host that wants
 * the address for itself has no answer, and an address that another host has
 * is left to it.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/rculist.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

enum { LOST_MAX = 16 };

/* The addresses that others have. An IPv4 address is ::ffff:a.b.c.d. */
static struct in6_addr lost[LOST_MAX];
static unsigned int lost_count;

static bool is_lost(const struct in6_addr *address)
{
	for (unsigned int i = 0; i < min_t(unsigned int, lost_count, LOST_MAX);
	     i++) {
		if (ipv6_addr_equal(&lost[i], address))
			return true;
	}
	return false;
}

/* Another host says that it has the address. */
static void lose(const struct in6_addr *address)
{
	if (!is_lost(address))
		lost[lost_count++ % LOST_MAX] = *address;
}

static bool is_own_hardware(const u8 *address)
{
	struct net_device *dev;

	for_each_netdev_rcu(&init_net, dev)
	{
		if (dev->addr_len == ETH_ALEN &&
		    ether_addr_equal(dev->dev_addr, address))
			return true;
	}
	return false;
}

/* --- IPv4 --- */

struct arp_ethernet {
	struct arphdr head;
	u8 from_hardware[ETH_ALEN];
	__be32 from;
	u8 to_hardware[ETH_ALEN];
	__be32 to;
} __packed;

static bool has_ipv4(const struct net_device *dev, __be32 address)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
	{
		if (ifa->ifa_local == address)
			return true;
	}
	return false;
}

static void answer_arp(const struct arp_ethernet *question, const u8 *hardware)
{
	struct sk_buff *skb = srq_send_buffer();
	struct arp_ethernet *arp;

	if (!skb)
		return;
	skb_reserve(skb, SRQ_HEADROOM);
	/* The shortest frame has 60 bytes. */
	arp = skb_put_zero(skb, ETH_ZLEN - ETH_HLEN);
	*arp = *question;
	arp->head.ar_op = htons(ARPOP_REPLY);
	ether_addr_copy(arp->from_hardware, hardware);
	arp->from = question->to;
	ether_addr_copy(arp->to_hardware, question->from_hardware);
	arp->to = question->from;
	skb->protocol = htons(ETH_P_ARP);
	if (srq_send(skb))
		kfree_skb(skb);
}

void srq_neighbour_arp(struct sk_buff *skb, const struct net_device *dev)
{
	const struct arp_ethernet *arp;
	struct in6_addr address;

	if (!pskb_may_pull(skb, sizeof(*arp)))
		return;
	arp = (const struct arp_ethernet *)skb->data;
	if (arp->head.ar_pro != htons(ETH_P_IP) ||
	    arp->head.ar_hln != ETH_ALEN || arp->head.ar_pln != 4)
		return;
	ipv6_addr_set_v4mapped(arp->from, &address);
	if (has_ipv4(dev, arp->from) && !is_own_hardware(arp->from_hardware))
		lose(&address);
	ipv6_addr_set_v4mapped(arp->to, &address);
	if (arp->head.ar_op == htons(ARPOP_REQUEST) && arp->from &&
	    has_ipv4(dev, arp->to) && !is_lost(&address))
		answer_arp(arp, srq_send_hardware());
}

/* --- IPv6 --- */

/* Both a solicitation and an advertisement; and its only option here */
struct nd_ethernet {
	struct nd_msg msg;
	u8 option, option_len;
	u8 hardware[ETH_ALEN];
} __packed;

static bool has_ipv6(const struct net_device *dev,
		     const struct in6_addr *address)
{
	struct inet6_dev *in6_dev = rcu_dereference(dev->ip6_ptr);
	const struct inet6_ifaddr *ifa;

	if (!in6_dev)
		return false;
	list_for_each_entry_rcu(ifa, &in6_dev->addr_list, if_list) {
		if (ipv6_addr_equal(&ifa->addr, address) &&
		    !(ifa->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)))
			return true;
	}
	return false;
}

static void answer_solicitation(const struct in6_addr *target,
				const struct in6_addr *from, const u8 *hardware)
{
	struct sk_buff *skb = srq_send_buffer();
	struct nd_ethernet *nd;
	struct ipv6hdr *ip;

	if (!skb)
		return;
	skb_reserve(skb, SRQ_HEADROOM);
	ip = skb_put_zero(skb, sizeof(*ip) + sizeof(*nd));
	nd = (struct nd_ethernet *)(ip + 1);
	*ip = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(sizeof(*nd)),
		.nexthdr = IPPROTO_ICMPV6,
		.hop_limit = 255,
		.saddr = *target,
		.daddr = *from,
	};
	nd->msg.icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	nd->msg.icmph.icmp6_solicited = 1;
	nd->msg.icmph.icmp6_override = 1;
	nd->msg.target = *target;
	nd->option = ND_OPT_TARGET_LL_ADDR;
	nd->option_len = 1;
	ether_addr_copy(nd->hardware, hardware);
	nd->msg.icmph.icmp6_cksum =
		csum_ipv6_magic(target, from, sizeof(*nd), IPPROTO_ICMPV6,
				csum_partial(nd, sizeof(*nd), 0));
	skb->protocol = htons(ETH_P_IPV6);
	if (srq_send(skb))
		kfree_skb(skb);
}

void srq_neighbour_ipv6(struct sk_buff *skb, const struct net_device *dev)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	const struct nd_msg *msg;

	if (ip->nexthdr != IPPROTO_ICMPV6 || ip->hop_limit != 255 ||
	    !pskb_may_pull(skb, sizeof(*ip) + sizeof(*msg)))
		return;
	ip = ipv6_hdr(skb);
	msg = (const struct nd_msg *)(ip + 1);
	if (msg->icmph.icmp6_code || !has_ipv6(dev, &msg->target))
		return;
	if (msg->icmph.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT &&
	    !is_own_hardware(eth_hdr(skb)->h_source))
		lose(&msg->target);
	if (msg->icmph.icmp6_type == NDISC_NEIGHBOUR_SOLICITATION &&
	    ipv6_addr_type(&ip->saddr) & IPV6_ADDR_UNICAST &&
	    !is_lost(&msg->target))
		answer_solicitation(&msg->target, &ip->saddr,
				    srq_send_hardware());
}
