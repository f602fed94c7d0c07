// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames after a panic: by the card that received the request, to the
 * neighbour that sent it. No queueing discipline, no routing, no allocation.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/init.h>
#include <linux/random.h>

enum { TRIES = 2 };

/* The frame that is answered */
static struct {
	struct net_device *dev; /* the card, or a VLAN on it */
	const u8 *own;          /* the hardware address that neighbours know */
	u8 from[ETH_ALEN], to[ETH_ALEN];
	bool tagged; /* with a tag that no VLAN device has taken */
	__be16 tag_proto;
	u16 tag;
} asked;

static u8 nonce_base[SRQ_AEAD_NONCE_LEN];

/* Returns the card of the frame that is answered. */
static struct net_device *asked_card(void)
{
	struct net_device *dev = asked.dev;

#if IS_ENABLED(CONFIG_VLAN_8021Q)
	while (is_vlan_dev(dev))
		dev = vlan_dev_priv(dev)->real_dev;
#endif
	return dev;
}

struct sk_buff *srq_send_buffer(unsigned int thirds)
{
	return srq_buffer_panicked(asked_card(), thirds);
}

/* No lock of the kernel's random numbers is taken, so a counter goes on from
 * random bytes. Those of two machines from one snapshot differ by the time. */
void srq_send_nonce(u8 nonce[SRQ_AEAD_NONCE_LEN])
{
	static u64 count;
	u64 more[2] = { ++count, srq_real_ns() };

	memcpy(nonce, nonce_base, SRQ_AEAD_NONCE_LEN);
	memcpy(nonce, more, sizeof(more));
}

void srq_send_asked_by(const struct sk_buff *frame, const u8 *own)
{
	asked.dev = frame->dev;
	asked.own = own;
	ether_addr_copy(asked.from, eth_hdr(frame)->h_source);
	ether_addr_copy(asked.to, eth_hdr(frame)->h_dest);
	if (is_multicast_ether_addr(asked.to))
		ether_addr_copy(asked.to, own);
	asked.tagged = skb_vlan_tag_present(frame);
	asked.tag_proto = frame->vlan_proto;
	asked.tag = skb_vlan_tag_get(frame);
}

void srq_send_to(const u8 *hardware)
{
	ether_addr_copy(asked.from, hardware);
}

const u8 *srq_send_hardware(void)
{
	return asked.own;
}

static __be16 put_tag(struct sk_buff *skb, u16 tag, __be16 inner, __be16 outer)
{
	struct vlan_hdr *vlan = skb_push(skb, sizeof(*vlan));

	vlan->h_vlan_TCI = htons(tag);
	vlan->h_vlan_encapsulated_proto = inner;
	return outer;
}

/* Puts the Ethernet header and the tags of the request in front. Returns the
 * card. */
static struct net_device *put_header(struct sk_buff *skb)
{
	struct net_device *dev = asked.dev;
	__be16 proto = skb->protocol;
	struct ethhdr *eth;

	if (asked.tagged)
		proto = put_tag(skb, asked.tag, proto, asked.tag_proto);
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	while (is_vlan_dev(dev) && skb_headroom(skb) >= VLAN_ETH_HLEN) {
		proto = put_tag(skb, vlan_dev_priv(dev)->vlan_id, proto,
				vlan_dev_priv(dev)->vlan_proto);
		dev = vlan_dev_priv(dev)->real_dev;
	}
#endif
	eth = skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth->h_dest, asked.from);
	ether_addr_copy(eth->h_source, asked.to);
	eth->h_proto = proto;
	skb->protocol = proto;
	skb->dev = dev;
	return dev;
}

static bool transmit(struct sk_buff *skb, struct net_device *card)
{
	for (unsigned int i = 0; i < TRIES * card->real_num_tx_queues; i++) {
		unsigned int queue = i % card->real_num_tx_queues;
		struct netdev_queue *txq = netdev_get_tx_queue(card, queue);
		netdev_tx_t sent = NETDEV_TX_BUSY;

		if (!HARD_TX_TRYLOCK(card, txq))
			continue;
		/* The byte limit (BQL) may wait for an interrupt, so it is not
		 * heeded. */
		if (!netif_xmit_frozen_or_drv_stopped(txq)) {
			skb_set_queue_mapping(skb, queue);
			sent = netdev_start_xmit(skb, card, txq, false);
		}
		HARD_TX_UNLOCK(card, txq);
		if (dev_xmit_complete(sent))
			return true;
	}
	return false;
}

int srq_send(struct sk_buff *skb)
{
	struct net_device *card = put_header(skb);

	/* This one may keep or change what it sends. */
	if (!(card->priv_flags & IFF_TX_SKB_SHARING)) {
		struct sk_buff *copy = skb_copy(skb, GFP_ATOMIC);

		if (!copy || !transmit(copy, card)) {
			kfree_skb(copy);
			return -EBUSY;
		}
		kfree_skb(skb);
		return 0;
	}
	return transmit(skb, card) ? 0 : -EBUSY;
}

void __init srq_send_setup(void)
{
	get_random_bytes(nonce_base, sizeof(nonce_base));
}
