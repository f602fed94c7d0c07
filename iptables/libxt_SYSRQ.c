// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of the target: `iptables -j SYSRQ` and `ip6tables -j SYSRQ`.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

#include "core/permissions.h"
#include "kernel/xt_SYSRQ.h"

enum { O_ALLOW_KEYS };

static void sysrq_help(void)
{
	printf("SYSRQ target: presses the SysRq letters that an authentic datagram of\n"
	       "send_sysrq asks for; any other packet goes on to the next rule.\n"
	       "It needs -p udp, as in\n"
	       "  iptables -I INPUT -p udp --dport 9 -j SYSRQ\n"
	       "SYSRQ target options:\n"
	       "  --allow-keys WORDS  only these letters through this rule: letters or their names,\n"
	       "                      such as s,u,b or sync,reboot; loglevel; all (default: all)\n");
}

static const struct xt_option_entry sysrq_options[] = {
	{ .name = "allow-keys", .id = O_ALLOW_KEYS, .type = XTTYPE_STRING },
	XTOPT_TABLEEND,
};

static void sysrq_init(struct xt_entry_target *target)
{
	struct xt_sysrq_info *info = (void *)target->data;

	info->letters = SRQ_ALL_LETTERS;
}

static void sysrq_parse(struct xt_option_call *call)
{
	struct xt_sysrq_info *info = call->data;
	char fault[SRQ_PERMISSIONS_FAULT_MAX];
	const char *wrong;
	uint64_t letters;

	xtables_option_parse(call);
	wrong = srq_permissions_from_text(&letters, NULL, call->arg,
					  call->arg + strlen(call->arg), fault);
	if (wrong)
		xtables_error(PARAMETER_PROBLEM, "SYSRQ: --allow-keys: %s",
			      wrong);
	info->letters = letters;
}

static void sysrq_save(const void *ip, const struct xt_entry_target *target)
{
	const struct xt_sysrq_info *info = (const void *)target->data;
	char words[SRQ_PERMISSIONS_TEXT_MAX];

	(void)ip;
	if (info->letters == SRQ_ALL_LETTERS)
		return;
	srq_permissions_to_text(words, info->letters, false);
	printf(" --allow-keys %s", words);
}

static void sysrq_print(const void *ip, const struct xt_entry_target *target,
			int numeric)
{
	(void)numeric;
	sysrq_save(ip, target);
}

static struct xtables_target sysrq_target = {
	.name = "SYSRQ",
	.version = XTABLES_VERSION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_sysrq_info)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_sysrq_info)),
	.help = sysrq_help,
	.init = sysrq_init,
	.print = sysrq_print,
	.save = sysrq_save,
	.x6_parse = sysrq_parse,
	.x6_options = sysrq_options,
};

static void __attribute__((constructor)) sysrq_register(void)
{
	xtables_register_target(&sysrq_target);
}
