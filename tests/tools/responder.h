/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of the host in userspace: see responder.c. Times are in ns. Every
 * function here ends the process when there is no memory.
 */
#ifndef RESPONDER_H
#define RESPONDER_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/gate.h"
#include "tests/tools/responder_log.h"

#define MILLISECOND 1000000ULL
#define SECOND      1000000000ULL

/* What a host is like: responder_options.c. */
struct options {
	const char *password, *realm, *shared, *key, *host_key;
	long silent_after, mask, complete, clock_offset, tolerance, supersede;
	long outrun, new_epochs, new_epoch_after, uptime, lose, back, booting;
	long busy, log_cut, log_grow, output, listens, reboots_in, run_on;
	const struct records *log;
	const char *after_log;
	uint64_t operator_letters, rule_letters, known_letters;
	bool mute, no_status, no_result, immortal, stuck, garbage, newer;
	bool endless, full, no_log, restart_log, outrun_far;
	bool refusals_only, copy_refusals, panicked, restored;
};

/* What all hosts have in common. */
extern struct common {
	int family; /* 4, 6, or 0 for both */
	long port, drop_in, drop_out, delay, shut, silent;
	uint64_t seed;
	bool any, everywhere, quiet;
	const char *list; /* a file with addresses, or NULL */
} common;

/* A run, the newest of its host. */
struct run {
	bool exists, over, gone;
	uint64_t number, began, step_began;
	bool end_told; /* the client has been told the end of the previous step */
	bool crashed; /* c was pressed at step_began, and the host listens on */
	struct srq_command command;
	struct srq_progress progress;
};

struct host {
	in_addr_t address;
	char shown[INET_ADDRSTRLEN + 1]; /* at the end of a line, with --any */
	char node[SRQ_NAME_LEN + 1];
	struct options opt;
	struct srq_gate *gate;
	struct run run;
	struct log log;
	uint64_t booted; /* CLOCK_MONOTONIC at its uptime */
	uint64_t grown;  /* records of --log-grow so far */
	long replies;
	bool active;
	struct host *next_active;
};

/* --- responder_options.c */

/* Sets common and the hosts' options. Bad options end the process with 2. */
void read_options(int argc, char **argv);

/* --- responder_host.c */

uint64_t clock_ns(clockid_t clock);
uint64_t boot_time(const struct host *host);
uint64_t real_time(const struct host *host);

/* 127.0.0.1 and ::1. Any other host begins with the options of this one. */
struct host *home(void);
/* The host of that address (network byte order). It may not run yet. */
struct host *host_options(in_addr_t address);
/* The same host, which runs from now on. Prints the key when home() begins. Hosts
 * are never freed. */
struct host *host_at(in_addr_t address);
/* Prints the line "known" of the host with that address. */
void print_public_key(in_addr_t address);
/* The host's log, grown up to now */
struct log *host_log(struct host *host);
/* As after a reboot, the host knows nothing of what was before. */
void change_epoch(struct host *host);

/* --- responder_run.c */

/* Has the kernel panicked, by --panicked or by the letter c? */
bool has_panicked(const struct host *host);
/* The command of the verdict takes the place of the current run. */
void accept_command(struct host *host, const struct srq_verdict *verdict);
/* The host is there again after a reboot, and prints "back". */
void boot_again(struct host *host);
/* Presses what is due. */
void advance(struct host *host);
/* The same for all hosts, and all else that is due */
void advance_all(void);

/* --- responder_reply.c */

/* The way back to the sender of a datagram */
struct way {
	int fd;
	struct sockaddr_storage to;
	socklen_t to_len;
	in_addr_t here; /* the address that was asked; IPv4 only */
};

/* Is this datagram lost, by --drop-in or --drop-out? */
bool lost(long percent);
/* Seals and sends a body in a datagram of len bytes, if the options permit it. */
void reply(struct host *host, const struct way *way, const uint8_t *body,
	   size_t len);
/* Sends the replies that are due. Returns how many ms to wait for the next. */
int send_delayed(void);

#endif
