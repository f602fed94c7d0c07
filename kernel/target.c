// SPDX-License-Identifier: GPL-2.0
/* The SYSRQ target of iptables and ip6tables: finds the UDP payload. */
#include "host.h"
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/route.h>

/*
 * The UDP header at offset `at`, which must fill the `rest` bytes that the IP
 * header speaks of to the last one, all of them in the packet. Gives ports and
 * the payload; false where anything disagrees.
 */
static bool find_payload(const struct sk_buff *skb, unsigned int at,
			 unsigned int rest, struct srq_flow *flow,
			 unsigned int *payload, size_t *len)
{
	struct udphdr buffer, *udp;

	udp = skb_header_pointer(skb, at, sizeof(buffer), &buffer);
	if (!udp || ntohs(udp->len) != rest || rest < sizeof(*udp) ||
	    at + rest > skb->len)
		return false;
	flow->source_port = udp->source;
	flow->destination_port = udp->dest;
	*payload = at + sizeof(*udp);
	*len = rest - sizeof(*udp);
	return srq_datagram_length_ok(*len);
}

/*
 * In PREROUTING nobody has yet looked at the addresses. Ours is what comes to
 * this host alone, by link and by IP, from a host that can be answered alone,
 * and what claims to stay within this host only on its loopback device.
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

static unsigned int target_ipv4(struct sk_buff *skb,
				const struct xt_action_param *par)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct srq_flow flow = { .net = xt_net(par) };
	unsigned int header = ip->ihl * 4, payload;
	size_t len;

	if (ip->protocol != IPPROTO_UDP || ip_is_fragment(ip) ||
	    ntohs(ip->tot_len) < header)
		return XT_CONTINUE;
	if (!find_payload(skb, skb_network_offset(skb) + header,
			  ntohs(ip->tot_len) - header, &flow, &payload, &len))
		return XT_CONTINUE;

	if (!plausible_ipv4(flow.net, skb, ip))
		return XT_CONTINUE;

	ipv6_addr_set_v4mapped(ip->saddr, &flow.source);
	ipv6_addr_set_v4mapped(ip->daddr, &flow.destination);
	return srq_receive(skb, &flow, payload, len, SRQ_ALL_KEYS)
		       ? NF_DROP
		       : XT_CONTINUE;
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
#endif

static unsigned int target_ipv6(struct sk_buff *skb,
				const struct xt_action_param *par)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct srq_flow flow = { .net = xt_net(par) };
	unsigned int payload;
	size_t len;

	/* Extension headers are not ours, and fragments have one. */
	if (ip->nexthdr != IPPROTO_UDP)
		return XT_CONTINUE;
	if (!find_payload(skb, skb_network_offset(skb) + sizeof(*ip),
			  ntohs(ip->payload_len), &flow, &payload, &len))
		return XT_CONTINUE;

	if (!plausible_ipv6(flow.net, skb, ip))
		return XT_CONTINUE;

	flow.source = ip->saddr;
	flow.destination = ip->daddr;
	return srq_receive(skb, &flow, payload, len, SRQ_ALL_KEYS)
		       ? NF_DROP
		       : XT_CONTINUE;
#else
	return XT_CONTINUE;
#endif
}

static int check(const struct xt_tgchk_param *par)
{
	if (!net_eq(par->net, &init_net)) {
		pr_info_ratelimited(
			"a rule in a network namespace other than the host's own is refused\n");
		return -EPERM;
	}
	/* It sees only the first packet of a connection. */
	if (!strcmp(par->table, "nat")) {
		pr_info_ratelimited(
			"a rule in table nat is refused: put it into filter INPUT or raw PREROUTING\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_target targets[] __read_mostly = {
	{
		.name = "SYSRQ",
		.family = NFPROTO_IPV4,
		.proto = IPPROTO_UDP,
		.hooks = 1 << NF_INET_LOCAL_IN | 1 << NF_INET_PRE_ROUTING,
		.checkentry = check,
		.target = target_ipv4,
		.me = THIS_MODULE,
	},
	{
		.name = "SYSRQ",
		.family = NFPROTO_IPV6,
		.proto = IPPROTO_UDP,
		.hooks = 1 << NF_INET_LOCAL_IN | 1 << NF_INET_PRE_ROUTING,
		.checkentry = check,
		.target = target_ipv6,
		.me = THIS_MODULE,
	},
};

int srq_target_register(void)
{
	return xt_register_targets(targets, ARRAY_SIZE(targets));
}

void srq_target_unregister(void)
{
	xt_unregister_targets(targets, ARRAY_SIZE(targets));
}
