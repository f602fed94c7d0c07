// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "password.h"

static const char variable_name[] = "SEND_SYSRQ_PASSWORD";

static bool cannot(const char *what, const char *name)
{
	fprintf(stderr, "send_sysrq: cannot %s %s: %s\n", what, name,
		strerror(errno));
	return false;
}

/* Take len bytes as the password, once they are known to be one. */
static bool take(struct password *password, const char *source,
		 const char *text, size_t len)
{
	if (len < 1 || len > SRQ_PASSWORD_MAX) {
		fprintf(stderr,
			"send_sysrq: %s: password of %s%d bytes given, "
			"expected 1 to %d\n",
			source, len ? "more than " : "",
			len ? SRQ_PASSWORD_MAX : 0, SRQ_PASSWORD_MAX);
		return false;
	}
	if (memchr(text, '\0', len)) {
		fprintf(stderr,
			"send_sysrq: %s: password with a NUL byte given, "
			"expected text\n",
			source);
		return false;
	}
	memcpy(password->text, text, len);
	password->len = len;
	return true;
}

/*
 * Reads up to the end of the first line, or of the file, or until the line is
 * too long for a password. Returns its length without the newline, or -1.
 * signals: the mask to wait with, NULL for the present one.
 */
static ssize_t read_line(int fd, char *line, size_t size,
			 const sigset_t *signals)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	size_t len = 0;

	while (len < size) {
		char *end;
		ssize_t n;

		if (ppoll(&readable, 1, NULL, signals) < 0)
			return -1;
		n = read(fd, line + len, size - len);
		if (n < 0)
			return -1;
		end = memchr(line + len, '\n', (size_t)n);
		if (end)
			return end - line;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static bool usable(int fd, const char *file)
{
	struct stat st;

	if (fstat(fd, &st))
		return cannot("read --password-file", file);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		fprintf(stderr,
			"send_sysrq: --password-file: '%s' given, which is "
			"not a regular file\n",
			file);
		return false;
	}
	if (!(st.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	fprintf(stderr,
		"send_sysrq: --password-file: '%s' has mode %04o, expected "
		"one that is private to its owner: chmod 600 '%s'\n",
		file, (unsigned int)st.st_mode & 07777, file);
	return false;
}

static bool from_file(struct password *password, const char *file)
{
	char line[SRQ_PASSWORD_MAX + 2]; /* one too many shows */
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok = false;
	ssize_t n;

	if (fd < 0)
		return cannot("read --password-file", file);
	if (usable(fd, file)) {
		n = read_line(fd, line, sizeof(line), NULL);
		if (n < 0)
			ok = cannot("read --password-file", file);
		else if (n > 0 && line[n - 1] == '\r')
			fprintf(stderr,
				"send_sysrq: --password-file: the first line "
				"of '%s' ends in a carriage return (CR LF), "
				"expected LF alone\n",
				file);
		else
			ok = take(password, file, line, (size_t)n);
	}
	sodium_memzero(line, sizeof(line));
	close(fd);
	return ok;
}

void password_fetch(struct password_variable *variable)
{
	char *value = getenv(variable_name);

	memset(variable, 0, sizeof(*variable));
	if (!value)
		return;
	variable->set = true;
	variable->len = strnlen(value, sizeof(variable->text));
	memcpy(variable->text, value, variable->len);
	/* Children and /proc/self/environ have no business with it. */
	sodium_memzero(value, strlen(value));
	unsetenv(variable_name);
}

static volatile sig_atomic_t caught;

static void note(int number)
{
	caught = number;
}

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

/*
 * Ask once, echo off. A signal ends the asking: the terminal is as it was
 * again, and then the signal takes its course.
 */
static ssize_t ask(int tty, const char *prompt, char *line, size_t size)
{
	struct sigaction action = { .sa_handler = note }, old[SIGNALS];
	struct termios echo, silent;
	sigset_t ours, usual;
	ssize_t n = -1;
	int err;

	if (tcgetattr(tty, &echo))
		return -1;
	caught = 0;
	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaddset(&ours, signals[i]);
	/* They come in while we wait and at no other moment. */
	sigprocmask(SIG_BLOCK, &ours, &usual);
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}

	silent = echo;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	if (!tcsetattr(tty, TCSAFLUSH, &silent) &&
	    write(tty, prompt, strlen(prompt)) >= 0)
		n = read_line(tty, line, size, &usual);
	err = errno;
	tcsetattr(tty, TCSAFLUSH, &echo);
	if (write(tty, "\n", 1) < 0)
		n = -1;

	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	if (caught)
		raise(caught); /* takes effect with the mask */
	sigprocmask(SIG_SETMASK, &usual, NULL);
	errno = err;
	return n;
}

static bool from_terminal(struct password *password, const char *host)
{
	char line[SRQ_PASSWORD_MAX + 2], prompt[300];
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool ok;
	ssize_t n;

	if (tty < 0) {
		fprintf(stderr,
			"send_sysrq: no terminal to ask for the password "
			"(%s): give --password-file or %s\n",
			strerror(errno), variable_name);
		return false;
	}
	snprintf(prompt, sizeof(prompt), "Password for %.250s: ", host);
	do {
		n = ask(tty, prompt, line, sizeof(line));
	} while (n < 0 && errno == EINTR); /* stopped, and goes on again */
	ok = n < 0 ? cannot("read", "/dev/tty")
		   : take(password, "/dev/tty", line, (size_t)n);
	sodium_memzero(line, sizeof(line));
	close(tty);
	return ok;
}

bool password_read(struct password *password, const char *file,
		   const struct password_variable *variable, const char *host)
{
	if (file)
		return from_file(password, file);
	if (variable->set)
		return take(password, variable_name, variable->text,
			    variable->len);
	return from_terminal(password, host);
}
