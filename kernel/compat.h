/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernels, and only here. The sources are written for the
 * newest; for older ones its names are made of theirs. They are macros, as a stable
 * kernel may have got the newer name later.
 */
#ifndef SRQ_COMPAT_H
#define SRQ_COMPAT_H

#include <crypto/chacha.h>
#include <linux/hrtimer.h>
#include <linux/kmsg_dump.h>
#include <linux/sysrq.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* Without magic SysRq the kernel has a stub for every function but this. */
#ifndef CONFIG_MAGIC_SYSRQ
static inline int sysrq_toggle_support(int enable_mask)
{
	return 0;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
/*
 * The log was read by those registered to save it at a crash, and no other. Lines
 * that `dmesg -C` has cleared are left out at a rewind only.
 */
#define kmsg_dump_iter kmsg_dumper
#endif

/* The log from record seq on, or from its first one where that is gone. */
static inline struct kmsg_dump_iter klog_from(u64 seq)
{
	struct kmsg_dump_iter iter = { .cur_seq = seq };

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
	iter.active = true;
#endif
	return iter;
}

/* What a key's handler takes; only the tests have one. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define srq_handled int
#else
#define srq_handled u8
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define timer_delete      del_timer
#define timer_delete_sync del_timer_sync
#define hrtimer_setup(timer, callback, clock, mode) \
	do {                                        \
		hrtimer_init((timer), clock, mode); \
		(timer)->function = callback;       \
	} while (0)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define timer_container_of from_timer

struct chacha_state {
	u32 x[CHACHA_STATE_WORDS];
};

#define chacha_init(state, key, iv) chacha_init((state)->x, key, iv)
#define chacha20_crypt(state, out, in, len) \
	chacha20_crypt((state)->x, out, in, len)
#endif

/* Later ones warn of the older names. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define system_dfl_wq    system_unbound_wq
#define system_percpu_wq system_wq
#endif

#endif
