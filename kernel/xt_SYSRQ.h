/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* What iptables and the module say to each other about a rule. */
#ifndef XT_SYSRQ_H
#define XT_SYSRQ_H

#include <linux/types.h>

struct xt_sysrq_info {
	__aligned_u64 keys; /* what may be pressed: a bit of srq_key_index() */
};

#endif
