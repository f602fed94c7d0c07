/* SPDX-License-Identifier: GPL-2.0 */
/* Whom to ask: from names and options to hosts of libsysrq. */
#ifndef SRQ_TARGETS_H
#define SRQ_TARGETS_H

#include "client/hosts/config.h"
#include "client/output/exit.h"
#include "client/hosts/names.h"
#include "client/hosts/password.h"
#include "lib/sysrq.h"

/* What the command line says of all hosts; the texts are of argv. */
struct target_options {
	const char *password_file; /* NULL: none given; so are the next */
	const char *key_file;
	const char *realm;
	const char *hosts_file;
	const char *config_file;
	uint16_t port;	  /* 0: none given */
	int family;	  /* AF_UNSPEC, AF_INET or AF_INET6 */
	uint64_t timeout; /* ns */
};

struct target {
	const char *name;	  /* as it was given */
	struct settings settings; /* of options and files together */
	const char *problem;	  /* why it has no address; NULL: it has */
	struct sysrq_host *host;  /* NULL where there is a problem */
};

struct targets {
	struct sysrq *ctx;
	struct hosts names;
	size_t count;
	struct target *list;
};

/*
 * Make a target of each of the count names, which may be patterns, and of each
 * in common's hosts file. Asks for the password where it takes one. Anything
 * but EXIT_ALL_DONE: the reason has been told on stderr. A name without an
 * address is no such reason, unless it is the only one and `alone` is set: then
 * EXIT_UNREACHABLE. targets is to be freed in any case.
 */
enum exit_status targets_make(struct targets *targets,
			      const struct target_options *common, char **names,
			      int count, bool alone,
			      const struct password_variable *variable);
void targets_free(struct targets *targets);

#endif
