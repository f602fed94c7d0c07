// SPDX-License-Identifier: GPL-2.0
/* The SYSRQ target of iptables and ip6tables. */
#include "kernel/host.h"
#include "kernel/xt_SYSRQ.h"
#include <linux/init.h>
#include <linux/netfilter/x_tables.h>

static unsigned int target(struct sk_buff *skb,
			   const struct xt_action_param *par)
{
	const struct xt_sysrq_info *info = par->targinfo;

	return srq_packet(skb, xt_family(par), &info->letters) ? NF_DROP
							       : XT_CONTINUE;
}

static int check(const struct xt_tgchk_param *par)
{
	const struct xt_sysrq_info *info = par->targinfo;

	/* Whoever makes such a rule need not be root of the host. */
	if (!net_eq(par->net, &init_net)) {
		pr_info_ratelimited(
			"a rule in a network namespace other than the host's own is refused\n");
		return -EPERM;
	}
	/* Table nat sees only the first packet of a connection. */
	if (!strcmp(par->table, "nat")) {
		pr_info("a rule in table nat is refused: put it into filter INPUT or raw PREROUTING\n");
		return -EINVAL;
	}
	if (!info->letters || info->letters & ~SRQ_ALL_LETTERS) {
		pr_info("a rule that allows letters %llx is refused: expected 1 to 62 letters, a bit each\n",
			info->letters);
		return -EINVAL;
	}
	return 0;
}

/* iptables and ip6tables each want a row of their own. */
#define TARGET(of)                                                             \
	{                                                                      \
		.name = "SYSRQ", .family = (of), .proto = IPPROTO_UDP,         \
		.hooks = 1 << NF_INET_LOCAL_IN | 1 << NF_INET_PRE_ROUTING,     \
		.checkentry = check, .target = target,                         \
		.targetsize = sizeof(struct xt_sysrq_info), .me = THIS_MODULE, \
	}

static struct xt_target targets[] __read_mostly = {
	TARGET(NFPROTO_IPV4),
	TARGET(NFPROTO_IPV6),
};

int __init srq_target_register(void)
{
	return xt_register_targets(targets, ARRAY_SIZE(targets));
}

void srq_target_unregister(void)
{
	xt_unregister_targets(targets, ARRAY_SIZE(targets));
}
