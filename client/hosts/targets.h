/* SPDX-License-Identifier: GPL-2.0 */
/* Makes hosts of libsysrq from the names and options of the command line. */
#ifndef SRQ_TARGETS_H
#define SRQ_TARGETS_H

#include "client/hosts/config.h"
#include "client/output/exit.h"
#include "client/hosts/names.h"
#include "client/hosts/password.h"
#include "lib/sysrq.h"

/* The options for all hosts. The texts are in argv; NULL: not given. */
struct target_options {
	const char *password_file;
	const char *key_file;
	const char *realm;
	const char *hosts_file;
	const char *config_file;
	uint16_t port;    /* 0: not given */
	int family;       /* AF_UNSPEC, AF_INET or AF_INET6 */
	uint64_t timeout; /* ns */
	bool names_only;  /* look up no address, make no key */
};

/* One remote host. */
struct target {
	const char *name;         /* from the command line or the hosts file */
	struct settings settings; /* the options, then the configuration */
	const char *problem;      /* why it has no address; NULL: it has one */
	struct sysrq_host *host;  /* its data is this target; NULL: problem */
};

struct targets {
	struct sysrq *ctx;
	struct hosts names;
	size_t count;
	struct target *list;
};

/*
 * Make a target for each host of count patterns in names, and of the hosts
 * file. May ask for the password on the terminal. The caller calls
 * targets_free() in any case. Returns EXIT_ALL_DONE; otherwise the reason has
 * been told on stderr.
 *
 * With names_only, the targets have their settings and no more.
 *
 * A host without an address gets a problem, and is no error. But if alone is
 * true and there is only this host, the result is EXIT_UNREACHABLE.
 */
enum exit_status targets_make(struct targets *targets,
			      const struct target_options *common, char **names,
			      int count, bool alone,
			      const struct password_variable *variable);

/* Free the targets and their hosts. Not targets itself. */
void targets_free(struct targets *targets);

#endif
