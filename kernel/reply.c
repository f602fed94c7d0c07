// SPDX-License-Identifier: GPL-2.0
/*
 * Sends a reply. Nothing depends on its arrival. It takes the usual way out,
 * through routing and netfilter, as an answer of the request's connection. Only
 * the reply to a request that came before the firewall leaves behind it.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/init.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/udp.h>
#include <net/flow_dissector.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/udp.h>
#include <net/xfrm.h>

/*
 * A card with more than one queue chooses by a hash. Its first use in the kernel has a
 * worker patch the kernel's code, and this worker spins until every CPU has taken an
 * interrupt. If a CPU that hangs does not, the worker takes the CPU on which the reply
 * was sent. So the first use is now.
 */
void __init srq_reply_setup(void)
{
	struct flow_keys keys = {};

	flow_hash_from_keys(&keys);
}

static struct sk_buff *any_buffer(void)
{
	if (srq_panicked())
		return srq_send_buffer(SRQ_FOR_REPLIES);
	return srq_buffer_new(GFP_ATOMIC) ?: srq_buffer_kept();
}

struct sk_buff *srq_reply_new(size_t len)
{
	struct sk_buff *skb = any_buffer();

	if (!skb)
		return NULL;
	skb_reserve(skb, SRQ_HEADROOM);
	skb_put(skb, len);
	return skb;
}

static struct udphdr *put_udp(struct sk_buff *skb, const struct srq_flow *flow)
{
	struct udphdr *udp = skb_push(skb, sizeof(*udp));

	skb_reset_transport_header(skb);
	udp->source = flow->destination_port;
	udp->dest = flow->source_port;
	udp->len = htons(skb->len);
	udp->check = 0;
	return udp;
}

static void put_ipv4(struct sk_buff *skb, const struct srq_flow *flow)
{
	__be32 from = flow->destination.s6_addr32[3];
	__be32 to = flow->source.s6_addr32[3];
	struct udphdr *udp = put_udp(skb, flow);
	struct iphdr *ip;

	udp->check = csum_tcpudp_magic(from, to, skb->len, IPPROTO_UDP,
				       csum_partial(udp, skb->len, 0))
			     ?: CSUM_MANGLED_0;
	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*ip) / 4,
		.tot_len = htons(skb->len),
		.frag_off = htons(IP_DF),
		.ttl = READ_ONCE(flow->net->ipv4.sysctl_ip_default_ttl),
		.protocol = IPPROTO_UDP,
		.saddr = from,
		.daddr = to,
	};
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
}

static struct dst_entry *route_ipv4(const struct sk_buff *skb,
				    const struct sk_buff *request,
				    const struct srq_flow *flow)
{
	struct flowi4 fl4 = {
		.daddr = flow->source.s6_addr32[3],
		.saddr = flow->destination.s6_addr32[3],
		.flowi4_oif = l3mdev_master_ifindex_rcu(request->dev),
		.flowi4_mark = skb->mark,
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = flow->destination_port,
		.fl4_dport = flow->source_port,
	};
	struct rtable *rt = ip_route_output_flow(flow->net, &fl4, NULL);

	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

/* The skb has a route. Takes the skb. */
static void leave_ipv4(struct sk_buff *skb, const struct srq_flow *flow)
{
	if (!flow->way.before_firewall) {
		ip_local_out(flow->net, NULL, skb);
		return;
	}
	/* As ip_local_out() does, but without the firewall */
	skb = l3mdev_ip_out(NULL, skb);
	if (skb)
		dst_output(flow->net, NULL, skb);
}

#if IS_ENABLED(CONFIG_IPV6)
static void put_ipv6(struct sk_buff *skb, const struct srq_flow *flow)
{
	struct udphdr *udp = put_udp(skb, flow);
	unsigned int len = skb->len;
	struct ipv6hdr *ip;

	udp->check = csum_ipv6_magic(&flow->destination, &flow->source, len,
				     IPPROTO_UDP, csum_partial(udp, len, 0))
			     ?: CSUM_MANGLED_0;
	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(len),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = READ_ONCE(flow->net->ipv6.devconf_all->hop_limit),
		.saddr = flow->destination,
		.daddr = flow->source,
	};
	skb->protocol = htons(ETH_P_IPV6);
}

static struct dst_entry *route_ipv6(const struct sk_buff *skb,
				    const struct sk_buff *request,
				    const struct srq_flow *flow)
{
	struct flowi6 fl6 = {
		.daddr = flow->source,
		.saddr = flow->destination,
		.flowi6_oif = l3mdev_master_ifindex_rcu(request->dev),
		.flowi6_mark = skb->mark,
		.flowi6_proto = IPPROTO_UDP,
		.fl6_sport = flow->destination_port,
		.fl6_dport = flow->source_port,
	};
	struct dst_entry *dst;

	if (ipv6_addr_type(&fl6.daddr) & IPV6_ADDR_LINKLOCAL)
		fl6.flowi6_oif = flow->interface;
	dst = ip6_route_output(flow->net, NULL, &fl6);
	if (dst->error) {
		int err = dst->error;

		dst_release(dst);
		return ERR_PTR(err);
	}
	return xfrm_lookup(flow->net, dst, flowi6_to_flowi(&fl6), NULL, 0);
}

static void leave_ipv6(struct sk_buff *skb, const struct srq_flow *flow)
{
	if (!flow->way.before_firewall) {
		ip6_local_out(flow->net, NULL, skb);
		return;
	}
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	skb = l3mdev_ip6_out(NULL, skb);
	if (skb)
		dst_output(flow->net, NULL, skb);
}
#else
static void put_ipv6(struct sk_buff *skb, const struct srq_flow *flow)
{
}

static struct dst_entry *route_ipv6(const struct sk_buff *skb,
				    const struct sk_buff *request,
				    const struct srq_flow *flow)
{
	return ERR_PTR(-EAFNOSUPPORT);
}

static void leave_ipv6(struct sk_buff *skb, const struct srq_flow *flow)
{
}
#endif

/*
 * Sends the skb to the neighbour that the request came from. This is for a host
 * that has lost its route, or has no memory for one. Takes the skb if it
 * returns 0.
 */
static int turn_round(struct sk_buff *skb, const struct sk_buff *request)
{
	struct net_device *dev = request->dev;

	if (dev->type != ARPHRD_ETHER || !skb_mac_header_was_set(request) ||
	    skb_headroom(skb) < LL_RESERVED_SPACE(dev))
		return -ENETUNREACH;
	skb->dev = dev;
	if (dev_hard_header(skb, dev, ntohs(skb->protocol),
			    eth_hdr(request)->h_source, NULL, skb->len) < 0)
		return -ENETUNREACH;
	dev_queue_xmit(skb);
	return 0;
}

static int leave(struct sk_buff *skb, const struct sk_buff *request,
		 const struct srq_flow *flow)
{
	bool ipv4 = srq_flow_is_ipv4(flow);
	struct dst_entry *dst;
	int err;

	if (srq_panicked())
		return srq_send(skb);
	if (flow->adopted)
		return turn_round(skb, request);
	dst = ipv4 ? route_ipv4(skb, request, flow)
		   : route_ipv6(skb, request, flow);
	err = PTR_ERR_OR_ZERO(dst);
	/* IPv6 calls a lack of memory ENETUNREACH. Other errors are the wish
	 * of the administrator. */
	if (err == -ENETUNREACH || err == -ENOBUFS || err == -ENOMEM)
		return turn_round(skb, request);
	if (err)
		return err;
	skb_dst_set(skb, dst);
	if (ipv4)
		leave_ipv4(skb, flow);
	else
		leave_ipv6(skb, flow);
	return 0;
}

#if IS_ENABLED(CONFIG_NF_CONNTRACK)
/* A template (of -j CT) only says how to track. */
static bool is_tracked(const struct sk_buff *skb)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(skb, &info);

	return ct && !nf_ct_is_template(ct);
}
#endif

void srq_reply_send(struct sk_buff *reply, const struct sk_buff *request,
		    const struct srq_flow *flow, const struct srq_keys *keys)
{
	bool ipv4 = srq_flow_is_ipv4(flow);
	u8 nonce[SRQ_AEAD_NONCE_LEN];

	if (srq_panicked())
		srq_send_nonce(nonce);
	else
		get_random_bytes(nonce, sizeof(nonce));
	srq_datagram_seal(reply->data, reply->len, keys->id, keys->reply,
			  nonce);

	reply->mark = ipv4 ? IP4_REPLY_MARK(flow->net, request->mark)
			   : IP6_REPLY_MARK(flow->net, request->mark);
	/*
	 * As an answer of the request's connection, the reply passes a stateful
	 * firewall, and NAT translates it back. If the request is not tracked
	 * (yet), the reply is not tracked: a full table must not stop it.
	 */
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	if (is_tracked(request))
		nf_ct_attach(reply, request);
	else
		nf_ct_set(reply, NULL, IP_CT_UNTRACKED);
#endif
	if (ipv4)
		put_ipv4(reply, flow);
	else
		put_ipv6(reply, flow);
	if (leave(reply, request, flow)) {
		srq_count(SRQ_COUNT_REPLY_LOST);
		kfree_skb(reply);
	}
}
