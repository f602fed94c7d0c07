// SPDX-License-Identifier: GPL-2.0
/*
 * After a panic: answers who asks for the hardware address of one of the host's
 * addresses, because a neighbour forgets it within minutes.
 *
 * But a host that has panicked defends no address. When another host takes one
 * over, as in a cluster, it shall have it. So the question of a host that wants
 * the address for itself has no answer, and an address that another host has
 * is left to it.
 *
 * A host that takes an address asks first whether it is free. It would give up if
 * it heard the same question, or an answer, so this host is silent for a while.
 *
 * Anybody can say once that an address is his. So each time somebody wants such
 * an address, it is asked for. If nobody answers, nobody else has it any more.
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

enum { LOST_MAX = 64, PROBES = 2 };

#define PROBE_INTERVAL (400 * SRQ_MILLISECOND)
#define TAKING         (10 * SRQ_SECOND)

/* The addresses that others have. An IPv4 address is ::ffff:a.b.c.d. */
static struct lost {
	struct in6_addr address;
	u64 silent_until;    /* time since boot; 0: the place is free */
	unsigned int probes; /* that have no answer */
} lost[LOST_MAX];

/* Returns the place of the address, or a free one; NULL: others have so many. */
static struct lost *place_of(const struct in6_addr *address)
{
	struct lost *free = NULL;

	for (int i = 0; i < LOST_MAX; i++) {
		if (ipv6_addr_equal(&lost[i].address, address))
			return &lost[i];
		if (!lost[i].silent_until)
			free = &lost[i];
	}
	return free;
}

/* Somebody wants the address. Returns false if nothing is to be sent. *probe:
 * the others are to be asked who has it. Otherwise this host has it. */
static bool is_due(const struct in6_addr *address, bool *probe)
{
	struct lost *one = place_of(address);
	u64 now = srq_boot_ns();

	if (!one || now < one->silent_until)
		return false;
	*probe = one->silent_until && one->probes < PROBES;
	if (!one->silent_until)
		return true;
	one->silent_until = now + PROBE_INTERVAL;
	if (one->probes++ == PROBES)
		*one = (struct lost){};
	return true;
}

static void leave(struct sk_buff *skb, __be16 protocol)
{
	skb->protocol = protocol;
	if (srq_send(skb))
		kfree_skb(skb);
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

/* The sender has the address, or is taking it. Is it another host? */
static void lose(const struct in6_addr *address, const u8 *sender, u64 silence)
{
	struct lost *one = place_of(address);

	if (one && !is_own_hardware(sender))
		*one = (struct lost){ *address, srq_boot_ns() + silence };
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

/* Does the administrator want no answers there? */
static bool is_quiet(const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	return dev->flags & IFF_NOARP ||
	       (in_dev && IN_DEV_ARP_IGNORE(in_dev) == 8);
}

/* probe: asks as a host does that wants the address for itself */
static void send_arp(const struct arp_ethernet *question, bool probe)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct sk_buff *skb = srq_send_buffer(SRQ_FOR_NEIGHBOURS);
	struct arp_ethernet *arp;

	if (!skb)
		return;
	skb_reserve(skb, SRQ_HEADROOM);
	/* The shortest frame has 60 bytes. */
	arp = skb_put_zero(skb, ETH_ZLEN - ETH_HLEN);
	arp->head = question->head;
	ether_addr_copy(arp->from_hardware, srq_send_hardware());
	if (probe) {
		arp->to = question->to;
		srq_send_to(all);
	} else {
		arp->head.ar_op = htons(ARPOP_REPLY);
		arp->from = question->to;
		ether_addr_copy(arp->to_hardware, question->from_hardware);
		arp->to = question->from;
	}
	leave(skb, htons(ETH_P_ARP));
}

void srq_neighbour_arp(struct sk_buff *skb, const struct net_device *dev)
{
	const struct arp_ethernet *arp;
	struct in6_addr address;
	__be32 claimed;
	bool probe;

	if (!pskb_may_pull(skb, sizeof(*arp)))
		return;
	arp = (const struct arp_ethernet *)skb->data;
	if (arp->head.ar_pro != htons(ETH_P_IP) ||
	    arp->head.ar_hln != ETH_ALEN || arp->head.ar_pln != 4)
		return;
	/* Who has no address asks whether this one is free. */
	claimed = arp->from ?: arp->to;
	ipv6_addr_set_v4mapped(claimed, &address);
	if (has_ipv4(dev, claimed))
		lose(&address, arp->from_hardware, arp->from ? 0 : TAKING);
	ipv6_addr_set_v4mapped(arp->to, &address);
	if (arp->head.ar_op == htons(ARPOP_REQUEST) && arp->from &&
	    has_ipv4(dev, arp->to) && !is_quiet(dev) &&
	    is_due(&address, &probe))
		send_arp(arp, probe);
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

/* An advertisement goes to one host, and tells the hardware address. */
static void send_nd(u8 type, const struct in6_addr *target,
		    const struct in6_addr *from, const struct in6_addr *to)
{
	bool tells = type == NDISC_NEIGHBOUR_ADVERTISEMENT;
	unsigned int len =
		tells ? sizeof(struct nd_ethernet) : sizeof(struct nd_msg);
	struct sk_buff *skb = srq_send_buffer(SRQ_FOR_NEIGHBOURS);
	struct nd_ethernet *nd;
	struct ipv6hdr *ip;

	if (!skb)
		return;
	skb_reserve(skb, SRQ_HEADROOM);
	ip = skb_put_zero(skb, sizeof(*ip) + len);
	nd = (struct nd_ethernet *)(ip + 1);
	*ip = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(len),
		.nexthdr = IPPROTO_ICMPV6,
		.hop_limit = 255,
		.saddr = *from,
		.daddr = *to,
	};
	nd->msg.icmph.icmp6_type = type;
	nd->msg.target = *target;
	if (tells) {
		nd->msg.icmph.icmp6_solicited = 1;
		nd->msg.icmph.icmp6_override = 1;
		nd->option = ND_OPT_TARGET_LL_ADDR;
		nd->option_len = 1;
		ether_addr_copy(nd->hardware, srq_send_hardware());
	}
	nd->msg.icmph.icmp6_cksum = csum_ipv6_magic(
		from, to, len, IPPROTO_ICMPV6, csum_partial(nd, len, 0));
	leave(skb, htons(ETH_P_IPV6));
}

/* As a host asks that wants the address for itself */
static void probe_nd(const struct in6_addr *address)
{
	struct in6_addr to;
	u8 hardware[ETH_ALEN];

	addrconf_addr_solict_mult(address, &to);
	ipv6_eth_mc_map(&to, hardware);
	srq_send_to(hardware);
	send_nd(NDISC_NEIGHBOUR_SOLICITATION, address, &in6addr_any, &to);
}

void srq_neighbour_ipv6(struct sk_buff *skb, const struct net_device *dev)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	const struct nd_msg *msg;
	bool asks, probe;

	if (ip->nexthdr != IPPROTO_ICMPV6 || ip->hop_limit != 255 ||
	    !pskb_may_pull(skb, sizeof(*ip) + sizeof(*msg)))
		return;
	ip = ipv6_hdr(skb);
	msg = (const struct nd_msg *)(ip + 1);
	if (msg->icmph.icmp6_code || !has_ipv6(dev, &msg->target))
		return;
	asks = msg->icmph.icmp6_type == NDISC_NEIGHBOUR_SOLICITATION;
	if (msg->icmph.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT ||
	    (asks && ipv6_addr_any(&ip->saddr)))
		lose(&msg->target, eth_hdr(skb)->h_source, asks ? TAKING : 0);
	if (asks && ipv6_addr_type(&ip->saddr) & IPV6_ADDR_UNICAST &&
	    is_due(&msg->target, &probe)) {
		if (probe)
			probe_nd(&msg->target);
		else
			send_nd(NDISC_NEIGHBOUR_ADVERTISEMENT, &msg->target,
				&msg->target, &ip->saddr);
	}
}
