// SPDX-License-Identifier: GPL-2.0
/*
 * Listens on a UDP port without a firewall rule. Its netfilter hook comes first
 * of all, before connection tracking and every firewall. It is for hosts with
 * nftables, and for hosts whose firewall has locked the administrator out.
 */
#include "kernel/host.h"
#include <linux/init.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>

/* Under kernel_param_lock(). 0: there is no port, and no hook. */
static unsigned int wanted_port;
static bool ready; /* between setup and teardown */
static bool hooked;

static __be16 port;

/* The UDP header is not in the linear part of the packet: a rare case. */
static noinline bool to_port_paged(const struct sk_buff *skb, const u8 *at)
{
	struct udphdr buffer, *udp;

	udp = skb_header_pointer(skb, at - skb->data, sizeof(buffer), &buffer);
	return udp && udp->dest == READ_ONCE(port);
}

/* Every UDP packet of the host costs these instructions: bench/packet. */
static __always_inline bool to_port(const struct sk_buff *skb, const u8 *at)
{
	const struct udphdr *udp = (const struct udphdr *)at;

	if (unlikely(at + sizeof(*udp) > skb_tail_pointer(skb)))
		return to_port_paged(skb, at);
	return udp->dest == READ_ONCE(port);
}

static noinline unsigned int judge(const struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	if (!srq_from_heard(skb, state->pf)) {
		srq_count(SRQ_COUNT_NOT_OURS);
		return NF_ACCEPT;
	}
	return srq_packet(skb, state->pf, NULL) ? NF_DROP : NF_ACCEPT;
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (ip->protocol != IPPROTO_UDP || ip_is_fragment(ip) ||
	    !to_port(skb, (const u8 *)ip + ip->ihl * 4))
		return NF_ACCEPT;
	return judge(skb, state);
}

#if IS_ENABLED(CONFIG_IPV6)
static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	if (ip->nexthdr != IPPROTO_UDP || !to_port(skb, (const u8 *)(ip + 1)))
		return NF_ACCEPT;
	return judge(skb, state);
}
#endif

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_FIRST,
	},
#if IS_ENABLED(CONFIG_IPV6)
	{
		.hook = hook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_FIRST,
	},
#endif
};

u16 srq_listener_port(void)
{
	return ntohs(READ_ONCE(port));
}

void srq_listener_hear(struct sk_buff *skb, u8 family)
{
	const struct nf_hook_state state = { .pf = family };

	for (int i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].pf == family)
			hooks[i].hook(NULL, skb, &state);
	}
}

static int listen(void)
{
	int err = 0;

	WRITE_ONCE(port, htons(wanted_port));
	if (ready && wanted_port && !hooked) {
		err = nf_register_net_hooks(&init_net, hooks,
					    ARRAY_SIZE(hooks));
		hooked = !err;
	} else if (hooked && !(ready && wanted_port)) {
		nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
		hooked = false;
	}
	return err;
}

int __init srq_listener_setup(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	ready = true;
	err = listen();
	ready = !err;
	kernel_param_unlock(THIS_MODULE);
	return err;
}

void srq_listener_teardown(void)
{
	kernel_param_lock(THIS_MODULE);
	ready = false;
	listen();
	kernel_param_unlock(THIS_MODULE);
}

static int set_port(const char *value, const struct kernel_param *kp)
{
	unsigned int before = wanted_port;
	s64 number;
	int err;

	if (!srq_param_may_set())
		return -EPERM;
	if (!srq_param_number(value, 10, 0, U16_MAX, &number)) {
		pr_err("parameter port: '%.*s' is not a UDP port, 1 to 65535, nor 0 for none\n",
		       (int)strcspn(value, "\n"), value);
		return -EINVAL;
	}
	wanted_port = number;
	err = listen();
	if (err) {
		wanted_port = before;
		listen();
	}
	return err;
}

static const struct kernel_param_ops port_ops = {
	.set = set_port,
	.get = param_get_uint,
};

module_param_cb(port, &port_ops, &wanted_port, 0644);
MODULE_PARM_DESC(
	port,
	"UDP port to listen on without a firewall rule, before all firewalls; 0: none (default)");
