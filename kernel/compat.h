/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All differences between kernels are here. The sources use the names of the
 * newest kernel, and this file makes those names for older ones. They are
 * macros, because a stable kernel may get the newer name later.
 */
#ifndef SRQ_COMPAT_H
#define SRQ_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kmsg_dump.h>
#include <linux/random.h>
#include <linux/sysrq.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* Without magic SysRq, the kernel has a stub for every function but this
 * one. */
#ifndef CONFIG_MAGIC_SYSRQ
static inline int sysrq_toggle_support(int enable_mask)
{
	return 0;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
/*
 * There, only a kmsg_dumper can read the log: it saves the log at a crash. Only
 * a rewind leaves out the lines that `dmesg -C` has cleared.
 */
#define kmsg_dump_iter kmsg_dumper
#endif

/* Returns a reader that begins at record seq, or at the oldest one if seq is
 * gone. */
static inline struct kmsg_dump_iter klog_from(u64 seq)
{
	struct kmsg_dump_iter iter = { .cur_seq = seq };

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
	iter.active = true;
#endif
	return iter;
}

/* These kernels do not know when they were cloned. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#define register_random_vmfork_notifier(nb)   ((void)(nb), 0)
#define unregister_random_vmfork_notifier(nb) ((void)(nb))
#endif

/* Once ksoftirqd is awake, softirqs wait for it: see softirq.c. */
#define SRQ_SOFTIRQS_WAIT                                \
	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0) && \
	 !IS_ENABLED(CONFIG_PREEMPT_RT))

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
#endif

/* Where IPv6 may be a module, its functions are called through a table. */
#if __has_include(<net/ipv6_stubs.h>)
#include <net/ip6_fib.h>
#include <net/ipv6_stubs.h>
#define fib6_lookup ipv6_stub->fib6_lookup
#endif

/* --- For panic*.c --- */

#if __has_include(<linux/panic_notifier.h>)
#include <linux/panic_notifier.h>
#else
#include <linux/kernel.h>
#endif
#if __has_include(<net/netdev_rx_queue.h>)
#include <net/netdev_rx_queue.h>
#endif
#if __has_include(<asm/mshyperv.h>)
#include <asm/mshyperv.h>
#endif
#include <linux/filter.h>
#include <linux/netdevice.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define NAPIF_STATE_PREFER_BUSY_POLL 0
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 12, 0)
#define NAPIF_STATE_THREADED       0
#define NAPIF_STATE_SCHED_THREADED 0
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define NAPIF_STATE_THREADED_BUSY_POLL 0
#endif

/* The settings of a NAPI context were those of its device. */
static inline void srq_no_napi_timer(struct napi_struct *napi)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	napi->dev->gro_flush_timeout = 0;
	napi->dev->napi_defer_hard_irqs = 0;
#else
	napi->gro_flush_timeout = 0;
	napi->defer_hard_irqs = 0;
#endif
}

/* There, a notifier gives the network card back to the hypervisor. */
static inline bool srq_on_hyperv(void)
{
#if __has_include(<asm/mshyperv.h>)
	return hv_is_hyperv_initialized();
#else
	return false;
#endif
}

/* No frame of this queue goes to another CPU. */
static inline void srq_no_rps(struct netdev_rx_queue *queue)
{
#ifdef CONFIG_RPS
	RCU_INIT_POINTER(queue->rps_map, NULL);
	memset(&queue->rps_flow_table, 0, sizeof(queue->rps_flow_table));
#endif
}

/* tc and nftables see no frame that the device receives. */
static inline void srq_no_ingress(struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_INGRESS
	RCU_INIT_POINTER(dev->nf_hooks_ingress, NULL);
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#ifdef CONFIG_NET_XGRESS
	RCU_INIT_POINTER(dev->tcx_ingress, NULL);
#endif
#elif defined(CONFIG_NET_CLS_ACT)
	RCU_INIT_POINTER(dev->miniq_ingress, NULL);
#endif
}

/* Who receives frames has to have what XDP keeps for each of them. */
static inline void srq_ready_for_xdp(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	static struct bpf_net_context context;

	bpf_net_ctx_set(&context);
#endif
}

/* Later kernels warn of the older name. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define system_dfl_wq system_unbound_wq
#endif

#endif
