// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "client/hosts/password.h"
#include "client/hosts/secretfile.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "lib/sysrq.h"

static const char variable_name[] = "SEND_SYSRQ_PASSWORD";

/* Around what is pasted into a terminal, where programs do not expect it */
static const char paste_begin[] = "\x1b[200~", paste_end[] = "\x1b[201~";
enum { PASTE = sizeof(paste_begin) + sizeof(paste_end) - 2 };

/* Take the bytes around what was pasted off len bytes of text. */
static void take_paste(const char **text, size_t *len)
{
	size_t begin = strlen(paste_begin), end = strlen(paste_end);

	if (*len >= begin && !memcmp(*text, paste_begin, begin)) {
		*text += begin;
		*len -= begin;
	}
	if (*len >= end && !memcmp(*text + *len - end, paste_end, end))
		*len -= end;
}

/* Take len bytes as the password. False: they are wrong, as has been told. */
static bool take(struct password *password, const char *source,
		 const char *text, size_t len)
{
	size_t mark = text_mark(text, len);

	text += mark;
	len -= mark;
	take_paste(&text, &len);
	if (len < 1 || len > SYSRQ_PASSWORD_MAX) {
		tell("%s: password of %s%d bytes given, "
		     "expected 1 to %d bytes",
		     source, len ? "more than " : "",
		     len ? SYSRQ_PASSWORD_MAX : 0, SYSRQ_PASSWORD_MAX);
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\t' || (c >= ' ' && c != 0x7f))
			continue;
		tell("%s: password with the control character \\x%02x given, "
		     "expected text",
		     source, c);
		return false;
	}
	memcpy(password->text, text, len);
	password->len = len;
	return true;
}

static bool from_file(struct password *password, const char *file)
{
	char line[SYSRQ_PASSWORD_MAX + PASTE + 2]; /* to see what is too long */
	ssize_t n =
		secretfile_read("--password-file", file, line, sizeof(line));
	bool ok = n >= 0 && take(password, file, line, (size_t)n);

	sodium_memzero(line, sizeof(line));
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
	/* Children and /proc/self/environ must not have it. */
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
 * Ask once, with the echo off. A signal ends the question. It takes effect when
 * the echo is on again. Returns the same as secretfile_line().
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
	/* The signals come only while secretfile_line() waits. */
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
		n = secretfile_line(tty, line, size, &usual);
	err = errno;
	tcsetattr(tty, TCSAFLUSH, &echo);
	if (write(tty, "\n", 1) < 0)
		n = -1;

	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	if (caught)
		raise(caught); /* takes effect when the mask is restored */
	sigprocmask(SIG_SETMASK, &usual, NULL);
	errno = err;
	return n;
}

static bool from_terminal(struct password *password, const char *host)
{
	char line[SYSRQ_PASSWORD_MAX + PASTE + 2], prompt[300];
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool ok;
	ssize_t n;

	if (tty < 0) {
		tell("there is no terminal to ask for the password "
		     "(%s): give --password-file or %s",
		     strerror(errno), variable_name);
		return false;
	}
	snprintf(prompt, sizeof(prompt), "Password for %.250s: ", host);
	do {
		n = ask(tty, prompt, line, sizeof(line));
	} while (n < 0 && errno == EINTR); /* after Ctrl-Z and fg */
	ok = n >= 0 && take(password, "/dev/tty", line, (size_t)n);
	if (n < 0)
		tell("cannot read /dev/tty: %s", strerror(errno));
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
