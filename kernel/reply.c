// SPDX-License-Identifier: GPL-2.0
/*
 * Sends a reply. Best effort: nothing depends on it. It goes the ordinary way
 * out, through routing and netfilter, as a connection's answer; only what came
 * before the firewall is answered behind it.
 */
#include "host.h"
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/udp.h>
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/udp.h>
#include <net/xfrm.h>

enum {
	HEADROOM =
		LL_MAX_HEADER + sizeof(struct ipv6hdr) + sizeof(struct udphdr),
	RESERVE = 32,
};

/* For when there is no memory: an exhausted host still answers. */
static struct sk_buff_head reserve;

static struct sk_buff *new_buffer(gfp_t gfp)
{
	return alloc_skb(HEADROOM + SRQ_LONG, gfp | __GFP_NOWARN);
}

static void fill_reserve(gfp_t gfp)
{
	while (skb_queue_len_lockless(&reserve) < RESERVE) {
		struct sk_buff *skb = new_buffer(gfp);

		if (!skb)
			break;
		skb_queue_tail(&reserve, skb);
	}
}

static void refill_reserve(struct work_struct *work)
{
	fill_reserve(GFP_KERNEL);
}

static DECLARE_WORK(refill, refill_reserve);

struct sk_buff *srq_reply_new(size_t len)
{
	struct sk_buff *skb = new_buffer(GFP_ATOMIC);

	if (!skb) {
		skb = skb_dequeue(&reserve);
		queue_work(system_unbound_wq, &refill);
	}
	if (!skb)
		return NULL;
	skb_reserve(skb, HEADROOM);
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

static int send_ipv4(struct sk_buff *skb, const struct sk_buff *request,
		     const struct srq_flow *flow)
{
	struct udphdr *udp = put_udp(skb, flow);
	struct flowi4 fl4 = {
		.daddr = flow->source.s6_addr32[3],
		.saddr = flow->destination.s6_addr32[3],
		.flowi4_oif = l3mdev_master_ifindex_rcu(request->dev),
		.flowi4_mark = skb->mark,
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = udp->source,
		.fl4_dport = udp->dest,
	};
	struct rtable *rt = ip_route_output_flow(flow->net, &fl4, NULL);
	struct iphdr *ip;

	if (IS_ERR(rt))
		return PTR_ERR(rt);
	skb_dst_set(skb, &rt->dst);

	udp->check =
		csum_tcpudp_magic(fl4.saddr, fl4.daddr, skb->len, IPPROTO_UDP,
				  csum_partial(udp, skb->len, 0))
			?: CSUM_MANGLED_0;

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*ip) / 4,
		.frag_off = htons(IP_DF),
		.ttl = ip4_dst_hoplimit(&rt->dst),
		.protocol = IPPROTO_UDP,
		.saddr = fl4.saddr,
		.daddr = fl4.daddr,
	};
	if (!flow->way.before_firewall) {
		ip_local_out(flow->net, NULL, skb); /* takes skb in any case */
		return 0;
	}
	/* What it does but for the firewall */
	ip->tot_len = htons(skb->len);
	ip_send_check(ip);
	skb = l3mdev_ip_out(NULL, skb);
	if (skb) {
		skb->protocol = htons(ETH_P_IP);
		dst_output(flow->net, NULL, skb);
	}
	return 0;
}

static int send_ipv6(struct sk_buff *skb, const struct sk_buff *request,
		     const struct srq_flow *flow)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct udphdr *udp = put_udp(skb, flow);
	struct flowi6 fl6 = {
		.daddr = flow->source,
		.saddr = flow->destination,
		.flowi6_oif = l3mdev_master_ifindex_rcu(request->dev),
		.flowi6_mark = skb->mark,
		.flowi6_proto = IPPROTO_UDP,
		.fl6_sport = udp->source,
		.fl6_dport = udp->dest,
	};
	struct dst_entry *dst;
	struct ipv6hdr *ip;

	if (ipv6_addr_type(&fl6.daddr) & IPV6_ADDR_LINKLOCAL)
		fl6.flowi6_oif = request->dev->ifindex;
	dst = ip6_route_output(flow->net, NULL, &fl6);
	if (dst->error) {
		int err = dst->error;

		dst_release(dst);
		return err;
	}
	dst = xfrm_lookup(flow->net, dst, flowi6_to_flowi(&fl6), NULL, 0);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	skb_dst_set(skb, dst);

	udp->check =
		csum_ipv6_magic(&fl6.saddr, &fl6.daddr, skb->len, IPPROTO_UDP,
				csum_partial(udp, skb->len, 0))
			?: CSUM_MANGLED_0;

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct ipv6hdr){
		.version = 6,
		.nexthdr = IPPROTO_UDP,
		.hop_limit = ip6_dst_hoplimit(dst),
		.saddr = fl6.saddr,
		.daddr = fl6.daddr,
	};
	if (!flow->way.before_firewall) {
		ip6_local_out(flow->net, NULL, skb);
		return 0;
	}
	ip->payload_len = htons(skb->len - sizeof(*ip));
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	skb = l3mdev_ip6_out(NULL, skb);
	if (skb) {
		skb->protocol = htons(ETH_P_IPV6);
		dst_output(flow->net, NULL, skb);
	}
	return 0;
#else
	return -EAFNOSUPPORT;
#endif
}

void srq_reply_send(struct sk_buff *reply, const struct sk_buff *request,
		    const struct srq_flow *flow, const struct srq_keys *keys)
{
	bool ipv4 = srq_flow_is_ipv4(flow);
	u8 nonce[SRQ_AEAD_NONCE_LEN];
	int err;

	get_random_bytes(nonce, sizeof(nonce));
	srq_datagram_seal(reply->data, reply->len, keys->id, keys->reply,
			  nonce);

	reply->mark = ipv4 ? IP4_REPLY_MARK(flow->net, request->mark)
			   : IP6_REPLY_MARK(flow->net, request->mark);
	/*
	 * An answer of the request's connection passes a stateful firewall and
	 * is translated back. Where connections are not tracked (yet), neither
	 * is the answer: a full table must not stop it.
	 */
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	if (skb_nfct(request))
		nf_ct_attach(reply, request);
	else
		nf_ct_set(reply, NULL, IP_CT_UNTRACKED);
#endif
	err = ipv4 ? send_ipv4(reply, request, flow)
		   : send_ipv6(reply, request, flow);
	if (err) {
		srq_count(SRQ_COUNT_REPLY_LOST);
		kfree_skb(reply);
	}
}

int srq_reply_setup(void)
{
	skb_queue_head_init(&reserve);
	fill_reserve(GFP_KERNEL);
	if (skb_queue_len(&reserve) == RESERVE)
		return 0;
	srq_reply_teardown();
	return -ENOMEM;
}

void srq_reply_teardown(void)
{
	cancel_work_sync(&refill);
	skb_queue_purge(&reserve);
}
