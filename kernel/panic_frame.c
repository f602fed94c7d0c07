// SPDX-License-Identifier: GPL-2.0
/*
 * Takes each frame that a card has received after a panic, in the place of a
 * bridge, a bond and the network stack. What is for port= is judged as before.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <net/ip.h>
#include <net/ipv6.h>

static struct net_device *master_of(struct net_device *dev)
{
	struct net_device *master = netdev_master_upper_dev_get_rcu(dev);

	return master && !netif_is_l3_master(master) ? master : NULL;
}

/* Returns the device that has the addresses: the bridge or bond above a card, or
 * the VLAN on any of them; NULL: the host is not in the VLAN of the frame. */
static struct net_device *owner_of(const struct sk_buff *skb)
{
	bool tagged = skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb);
	struct net_device *owner = NULL, *dev;

	for (dev = skb->dev; dev; dev = master_of(dev)) {
		if (tagged) {
			struct net_device *vlan = __vlan_find_dev_deep_rcu(
				dev, skb->vlan_proto, skb_vlan_tag_get_id(skb));

			if (!vlan)
				continue;
			dev = vlan;
			tagged = false;
		}
		owner = dev;
	}
	return owner;
}

/* As ip_rcv() checks it. The UDP payload is authentic or not ours. */
static bool valid_ipv4(struct sk_buff *skb)
{
	const struct iphdr *ip;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return false;
	len = ip_hdr(skb)->ihl * 4;
	if (ip_hdr(skb)->version != 4 || len < sizeof(*ip) ||
	    !pskb_may_pull(skb, len))
		return false;
	ip = ip_hdr(skb);
	return !ip_fast_csum(ip, ip->ihl) && ntohs(ip->tot_len) >= len &&
	       ntohs(ip->tot_len) <= skb->len;
}

static bool valid_ipv6(struct sk_buff *skb)
{
	return pskb_may_pull(skb, sizeof(struct ipv6hdr)) &&
	       ipv6_hdr(skb)->version == 6;
}

/* By which hardware address do neighbours know the host? The ports of a bond may have
 * different ones; those of a bridge hear for the bridge. */
static const u8 *known_as(struct net_device *dev,
			  const struct net_device *owner)
{
	const u8 *address = dev->dev_addr;

	for (; dev; dev = master_of(dev)) {
		if (netif_is_bridge_port(dev))
			address = owner->dev_addr;
	}
	return address;
}

static void take(struct sk_buff *skb)
{
	struct net_device *owner = owner_of(skb);

	/* The addresses of another namespace are not the host's. */
	if (!owner || !net_eq(dev_net(owner), &init_net))
		return;
	srq_send_asked_by(skb, known_as(skb->dev, owner));
	/* A bridge or a VLAN may have a hardware address of its own. */
	if (skb->pkt_type == PACKET_OTHERHOST &&
	    ether_addr_equal(eth_hdr(skb)->h_dest, owner->dev_addr))
		skb->pkt_type = PACKET_HOST;
	if (skb->pkt_type == PACKET_OTHERHOST)
		return;
	if (skb->protocol == htons(ETH_P_ARP)) {
		srq_neighbour_arp(skb, owner);
		return;
	}
	/* Where the stack looks for the interface of an IPv6 packet */
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->dev = owner;
	if (skb->protocol == htons(ETH_P_IP) && valid_ipv4(skb)) {
		srq_listener_hear(skb, NFPROTO_IPV4);
	} else if (skb->protocol == htons(ETH_P_IPV6) && valid_ipv6(skb)) {
		srq_neighbour_ipv6(skb, owner);
		srq_listener_hear(skb, NFPROTO_IPV6);
	}
}

rx_handler_result_t srq_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (skb && skb->dev->type == ARPHRD_ETHER &&
	    skb_mac_header_was_set(skb))
		take(skb);
	consume_skb(skb);
	return RX_HANDLER_CONSUMED;
}
