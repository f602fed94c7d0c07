/* SPDX-License-Identifier: GPL-2.0 */
/* Makes hosts of libsysrq from the names and options of the command line. */
#ifndef SRQ_TARGETS_H
#define SRQ_TARGETS_H

#include <stdio.h>

#include "client/hosts/config.h"
#include "client/hosts/ethernet.h"
#include "client/output/exit.h"
#include "client/hosts/names.h"
#include "client/hosts/password.h"
#include "client/hosts/same.h"
#include "lib/sysrq.h"

/* The options for all hosts. The texts are in argv; NULL: not given. */
struct target_options {
	const char *password_file;
	bool ask_password;
	const char *key_file;
	const char *known_as;
	const char *realm;
	const char *hosts_file;
	const char **left_out; /* the lists of -x */
	size_t left_out_count;
	const char *config_file;
	struct ethernet ethernet;
	const char *no_ethernet; /* an option that excludes it; NULL: none */
	const char *address; /* of the only host, before the configuration */
	const struct sysrq_public *host_key; /* before the known hosts */
	const struct sysrq_pair *pair;       /* before key_file */
	bool pair_only;   /* take no password; the system's files count */
	uint16_t port;    /* 0: not given */
	int family;       /* AF_UNSPEC, AF_INET or AF_INET6 */
	uint64_t timeout; /* ns */
	/* ns: a name is looked up for so long, if timeout is shorter: the C library gives the
	 * first name server 5 s before it asks the second one */
	uint64_t look_up_least;
	bool names_only; /* look up no address, make no key */
	bool all_known;  /* if a host that was typed is not known, ask none */
};

/* One remote host. */
struct target {
	const char *name;         /* in targets.names */
	struct settings settings; /* the options, then the configuration */
	const char *problem;      /* why it cannot be asked; NULL: no problem */
	bool of_here;             /* the problem is one of this machine */
	/*
	 * Another target that has the same public key or, with a password, the
	 * same address and port: it is the same host, so this one is not to be
	 * asked. NULL: there is none.
	 */
	struct target *same;
	/* The list of these: its next one, and in the first one, its last. */
	struct target *next_same, *last_same;
	/* Its data is this target. Who has freed it sets it to NULL. */
	struct sysrq_host *host;
	bool is_known; /* public_key is the host's */
	struct sysrq_public public_key;
};

struct resolver;

struct targets {
	struct sysrq *ctx;
	struct hosts names;
	struct hosts typed; /* with all_known: names that were written out */
	size_t count;
	struct target *list;
	/* For targets.c alone: */
	size_t next; /* index: whose addresses are looked at next */
	struct same same;
	struct resolver *resolver; /* NULL: no name is looked up */
	int family;
	uint64_t timeout; /* ns */
	uint64_t look_up; /* ns: the limit for a name */
	bool apart;       /* none is the member same of another one */
};

/* Free what options_take() has made. Not options itself. */
void target_options_free(struct target_options *options);

/*
 * Make a target for each host of count lists in names, and of the hosts file.
 * May ask for the password on the terminal. The caller calls targets_free() in
 * any case, and common is freed. Returns EXIT_ALL_DONE; otherwise the reason has been told on stderr.
 *
 * With names_only, the targets have their settings, and a problem if they are not
 * known, and no more.
 */
enum exit_status targets_make(struct targets *targets,
			      struct target_options *common, char **names,
			      int count,
			      const struct password_variable *variable);

/*
 * Begin to look up names, and return the next target whose host has got its
 * addresses, or which has got a problem or the member same. NULL: there is none
 * now. Each target is returned once.
 */
struct target *targets_next(struct targets *targets, uint64_t now);

/* Readable when targets_next() is to be called; -1: it is not needed. */
int targets_fd(const struct targets *targets);

/* When to call targets_next() at the latest, in ns; UINT64_MAX: no matter. */
uint64_t targets_deadline(const struct targets *targets);

/*
 * The next three functions make one target at a time, in targets without a list, for
 * a program that does not know them beforehand: ctx, family, timeout, look_up and apart
 * are set. The target has its name, and else is 0; the caller frees its settings and its host.
 */

/*
 * Join options and configuration. For each setting, an option counts first.
 * Otherwise than EXIT_ALL_DONE: the reason has been told.
 */
enum exit_status target_settle(struct target *target,
			       const struct target_options *common,
			       const struct config *config);

struct shared;

/* Make the host, with a key of shared_make(). EXIT_USAGE: the reason has been told.
 * EXIT_MACHINE: out of memory; the caller tells it. */
enum exit_status target_make_host(struct targets *targets,
				  struct target *target,
				  const struct shared *shared);

/* Find the addresses of its host. False: a name is looked up, and targets_next()
 * returns the target then; it stays where it is until that. */
bool target_find(struct targets *targets, struct target *target);

/* Write the sentence about the problem of a target, a struct target, without a newline. */
void target_problem(FILE *out, const void *target);

/* Free the targets and their hosts. Not targets itself. */
void targets_free(struct targets *targets);

#endif
