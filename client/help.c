// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "exit.h"
#include "help.h"
#include "keyname.h"
#include "message.h"

static const char usage[] =
	"Usage: send_sysrq [options] <remote host> <sysrq commands>\n"
	"Press magic SysRq keys on a remote host, e.g. send_sysrq web7 sisub\n"
	"\n"
	"  -p, --port PORT       UDP port of the host (default 9)\n"
	"  --password-file FILE  password is the first line of FILE; else it is\n"
	"                        SEND_SYSRQ_PASSWORD of the environment, else asked\n"
	"  --realm TEXT          realm of the host's key (default: empty)\n"
	"  --timeout SECONDS     how long to ask for an answer (default 5)\n"
	"  --wait SECONDS        after each key, before the next; or for some keys:\n"
	"                        --wait s=30,e=5\n"
	"  --one-way             send without asking first, where replies cannot\n"
	"                        get back; the clocks must agree\n"
	"  --no-one-way          never send so, not even when no answer comes\n"
	"  --host-address ADDR   host's own address, for one-way through NAT\n"
	"  -4, -6                use only IPv4, only IPv6\n"
	"  --version, --help\n"
	"\n"
	"Waits by default: s and u until complete, at most 10 s; e 2 s; others 1 s;\n"
	"none after the last key unless it is s or u.\n";

static const struct {
	enum srq_exit status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE, "all pressed; what was waited for is complete" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "carried out, but not all complete: not reported so,\n"
	  "      dropped for a newer command, or host alive after b or c" },
	{ EXIT_USAGE, "bad invocation; nothing sent" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; outcome unknown" },
	{ EXIT_END_NOT_SEEN, "accepted, or maybe; its end was not seen" },
	{ EXIT_NO_ANSWER, "no answer; nothing sent" },
	{ EXIT_PORT_CLOSED, "port closed, or password not the host's" },
	{ EXIT_UNREACHABLE, "host unreachable or name unknown" },
	{ EXIT_NOT_MASK, "key not permitted by the host's sysrq mask" },
	{ EXIT_NOT_PERMITTED, "key not permitted to this operator or by the "
			      "firewall rule" },
	{ EXIT_NO_SUCH_KEY, "host knows no such key" },
	{ EXIT_CLOCK, "one-way: clock too far off" },
	{ EXIT_REFUSED, "refused for another reason" },
};

static void show_keys(void)
{
	unsigned int shown = 0;

	printf("\nKeys (0-9: loglevel of the console):\n");
	for (int i = srq_key_index('a'); i <= srq_key_index('Z'); i++) {
		char key = srq_key_of_index(i);
		const char *name = srq_key_name(key);
		bool first = shown % 2 == 0;

		if (!name[1])
			continue; /* no name but its letter */
		printf(first ? "  %c %-32s" : "%c %s\n", key, name);
		shown++;
	}
	if (shown % 2)
		printf("\n");
}

void help_show(void)
{
	fputs(usage, stdout);
	show_keys();
	printf("\nExit status:\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
}
