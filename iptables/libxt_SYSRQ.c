// SPDX-License-Identifier: GPL-2.0
/*
 * `iptables -j SYSRQ` and `ip6tables -j SYSRQ`: what the command line knows of
 * the target. It has no options, so libxtables saves and restores it by name.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <xtables.h>

static void sysrq_help(void)
{
	printf("SYSRQ target: presses the magic SysRq keys that an authentic datagram of\n"
	       "send_sysrq asks for; any other packet goes on to the next rule.\n"
	       "It takes no options and needs -p udp, as in\n"
	       "  iptables -I INPUT -p udp --dport 9 -j SYSRQ\n");
}

static void sysrq_parse(struct xt_option_call *call)
{
	xtables_option_parse(call);
}

static struct xtables_target sysrq_target = {
	.name = "SYSRQ",
	.version = XTABLES_VERSION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(0),
	.userspacesize = XT_ALIGN(0),
	.help = sysrq_help,
	.x6_parse = sysrq_parse,
};

static void __attribute__((constructor)) sysrq_register(void)
{
	xtables_register_target(&sysrq_target);
}
