// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "client/hosts/knownline.h"
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

static void put_user(FILE *out)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());
	char name[64], before[64] = "";

	text_printable(name, sizeof(name), user ? user->pw_name : "?");
	if (!getuid() && sudo && *sudo)
		text_printable(before, sizeof(before), sudo);
	fprintf(out, "%s%s%s%s", name, *before ? " (" : "", before,
		*before ? ")" : "");
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

/* All but the time, which the system's log has itself */
static void put_what(FILE *out, const struct run *run, const char *between)
{
	put_user(out);
	fputs(between, out);
	put_host(out, run);
	fputs(between, out);
	put_letters(out, &run->pressed);
	fputs(between, out);
	sentence_short(out, &run->pressed);
}

static void note_in_log(const struct run *run)
{
	char line[LINE_MAX_LEN] = "";
	FILE *out = fmemopen(line, sizeof(line), "w");

	if (!out)
		return;
	put_what(out, run, ": ");
	fclose(out);
	openlog("send_sysrq", 0, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line);
	closelog();
}

/* Make the folders of a path. Those that exist stay as they are. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* One write, so that the lines of several programs do not mix */
static bool append(char *path, const char *line)
{
	size_t len = strlen(line);
	bool written;
	int fd;

	make_folders(path);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return false;
	written = write(fd, line, len) == (ssize_t)len;
	return !close(fd) && written;
}

static void note_in_file(const struct run *run)
{
	static bool told;
	char line[LINE_MAX_LEN] = "", when[32];
	FILE *out = fmemopen(line, sizeof(line), "w");
	time_t began = time(NULL) -
		       (time_t)((sysrq_now() - run->began) / SYSRQ_SECOND);
	char *path = path_of_state("history");

	if (out && path) {
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z",
			 localtime(&began));
		fprintf(out, "%s\t", when);
		put_what(out, run, "\t");
		fputc('\n', out);
		fflush(out);
		if (!append(path, line) && !told) {
			told = true;
			tell("cannot write the history '%s': %s", path,
			     strerror(errno));
		}
	}
	if (out)
		fclose(out);
	free(path);
}

void history_note(const struct run *run)
{
	bool noted = run->state == RUN_OVER && run->back.host;

	if (noted || !was_sent(run))
		return;
	if (run->target->settings.log == SETTING_YES)
		note_in_log(run);
	note_in_file(run);
}

/* --- Printing --- */

/* Is the third field of the line one of the hosts, perhaps with an address? */
static bool is_of(const char *line, char *const *hosts, int count)
{
	const char *host = strchr(line, '\t');

	host = host ? strchr(host + 1, '\t') : NULL;
	if (!host)
		return false;
	host++;
	for (int i = 0; i < count; i++) {
		char form[KNOWN_NAME_MAX + 1];
		const char *name = known_name(form, hosts[i]) ? form : hosts[i];
		size_t len = strlen(name);

		if (!strncasecmp(host, name, len) &&
		    (host[len] == ' ' || host[len] == '\t'))
			return true;
	}
	return !count;
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
static uint32_t pass(FILE *file, FILE *out, uint32_t skip, char *const *hosts,
		     int count)
{
	uint32_t lines = 0;
	char *line = NULL;
	size_t size = 0;

	rewind(file);
	while (getline(&line, &size, file) > 0) {
		if (is_of(line, hosts, count) && ++lines > skip && out)
			print_line(out, line);
	}
	free(line);
	return lines;
}

bool history_print(FILE *out, uint32_t most, char *const *hosts, int count)
{
	char *path = path_of_state("history");
	FILE *file = path ? fopen(path, "re") : NULL;
	bool ok = path && (file || errno == ENOENT);
	uint32_t lines = 0;

	if (file) {
		lines = pass(file, NULL, 0, hosts, count);
		pass(file, out, lines > most ? lines - most : 0, hosts, count);
		ok = !ferror(file);
		fclose(file);
	}
	if (!ok)
		tell("cannot read the history%s%s: %s", path ? " " : "",
		     path ? path : "",
		     path ? strerror(errno) : "there is no home folder");
	else if (!lines)
		tell("the history %s has no line%s", path,
		     count ? " of these hosts" : "");
	free(path);
	return ok;
}
