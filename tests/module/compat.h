/* SPDX-License-Identifier: GPL-2.0 */
/* What the test modules need of kernels of other versions, beside kernel/compat.h */
#ifndef SRQ_TEST_COMPAT_H
#define SRQ_TEST_COMPAT_H

#include <linux/interrupt.h>
#include <linux/version.h>

/* The parameter of a letter's handler. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define srq_handled int
#else
#define srq_handled u8
#endif

/* These kernels have no PREEMPT_RT. */
#ifndef IRQF_COND_ONESHOT
#define IRQF_COND_ONESHOT 0
#endif

/* The weight of a card's poll is an argument of older kernels. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#define srq_napi_add(dev, napi, poll) \
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT)
#else
#define srq_napi_add netif_napi_add
#endif

/* The lock of a table of neighbours */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define srq_lock_neighbours(table) write_lock(&(table)->lock)
#else
#define srq_lock_neighbours(table) spin_lock(&(table)->lock)
#endif

#endif
