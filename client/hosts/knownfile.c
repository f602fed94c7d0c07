// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/hosts/folder.h"
#include "client/hosts/keyfile.h"
#include "client/hosts/knownfile.h"
#include "client/hosts/knownline.h"
#include "client/hosts/paths.h"
#include "client/hosts/trusted.h"
#include "client/output/tell.h"
#include "client/output/text.h"

static const char blanks[] = " \t\r\n";

struct edit {
	const char *path;
	char *new_path; /* the new file, until it takes the place of the old */
	FILE *out;
	bool of_system; /* all users read it, whatever the umask of root is */
	struct known_line line;
	bool written; /* the new line is in the new file */
};

static enum exit_status cannot_write(const char *path)
{
	tell("cannot write %s: %s", path, strerror(errno));
	return EXIT_MACHINE;
}

static void write_line(struct edit *edit)
{
	char key[SYSRQ_PUBLIC_TEXT_LEN + 1];

	if (edit->written)
		return;
	edit->written = true;
	for (size_t i = 0; i < edit->line.count; i++)
		fprintf(edit->out, "%s%s", i ? "," : "", edit->line.names[i]);
	sysrq_public_to_text(&edit->line.key, key);
	fprintf(edit->out, " %s\n", key);
}

/* What to do with a line: text is the line, line what it says, if it is good. */
typedef bool line_action(struct edit *edit, const char *text,
			 unsigned int number, const struct known_line *line);

static bool has_key(const struct edit *edit, const struct known_line *line)
{
	return line->count &&
	       !memcmp(&line->key, &edit->line.key, sizeof(line->key));
}

/* A host keeps the names that it has with the same key. False: the key is that of
 * another host, or there is no memory. */
static bool check_line(struct edit *edit, const char *text, unsigned int number,
		       const struct known_line *line)
{
	(void)text;
	if (!has_key(edit, line))
		return true;
	if (known_line_shares(line, &edit->line))
		return known_line_merge(&edit->line, line);
	tell("%s, line %u: %s has this key already, and two machines may not have "
	     "one key: give all names of one machine in one command, and each "
	     "machine a key of its own",
	     edit->path, number, line->names[0]);
	return false;
}

/* Join the names of line that the new line has, or has not. The caller frees the
 * result. NULL: there is none, or no memory. */
static char *names_of(const struct edit *edit, const struct known_line *line,
		      bool has)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < line->count; i++) {
		if (known_line_has(&edit->line, line->names[i]) == has)
			fprintf(out, "%s%s", ftell(out) ? "," : "",
				line->names[i]);
	}
	if (out && !fclose(out) && *text)
		return text;
	free(text);
	return NULL;
}

static void tell_replaced(const struct edit *edit, unsigned int number,
			  const struct known_line *line)
{
	char *replaced = names_of(edit, line, true);
	char *lost = names_of(edit, line, false);

	tell("%s, line %u: %s had another key, and has this one now%s%s",
	     edit->path, number, replaced ? replaced : line->names[0],
	     lost ? "; not known any more: " : "", lost ? lost : "");
	free(replaced);
	free(lost);
}

/* The new line takes the place of those that have one of its names. */
static bool copy_line(struct edit *edit, const char *text, unsigned int number,
		      const struct known_line *line)
{
	if (!known_line_shares(line, &edit->line)) {
		fprintf(edit->out, "%s\n", text);
		return true;
	}
	if (!has_key(edit, line))
		tell_replaced(edit, number, line);
	write_line(edit);
	return true;
}

static bool each_line(struct edit *edit, FILE *in, line_action *action)
{
	char *text = NULL;
	size_t size = 0;
	unsigned int number = 0;
	bool ok = true;
	ssize_t n;

	rewind(in);
	while (ok && (n = getline(&text, &size, in)) >= 0) {
		struct known_line line = { 0 };
		char *copy;

		if (n && text[n - 1] == '\n')
			text[n - 1] = '\0';
		copy = strdup(text);
		/* A line that cannot be read stays. */
		if (copy)
			known_line_read(&line,
					copy + text_mark(copy, strlen(copy)));
		ok = action(edit, text, ++number, &line);
		known_line_free(&line);
		free(copy);
	}
	free(text);
	return ok;
}

static enum exit_status write_new(struct edit *edit, FILE *in)
{
	if (in && (!each_line(edit, in, check_line) ||
		   !each_line(edit, in, copy_line)))
		return EXIT_USAGE;
	write_line(edit);
	if ((in && ferror(in)) || fflush(edit->out) || ferror(edit->out) ||
	    fsync(fileno(edit->out)) || rename(edit->new_path, edit->path))
		return cannot_write(edit->path);
	return EXIT_ALL_DONE;
}

/* A link in the place of the new file would lead away. What an interrupted command has
 * left goes. */
static FILE *open_new(const char *path, bool of_system)
{
	FILE *out = NULL;
	int fd;

	unlink(path);
	/* These are public keys. Others cannot enter the user's folder. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0 && (!of_system || !fchmod(fd, 0644)))
		out = fdopen(fd, "w");
	if (fd >= 0 && !out)
		close(fd);
	return out;
}

/* The lock of the folder is held. */
static enum exit_status replace(struct edit *edit)
{
	FILE *in = trusted_open("known hosts", edit->path);
	enum exit_status status;

	if (!in && errno != ENOENT)
		return errno ? cannot_write(edit->path) : EXIT_USAGE;
	if (in && !trusted(fileno(in), "known hosts", edit->path, false)) {
		fclose(in);
		return EXIT_USAGE;
	}
	edit->out = open_new(edit->new_path, edit->of_system);
	status = edit->out ? write_new(edit, in) : cannot_write(edit->new_path);
	if (edit->out) {
		fclose(edit->out);
		if (status != EXIT_ALL_DONE)
			unlink(edit->new_path);
	}
	if (in)
		fclose(in);
	return status;
}

/* Two commands at once must not lose a line: the folder is locked. */
static enum exit_status replace_locked(struct edit *edit)
{
	char *slash = strrchr(edit->path, '/');
	char *folder = strndup(edit->path, (size_t)(slash - edit->path));
	enum exit_status status;
	int fd = -1;

	if (folder && folder_make_for(edit->path))
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0 || flock(fd, LOCK_EX))
		status = cannot_write(edit->path);
	else
		status = replace(edit);
	if (fd >= 0)
		close(fd);
	return status;
}

static bool read_words(struct edit *edit, const char *names, const char *key)
{
	/* A key that was pasted may have blanks around it. */
	const char *from = key + strspn(key, blanks);
	size_t len = strcspn(from, blanks);
	const char *fault = known_key_read(
		&edit->line.key, from,
		from[len + strspn(from + len, blanks)] ? strlen(from) : len);
	char *copy;

	if (!len) {
		tell("known: the key is empty: setup printed none");
		return false;
	}
	if (!fault)
		fault = known_key_check(&edit->line.key);
	if (fault && !known_key_read(&edit->line.key, names, strlen(names)))
		return tell_bad("known", key,
				"a key: the names come first, then the key");
	if (fault) {
		tell("known: bad key of %s: %s", names, fault);
		return false;
	}
	if (!*names) {
		tell("known: no name given, expected the names of a host with "
		     "commas between them");
		return false;
	}
	if (names[strcspn(names, blanks)])
		return tell_bad("known", names,
				"names with commas and without a blank "
				"between them");
	if (asprintf(&copy, "%s %s", names, key) < 0)
		copy = NULL;
	fault = copy ? known_line_read(&edit->line, copy) : "out of memory";
	free(copy);
	if (fault || !edit->line.count)
		tell("known: %s", fault ? fault : "a comment is not a name");
	return !fault && edit->line.count;
}

/* One's own key would be a host's that nobody can be. */
static bool is_not_own(const struct edit *edit)
{
	char *path = keyfile_path(NULL);
	struct sysrq_pair pair;
	bool ok = path;

	if (path && keyfile_exists(path)) {
		ok = keyfile_read(&pair, path);
		if (ok && !memcmp(&pair.public_key, &edit->line.key,
				  sizeof(pair.public_key))) {
			tell("known: this is your own public key, expected the "
			     "key that send_sysrq setup prints on the host");
			ok = false;
		}
		sysrq_pair_wipe(&pair);
	}
	free(path);
	return ok;
}

/* Another user's link would lead root to any file, which root would change, and let all
 * users read. */
static bool may_follow(const char *path)
{
	struct stat st;

	if (lstat(path, &st) || !S_ISLNK(st.st_mode) || !st.st_uid ||
	    st.st_uid == geteuid())
		return true;
	tell("known hosts: '%s' is a link of the user %u, expected a link of "
	     "your own or of root",
	     path, (unsigned int)st.st_uid);
	return false;
}

enum exit_status knownfile_set(const char *names, const char *key)
{
	char *path = path_of_user("known_hosts");
	char *real = path ? realpath(path, NULL) : NULL;
	struct edit edit = { .path = real ? real : path,
			     .of_system = path && folder_is_of_system(path) };
	enum exit_status status = EXIT_USAGE;

	if (!path)
		tell("cannot find the known hosts: HOME is not set");
	else if (!may_follow(path))
		;
	else if (asprintf(&edit.new_path, "%s.new", edit.path) < 0)
		status = cannot_write(edit.path);
	else if (read_words(&edit, names, key) && is_not_own(&edit))
		status = replace_locked(&edit);
	if (path)
		free(edit.new_path);
	known_line_free(&edit.line);
	free(real);
	free(path);
	return status;
}
