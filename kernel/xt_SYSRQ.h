/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* A rule, as iptables gives it to the module. */
#ifndef XT_SYSRQ_H
#define XT_SYSRQ_H

#include <linux/types.h>

struct xt_sysrq_info {
	__aligned_u64 letters; /* a set (core/letter.h) */
};

#endif
