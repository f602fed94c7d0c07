/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files that a question needs: the configuration and the known hosts, which are
 * read again when they have changed, and the operator's key, which is read for each
 * question, so that no private key stays in memory.
 */
#ifndef SRQ_EXPORTER_FILES_H
#define SRQ_EXPORTER_FILES_H

#include <time.h>

#include "client/hosts/targets.h"

enum { FILES = 4 };

/* What tells whether a file has changed; all 0: there is none. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct files {
	const struct target_options *common;
	struct config *config;
	struct known *known;
	bool good;     /* what was read last was good, and is in force */
	uint64_t read; /* when that was; sysrq_now() */
	char *paths[FILES];
	bool used[FILES]; /* what is in force is from this file, too */
	struct stamp stamps[FILES];
};

/*
 * Read the files. The caller calls files_close() in any case, and common outlives
 * files. False: the reason has been told on stderr.
 */
bool files_open(struct files *files, const struct target_options *common);

/* Read them again. If one is bad or gone, or if a line of the known hosts is bad, what
 * was read before stays in force, and the reason is told. */
void files_read(struct files *files);

/* The same, if one has changed; or if they were not good, once a minute. */
void files_check(struct files *files);

/*
 * Make the host of a target that has its name alone, with its settings and its key.
 * EXIT_UNREACHABLE: it is not known. EXIT_USAGE: the reason has been told; it is of the
 * files.
 * EXIT_MACHINE: out of memory; the caller tells it. The caller frees the settings of
 * the target in any case.
 */
enum exit_status files_make_host(const struct files *files,
				 struct targets *targets,
				 struct target *target);

void files_close(struct files *files);

#endif
