// SPDX-License-Identifier: GPL-2.0
/* send_sysrq --help */
#include <stdio.h>

#include "client/options.h"
#include "client/subcommand.h"
#include "lib/sysrq.h"

static const char usage[] =
	"Usage: send_sysrq [options] <remote host>... <sysrq commands>\n"
	"Press SysRq letters on a remote host, e.g. send_sysrq web7 sisub\n"
	"\n";

static const char usage_press[] =
	"  --wait SECONDS        after each letter, before the next; or for some\n"
	"                        letters: --wait s=30,e=5\n"
	"  --one-way             send without asking first, where replies cannot\n"
	"                        get back; the clocks must agree\n"
	"  --no-one-way          never send one-way, even if no answer comes\n"
	"  --host-address ADDR   the host's own address, for one-way through NAT\n"
	"  -q, --quiet           do not print what the kernel prints, for w and others\n"
	"  -y, --yes             do not ask before letters that do harm are pressed on\n"
	"                        several hosts\n"
	"  --until-back[=SECONDS]  after a reboot, wait for the host (600 s)\n"
	"  --json                print a line of JSON for each host\n"
	"  --version, --help\n"
	"FILE may be - for standard input. A host may be a range, as in web[01-40].\n"
	"\n"
	"Sysrq commands are letters in a row, or names and recipes with commas:\n"
	"  sisub   sync,unmount,reboot\n"
	"  safe-reboot    e, i, s, u, b: s and u until complete, at most 10 minutes\n"
	"  safe-poweroff  the same with o at its end\n"
	"  diagnose       w, l, m and the whole log, into a file\n"
	"\n"
	"Waits by default: s and u until complete, at most 10 s; e 2 s; others 1 s;\n"
	"none after the last letter unless it is s or u.\n";

static const struct {
	enum exit_status status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE, "all pressed; what was waited for is complete" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "carried out, but not all complete: not reported so,\n"
	  "      dropped for a newer command, or host alive after b or c" },
	{ EXIT_USAGE, "bad invocation, or not confirmed; nothing sent" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; outcome unknown" },
	{ EXIT_END_NOT_SEEN, "accepted, or maybe; its end was not seen" },
	{ EXIT_NO_ANSWER, "no answer; nothing sent" },
	{ EXIT_PORT_CLOSED, "port closed, or password or key not the host's" },
	{ EXIT_UNREACHABLE, "host unreachable or name unknown" },
	{ EXIT_NOT_MASK, "letter not permitted by the host's sysrq mask" },
	{ EXIT_NOT_PERMITTED, "letter not permitted to this operator or by the "
			      "firewall rule" },
	{ EXIT_NO_SUCH_LETTER, "host knows no such letter" },
	{ EXIT_CLOCK, "one-way: clock too far off" },
	{ EXIT_REFUSED, "refused for another reason" },
	{ EXIT_MACHINE, "this machine has no memory for it, or cannot write\n"
			"      the file; nothing sent" },
	{ EXIT_NOT_BACK, "did not come back in time" },
};

/* In the order of the help: a-z, then A-Z. */
static void show_letters(char from, char to, unsigned int *shown)
{
	for (char letter = from; letter <= to; letter++) {
		const char *name = sysrq_letter_name(letter);

		if (!name[1])
			continue; /* no name but itself */
		printf((*shown)++ % 2 ? "%c %s\n" : "  %c %-32s", letter, name);
	}
}

void help_press(void)
{
	unsigned int shown = 0;

	fputs(usage, stdout);
	subcommands_show();
	fputs("Options:\n", stdout);
	fputs(common_help, stdout);
	fputs(common_help_hosts, stdout);
	fputs(usage_press, stdout);
	printf("\nLetters (0-9: loglevel of the console):\n");
	show_letters('a', 'z', &shown);
	show_letters('A', 'Z', &shown);
	if (shown % 2)
		printf("\n");
	printf("\nExit status (of several hosts, the highest):\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
}
