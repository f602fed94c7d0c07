// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "client/hosts/folder.h"
#include "client/hosts/paths.h"
#include "client/output/tell.h"
#include "client/output/text.h"
#include "client/press/history.h"

/* A line is: when, who, host, letters, end. Tabs are between them. */
enum { LINE_MAX_LEN = 2048 };

/* Was a command sent? */
static bool was_sent(const struct run *run)
{
	enum sysrq_end end = run->pressed.end;

	return end >= SYSRQ_END_CARRIED_OUT && end != SYSRQ_END_SEVERAL &&
	       end != SYSRQ_END_CANCELLED && end != SYSRQ_END_SILENT &&
	       end != SYSRQ_END_CLOSED && end != SYSRQ_END_UNREACHABLE;
}

/* --- The user's name: a directory that is down lets the question wait, but no host --- */

static char user[64]; /* it is ready when user_found is posted */
static sem_t user_found;

static void *find_user(void *data)
{
	struct passwd entry, *found = NULL;
	char room[4096];

	getpwuid_r(getuid(), &entry, room, sizeof(room), &found);
	if (found)
		text_printable(user, sizeof(user), found->pw_name);
	sem_post(&user_found);
	return data;
}

void history_begin(void)
{
	sigset_t all, usual;
	pthread_t thread;

	snprintf(user, sizeof(user), "uid %u", (unsigned int)getuid());
	sem_init(&user_found, 0, 0);
	/* Signals are for the thread that runs the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &usual);
	if (pthread_create(&thread, NULL, find_user, NULL))
		sem_post(&user_found);
	else
		pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &usual, NULL);
}

/* Waits a tenth of a second once, at most. */
static void put_name(FILE *out)
{
	static struct timespec until;
	static bool found;

	if (!until.tv_sec) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 100000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
	}
	found = found || !sem_timedwait(&user_found, &until);
	if (found)
		fputs(user, out);
	else
		fprintf(out, "uid %u", (unsigned int)getuid());
}

static void put_user(FILE *out)
{
	const char *sudo = getenv("SUDO_USER");
	char before[64] = "";

	if (!getuid() && sudo && *sudo)
		text_printable(before, sizeof(before), sudo);
	put_name(out);
	if (*before)
		fprintf(out, " (%s)", before);
}

static void put_host(FILE *out, const struct run *run)
{
	const struct sockaddr *address = sysrq_host_address(run->target->host);
	char place[PLACE_MAX];

	fputs(run->name, out);
	if (!address)
		return;
	text_of_place(place, address);
	fprintf(out, " (%s)", place);
}

static void put_letters(FILE *out, const struct sysrq_outcome *o)
{
	for (unsigned int i = 0; i < o->count; i++) {
		enum sysrq_fate fate = o->steps[i].fate;
		bool waits = fate == SYSRQ_FATE_OPEN;

		fprintf(out, "%s%c%s%s", i ? ", " : "", o->steps[i].step.letter,
			waits ? "" : " ", waits ? "" : sentence_fate(fate));
	}
}

/* How the pressing ended, or the wait after it */
static void put_end(FILE *out, const struct run *run)
{
	const struct back *back = &run->back;

	if (!back->host)
		sentence_short(out, &run->pressed);
	else if (back->state == BACK_REBOOTED && back_after_all(&run->pressed))
		back_say_times(out, back, run->name);
	else
		run_sentence(out, run);
}

/* All but the time, which the system's log has itself */
static void put_what(FILE *out, const struct run *run, const char *between)
{
	put_user(out);
	fputs(between, out);
	put_host(out, run);
	fputs(between, out);
	put_letters(out, &run->pressed);
	fputs(between, out);
	put_end(out, run);
}

/* syslog(3) would wait where nobody takes the messages, and other hosts with it. */
static bool send_to_log(const char *line)
{
	const struct sockaddr_un log = { AF_UNIX, "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 &&
		  sendto(fd, line, strlen(line), MSG_DONTWAIT,
			 (const struct sockaddr *)&log, sizeof(log)) >= 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static void note_in_log(const struct run *run)
{
	static bool told;
	char line[LINE_MAX_LEN] = "", when[32];
	FILE *out = fmemopen(line, sizeof(line), "w");
	time_t now = time(NULL);

	if (!out)
		return;
	strftime(when, sizeof(when), "%b %e %T", localtime(&now));
	fprintf(out, "<%d>%s send_sysrq: ", LOG_AUTHPRIV | LOG_NOTICE, when);
	put_what(out, run, ": ");
	fclose(out);
	if (send_to_log(line) || told)
		return;
	told = true;
	tell("cannot write to the log of this system, /dev/log: %s",
	     strerror(errno));
}

/* Does the file end within a line? The disk may have been full. */
static bool ends_in_line(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last;

	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

/* Append a line, which begins with a newline that only a line without an end needs. One
 * write, so that the lines of several programs do not mix */
static bool append(const char *path, const char *line)
{
	ssize_t len, written;
	int fd;

	folder_make_for(path); /* open() says whether it is there */
	fd = open(path,
		  O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
			  (geteuid() ? 0 : O_NOFOLLOW),
		  0600);
	if (fd < 0)
		return false;
	if (!ends_in_line(fd))
		line++;
	len = (ssize_t)strlen(line);
	written = write(fd, line, (size_t)len);
	if (written == len)
		return !close(fd);
	if (written >= 0)
		errno = ENOSPC;
	close(fd);
	return false;
}

static bool append_run(char *path, const struct run *run)
{
	char line[LINE_MAX_LEN] = "", when[32];
	FILE *out = fmemopen(line, sizeof(line), "w");
	time_t noted = time(NULL);

	if (!out)
		return false;
	if (!run->back.host)
		noted -= (time_t)((sysrq_now() - run->began) / SYSRQ_SECOND);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z", localtime(&noted));
	fprintf(out, "\n%s\t", when);
	put_what(out, run, "\t");
	fputc('\n', out);
	fclose(out);
	return append(path, line);
}

static const char *reason(const char *path)
{
	if (!path)
		return "there is no home folder";
	return errno == ELOOP && !geteuid()
		       ? "it is a symbolic link, which root does not follow"
		       : strerror(errno);
}

/* Tell why the history cannot be read or written. path: NULL without a home folder */
static void tell_cannot(const char *what, const char *path)
{
	tell("cannot %s the history%s%s: %s", what, path ? " " : "",
	     path ? path : "", reason(path));
}

static void note_in_file(const struct run *run)
{
	static bool told;
	char *path = path_of_state("history");

	if (!(path && append_run(path, run)) && !told) {
		told = true;
		tell_cannot("write", path);
	}
	free(path);
}

void history_note(const struct run *run)
{
	if (!was_sent(run))
		return;
	note_in_file(run);
	if (run->target->settings.log == SETTING_YES)
		note_in_log(run);
}

/* --- Printing --- */

/* Is the third field of the line one of the hosts? It may have a zone, and then an
 * address. */
static bool is_of(const char *line, const struct hosts *hosts)
{
	const char *field = strchr(line, '\t');
	char name[HOSTS_NAME_MAX + 1];

	field = field ? strchr(field + 1, '\t') : NULL;
	if (!field || !hosts->count)
		return field;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(field + 1, " \t\n"),
		 field + 1);
	if (hosts_has(hosts, name))
		return true;
	name[strcspn(name, "%")] = '\0';
	return hosts_has(hosts, name);
}

/* Tabs become two blanks. What is not printable was never written by us. */
static void print_line(FILE *out, const char *line)
{
	for (; *line && *line != '\n'; line++) {
		if (*line == '\t')
			fputs("  ", out);
		else
			fputc(*line >= ' ' && *line <= '~' ? *line : '?', out);
	}
	fputc('\n', out);
}

/* Returns how many lines of the hosts the file has, or prints all but the first
 * `skip` of them to out. */
static uint32_t pass(FILE *file, FILE *out, uint32_t skip,
		     const struct hosts *hosts)
{
	uint32_t lines = 0;
	char *line = NULL;
	size_t size = 0;

	rewind(file);
	while (getline(&line, &size, file) > 0) {
		if (is_of(line, hosts) && ++lines > skip && out)
			print_line(out, line);
	}
	free(line);
	return lines;
}

bool history_print(FILE *out, uint32_t most, const struct hosts *hosts)
{
	char *path = path_of_state("history");
	FILE *file = path ? fopen(path, "re") : NULL;
	bool ok = path && (file || errno == ENOENT || errno == ENOTDIR);
	uint32_t lines = 0;

	if (file) {
		lines = pass(file, NULL, 0, hosts);
		pass(file, out, lines > most ? lines - most : 0, hosts);
		ok = !ferror(file);
		fclose(file);
	}
	if (!ok)
		tell_cannot("read", path);
	else if (!lines)
		tell("the history %s has no line%s", path,
		     hosts->count ? " of these hosts" : "");
	free(path);
	return ok;
}
