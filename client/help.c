// SPDX-License-Identifier: GPL-2.0
/* send_sysrq --help */
#include <stdio.h>

#include "client/options.h"
#include "client/subcommand.h"
#include "lib/sysrq.h"

static const char usage[] =
	"Usage: send_sysrq [press] [options] <remote host>... <sysrq commands>\n"
	"Press SysRq letters on remote hosts. Examples:\n"
	"  send_sysrq web7 h                  is harmless: use it for a test\n"
	"  send_sysrq web7 safe-reboot        reboots web7\n"
	"\n";

static const char usage_press[] =
	"  --wait SECONDS        wait this long after each letter, before the next one;\n"
	"                        --wait s=30,e=5 changes only the waits after s and e\n"
	"  --one-way             send the command without a status request; use this if\n"
	"                        replies cannot reach you; the clocks may differ by at\n"
	"                        most the host's tolerance (default: 12 hours; 300 s\n"
	"                        where send_sysrq setup wrote it)\n"
	"  --no-one-way          never send one-way (default: one-way if no answer comes)\n"
	"  --one-way-for SECONDS  the host refuses a command that is older than this\n"
	"                        (default: 600)\n"
	"  --host-address ADDR   for one-way through NAT: the host's own (inner) address\n"
	"  -q, --quiet           do not show what the kernel prints for letters such as w\n"
	"  -y, --yes             do not ask before harmful letters on several hosts, or\n"
	"                        on a host that has Confirm in the configuration\n"
	"  --dry-run             show what would be sent to which hosts; send nothing\n"
	"  --until-back[=SECONDS]  after b, or c where kdump or kernel.panic reboots the\n"
	"                        host, wait until it answers again (default: at most 600)\n"
	"  --json                print one JSON object for each host, on one line\n";

static const char usage_rest[] =
	"Only one of --password-file, --key-file and --hosts may be - (standard input).\n"
	"Hosts may be a list with ranges and groups, such as web[01-40],db1,@rack3.\n"
	"\n"
	"Sysrq commands are one word:\n"
	"  w              one letter\n"
	"  sub sisub      a rescue word: of r, s, e and i each at most once and in this\n"
	"                 order, then su, then b, o, c or nothing; also sb and ub\n"
	"  wlm 9t         letters of hlmpqtwzd, which only show something, and at most\n"
	"                 one digit before them\n"
	"  e,s,u,b        anything else has commas between letters, their names,\n"
	"                 loglevel=7, rescue words and recipes (sync,unmount,reboot);\n"
	"                 nothing stands behind b, c and o\n"
	"The names help and debug alone only after press: send_sysrq press web7 debug.\n"
	"Recipes:\n"
	"  safe-reboot    e, i, s, u, b; waits for s and u, at most 10 minutes each\n"
	"  safe-poweroff  the same, with o instead of b\n"
	"  diagnose       writes the log, and the output of w, l and m, into a file\n"
	"  last-words     for a host that has panicked, else it presses nothing: writes\n"
	"                 the whole log into a file, then presses b, without a sync\n"
	"\n"
	"Default waits (in brackets: in safe-reboot and safe-poweroff):\n"
	"  s and u        until complete, at most 10 s each (10 minutes)\n"
	"  e              2 s (5 s)\n"
	"  other letters  1 s (i: 2 s)\n"
	"After the last letter there is no wait, unless this letter is s or u.\n";

static const struct {
	enum exit_status status;
	const char *meaning;
} statuses[] = {
	{ EXIT_ALL_DONE,
	  "all letters were pressed, and each s and u is complete\n"
	  "      (--wait 0 does not check this)" },
	{ EXIT_NOT_ALL_COMPLETE,
	  "the host ran the command, but an s or u is not complete, a\n"
	  "      letter was not pressed, or the host still answers after\n"
	  "      b or c" },
	{ EXIT_USAGE,
	  "wrong command line or file, the host is not known, --ethernet\n"
	  "      cannot be used here, or you did not answer yes" },
	{ EXIT_SENT_ONE_WAY, "sent one-way; the result is not known" },
	{ EXIT_END_NOT_SEEN,
	  "sent, but the end was not seen, or another copy was refused;\n"
	  "      perhaps all letters were pressed. With diagnose and\n"
	  "      last-words also: the log was not read to its end; if nothing\n"
	  "      was pressed, a message says so" },
	{ EXIT_NO_ANSWER,
	  "no answer, and not sent one-way (--no-one-way, diagnose,\n"
	  "      last-words, or a password and several addresses). Also, with\n"
	  "      several hosts or --json: you pressed Ctrl-C before the command\n"
	  "      was sent" },
	{ EXIT_PORT_CLOSED,
	  "the port is closed, or the password, key or realm is wrong" },
	{ EXIT_UNREACHABLE,
	  "the host is unreachable, its name is unknown, or, with several\n"
	  "      hosts, its public key is not known" },
	{ EXIT_NOT_MASK,
	  "the sysrq mask of the host does not permit a letter" },
	{ EXIT_NOT_PERMITTED,
	  "this operator may not press a letter or read the log, or the\n"
	  "      firewall rule of the host does not permit a letter" },
	{ EXIT_NO_SUCH_LETTER,
	  "the kernel of the host does not know a letter" },
	{ EXIT_CLOCK, "the host refused a one-way command for its time stamp" },
	{ EXIT_REFUSED,
	  "refused for another reason, the host has rebooted since it\n"
	  "      gave its log, or, with last-words, it has not panicked" },
	{ EXIT_MACHINE,
	  "this machine has too little memory, or cannot write a file\n"
	  "      or its output" },
	{ EXIT_NOT_BACK, "the host was not back in time (--until-back)" },
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
	fputs(options_help, stdout);
	fputs(usage_rest, stdout);
	printf("\nLetters with the kernel's names (man send_sysrq explains "
	       "them). unmount makes\nall file systems read-only. 0 to 9 set "
	       "the loglevel of the console.\n");
	show_letters('a', 'z', &shown);
	show_letters('A', 'Z', &shown);
	if (shown % 2)
		printf("\n");
	printf("\nExit status (with several hosts, the highest number "
	       "counts):\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		printf("  %2d  %s\n", statuses[i].status, statuses[i].meaning);
	printf("With 2, 5, 6 and 7 no command was sent to this host. With 8 to "
	       "12 this host\nrefused the command, and the message says "
	       "whether it is certain that no letter\nwas pressed. Other hosts "
	       "may have pressed letters.\n");
}
