// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and unloads the module and replaces its operators, as often and as fast
 * as it can. tests/debug/races.t runs it in the guest. It is one program, because
 * to start others takes a debug kernel longer than all the rest.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPERATORS "/proc/net/ipt_sysrq" /* shows the counters, too */

/* Every tenth load has a rule instead of a port: that starts programs. */
enum { RULE_EVERY = 10 };

static void die(const char *what)
{
	fprintf(stderr, "reload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void load(const char *file, const char *key, const char *operators,
		 bool rule)
{
	char parameters[512];
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	snprintf(parameters, sizeof(parameters),
		 "mask=1 port=%d key=%s operators=\"%s\"", rule ? 0 : 9, key,
		 operators);
	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0))
		die(file);
	close(fd);
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "ipt_SYSRQ", O_NONBLOCK))
		die("ipt_SYSRQ is not unloaded");
}

static void set_rule(char how, bool ipv6)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "exec ip%stables-legacy -t raw -%c PREROUTING -p udp -j SYSRQ",
		 ipv6 ? "6" : "", how);
	if (system(command))
		die(command);
}

/* Returns the file, which is open: close() puts the operators in force. */
static int begin_to_replace(const char *text)
{
	ssize_t len = (ssize_t)strlen(text);
	int fd = open(OPERATORS, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, (size_t)len) != len)
		die(OPERATORS);
	return fd;
}

/* Reads the counters. What they are does not matter. */
static void look(void)
{
	char text[4096];
	int fd = open(OPERATORS, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text)) <= 0)
		die(OPERATORS);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned int loads, replacements, replaced = 0;
	char one[256], two[256];

	if (argc != 7) {
		fputs("reload FILE LOADS REPLACEMENTS HOST-KEY KEY OTHER-KEY\n"
		      "    replaces the operators so often each time; KEY is always one of\n"
		      "    theirs\n",
		      stderr);
		return 2;
	}
	loads = (unsigned int)atoi(argv[2]);
	replacements = (unsigned int)atoi(argv[3]);
	snprintf(one, sizeof(one), "alice %s all,log\n", argv[5]);
	snprintf(two, sizeof(two), "bob %s all\nalice %s 5,log\n", argv[6],
		 argv[5]);

	for (unsigned int i = 0; i < loads; i++) {
		bool rule = i % RULE_EVERY == 0, ipv6 = i / RULE_EVERY % 2;

		int unfinished = -1;

		load(argv[1], argv[4], one, rule);
		if (rule)
			set_rule('A', ipv6);
		for (unsigned int n = 0; n < replacements; n++, replaced++) {
			close(begin_to_replace(n % 2 ? one : two));
		}
		look();
		/* The unloading meets a writer that is not done. */
		if (i % 2)
			unfinished = begin_to_replace(two);
		if (rule)
			set_rule('D', ipv6);
		unload();
		if (unfinished >= 0)
			close(unfinished);
	}
	printf("%u %u\n", loads, replaced);
}
