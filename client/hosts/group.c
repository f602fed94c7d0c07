// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/hosts/group.h"
#include "client/hosts/ranges.h"
#include "client/output/until.h"
#include "lib/sysrq.h"

enum { LIMIT = 5 }; /* seconds for nodeset */

extern char **environ;

static char expected[512];

/* Start nodeset without a shell. It writes to the files out and err. */
static int start(pid_t *pid, char *group, int out, int err)
{
	char program[] = "nodeset", fold[] = "-f";
	char *const arguments[] = { program, fold, group, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t all, none;
	int result;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&how);
	/* main() ignores SIGPIPE, and the exporter blocks those that end it. */
	posix_spawnattr_setsigdefault(&how, &all);
	posix_spawnattr_setsigmask(&how, &none);
	/* What it starts can be ended with it. */
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF |
					       POSIX_SPAWN_SETSIGMASK |
					       POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&files);
	/* Standard input may have the hosts or the password. */
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
					 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
	result = posix_spawnp(pid, program, &files, &how, arguments, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return result;
}

/*
 * Wait for the end of nodeset, and end it and what it has started if it takes
 * too long. Returns 0 or an error number; ETIME: it took too long.
 */
static int wait_for(pid_t pid, int *status)
{
	const uint64_t then = sysrq_now() + LIMIT * SYSRQ_SECOND;
	struct pollfd end = { (int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0 };
	int error = end.fd < 0 ? errno : ETIME;

	if (error == ENOSYS) /* a kernel before 5.3: then there is no limit */
		error = 0;
	while (error == ETIME && sysrq_now() < then) {
		struct timespec timeout = time_until(then);

		if (ppoll(&end, 1, &timeout, NULL) > 0)
			error = 0;
	}
	if (error)
		kill(-pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	if (end.fd >= 0)
		close(end.fd);
	return error;
}

/* Read the first line of a file without its newline. NULL: there is none. */
static char *first_line(FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	rewind(file);
	len = getline(&line, &size, file);
	if (len > 0 && line[len - 1] == '\n')
		line[--len] = '\0';
	if (len > 0)
		return line;
	free(line);
	return NULL;
}

/* Say why nodeset failed; its own sentence is in err. */
static const char *failed(FILE *err)
{
	char *sentence = first_line(err);

	snprintf(expected, sizeof(expected), "a group that nodeset knows (%s)",
		 sentence ? sentence : "nodeset failed");
	free(sentence);
	return expected;
}

static const char *cannot_run(int error)
{
	if (error == ETIME)
		snprintf(expected, sizeof(expected),
			 "hosts without @: nodeset did not answer within %d s",
			 LIMIT);
	else
		snprintf(expected, sizeof(expected),
			 "hosts without @: nodeset cannot run (%s)",
			 strerror(error));
	return expected;
}

static const char *run(char *group, char **hosts, FILE *out, FILE *err)
{
	int status, error;
	pid_t pid;

	error = start(&pid, group, fileno(out), fileno(err));
	if (error == ENOENT)
		return "hosts without @: nodeset, which knows groups, is not "
		       "installed (package clustershell)";
	if (!error)
		error = wait_for(pid, &status);
	if (error)
		return cannot_run(error);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return failed(err);
	*hosts = first_line(out);
	return *hosts ? NULL : "a group that has hosts";
}

/* Make a file in memory: /tmp may be full. NULL: errno says why. */
static FILE *open_memory(void)
{
	int fd = memfd_create("nodeset", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

const char *group_expand(char *group, char **hosts)
{
	const char *problem = element_check(group + 1, "*");
	FILE *out, *err;

	*hosts = NULL;
	if (problem)
		return problem;
	out = open_memory();
	err = out ? open_memory() : NULL;
	problem = err ? run(group, hosts, out, err) : cannot_run(errno);
	if (out)
		fclose(out);
	if (err)
		fclose(err);
	return problem;
}
