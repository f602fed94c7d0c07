/* SPDX-License-Identifier: GPL-2.0 */
/* Every difference between kernels, and only here. */
#ifndef SRQ_COMPAT_H
#define SRQ_COMPAT_H

#include <linux/sysrq.h>

/* Without magic SysRq the kernel has a stub for every function but this. */
#ifndef CONFIG_MAGIC_SYSRQ
static inline int sysrq_toggle_support(int enable_mask)
{
	return 0;
}
#endif

#endif
