/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What proves that a host has rebooted, or is off: only its own authenticated word,
 * which it gave after the letter was sent. libsysrq takes no answer that was made for
 * another question, or by another host. --until-back and fence_sysrq use this one rule.
 */
#ifndef SRQ_PROOF_H
#define SRQ_PROOF_H

#include <stdbool.h>

#include "lib/sysrq.h"

/* What the node's answer is compared with. Times are those of sysrq_now(). */
struct proof {
	uint64_t epoch; /* of its status before the command; 0: not known */
	uint64_t sent;  /* just before the command was sent */
	uint64_t asked; /* just before it was asked for this answer; 0: none */
};

/*
 * Has the node booted since the command was sent? It has another epoch, and was up
 * for less time than had passed when it was asked: whoever holds back its answer
 * gains nothing. A machine that was restored from a snapshot of its first seconds is
 * the same in both, but its old programs run on.
 */
bool proof_of_reboot(const struct proof *proof,
		     const struct sysrq_status *status);

/* The same, and its kernel has not panicked since. */
bool proof_of_on(const struct proof *proof, const struct sysrq_status *status);

/*
 * Has its kernel panicked, and all CPUs but one have stopped? Then it runs nothing
 * any more. A CPU that the kernel could not stop still counts.
 */
bool proof_is_off(const struct sysrq_status *status);

/* The same, after the command: of the boot that got it, or of a later one. */
bool proof_of_off(const struct proof *proof, const struct sysrq_status *status);

#endif
