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

#define OPERATORS "/sys/module/ipt_SYSRQ/parameters/operators"
#define COUNTERS  "/proc/net/ipt_sysrq"

enum {
	/* Every tenth load has a rule instead of a port: that starts programs. */
	RULE_EVERY = 10,
	PAGE = 4096,
};

static void die(const char *what)
{
	fprintf(stderr, "reload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void load(const char *file, const char *operators, bool rule)
{
	char parameters[512];
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	snprintf(parameters, sizeof(parameters),
		 "mask=1 port=%d operators=\"%s\"", rule ? 0 : 9, operators);
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

static void replace(const char *text, size_t len)
{
	int fd = open(OPERATORS, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		die(OPERATORS);
	close(fd);
}

/* Reads the counters. What they are does not matter. */
static void look(void)
{
	char text[4096];
	int fd = open(COUNTERS, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text)) <= 0)
		die(COUNTERS);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned int loads, replacements, replaced = 0;
	char one[256], two[256], page[PAGE];

	if (argc != 6) {
		fputs("reload FILE LOADS REPLACEMENTS KEY OTHER-KEY\n"
		      "    replaces the operators so often each time; the first key is always\n"
		      "    one of theirs\n",
		      stderr);
		return 2;
	}
	loads = (unsigned int)atoi(argv[2]);
	replacements = (unsigned int)atoi(argv[3]);
	snprintf(one, sizeof(one), "alice %s all,log\n", argv[4]);
	snprintf(two, sizeof(two), "bob %s all\nalice %s 5,log\n", argv[5],
		 argv[4]);
	/* After a full page the module waits for more, also while it is unloaded. */
	memset(page, '#', sizeof(page));
	memcpy(page, one, strlen(one));

	for (unsigned int i = 0; i < loads; i++) {
		bool rule = i % RULE_EVERY == 0, ipv6 = i / RULE_EVERY % 2;

		load(argv[1], one, rule);
		if (rule)
			set_rule('A', ipv6);
		for (unsigned int n = 0; n < replacements; n++, replaced++) {
			const char *text = n % 2 ? one : two;

			replace(text, strlen(text));
		}
		look();
		if (i % 2)
			replace(page, sizeof(page));
		if (rule)
			set_rule('D', ipv6);
		unload();
	}
	printf("%u %u\n", loads, replaced);
}
