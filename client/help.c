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
	"  --wait SECONDS        wait so long after each letter, before the next one;\n"
	"                        or only after some letters: --wait s=30,e=5\n"
	"  --one-way             send without asking first, if replies cannot get back;\n"
	"                        the clocks must agree\n"
	"  --no-one-way          never send one-way, even if no answer comes\n"
	"  --host-address ADDR   the host's own address, for one-way through NAT\n"
	"  -q, --quiet           do not show what the kernel prints for w and others\n"
	"  -y, --yes             do not ask before harmful letters are pressed on\n"
	"                        several hosts\n"
	"  --until-back[=SECONDS]  after a reboot, wait until the host is back\n"
	"                        (default: 600)\n"
	"  --json                print one JSON object for each host, on one line\n"
	"  --version             print the version\n"
	"  --help                print this help\n"
	"FILE may be - for standard input, but not with --config.\n"
	"A host may be a range, as in web[01-40].\n"
	"\n"
	"Sysrq commands are letters in a row, or names, recipes and letters with commas\n"
	"between them, such as sisub or sync,unmount,reboot. Recipes:\n"
	"  safe-reboot    e, i, s, u, b; s and u until complete, at most 10 minutes each\n"
	"  safe-poweroff  the same, with o instead of b\n"
	"  diagnose       write the whole log, and the output of w, l and m, into a file\n"
	"\n"
	"Default waits: after s and u until they are complete, at most 10 s; after e 2 s;\n"
	"after other letters 1 s. After the last letter there is no wait, unless it is s\n"
	"or u.\n";

static const struct {
	enum exit_status status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE,
	  "all letters were pressed, and each sync and remount that\n"
	  "      send_sysrq waited for is complete" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "carried out, but not completely: a sync or remount was not\n"
	  "      reported complete, letters were dropped for a newer\n"
	  "      command, or the host is still alive after b or c" },
	{ EXIT_USAGE,
	  "wrong command line, or not confirmed; nothing was sent" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; the outcome is not known" },
	{ EXIT_END_NOT_SEEN,
	  "accepted, or perhaps accepted; the end was not seen" },
	{ EXIT_NO_ANSWER, "no answer; nothing was sent" },
	{ EXIT_PORT_CLOSED,
	  "the port is closed, or the password or key is wrong" },
	{ EXIT_UNREACHABLE, "the host is unreachable, or its name is unknown" },
	{ EXIT_NOT_MASK, "the host's sysrq mask does not permit a letter" },
	{ EXIT_NOT_PERMITTED,
	  "the host does not permit a letter to this operator, or its\n"
	  "      firewall rule does not permit a letter" },
	{ EXIT_NO_SUCH_LETTER, "the host does not know a letter" },
	{ EXIT_CLOCK, "one-way: the clocks differ too much" },
	{ EXIT_REFUSED, "refused for another reason" },
	{ EXIT_MACHINE,
	  "this machine has too little memory, or cannot write the\n"
	  "      file; nothing was sent" },
	{ EXIT_NOT_BACK, "the host was not back in time" },
};

/* Print the letters that have a name, two on a line. shown counts them. */
static void show_letters(char from, char to, unsigned int *shown)
{
	for (char letter = from; letter <= to; letter++) {
		const char *name = sysrq_letter_name(letter);

		if (!name[1])
			continue; /* it has no other name */
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
	printf("\nLetters (0 to 9 set the loglevel of the console):\n");
	show_letters('a', 'z', &shown);
	show_letters('A', 'Z', &shown);
	if (shown % 2)
		printf("\n");
	printf("\nExit status (with several hosts, the highest):\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
}
