// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers for replies where the kernel gives none: on a host without memory, and after
 * a panic. A host without memory gives a buffer away with its reply. After a panic the
 * buffers that are left serve again and again, as a card only gives its reference back.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/atomic.h>
#include <linux/init.h>
#include <linux/workqueue.h>

enum {
	BUFFERS = 24,
	GIVEN_MAX = 16, /* of these, before a panic */
	REFILL_AGAIN = HZ,
};

static struct sk_buff *buffers[BUFFERS];

struct sk_buff *srq_buffer_new(gfp_t gfp)
{
	return alloc_skb(SRQ_HEADROOM + SRQ_LONG, gfp | __GFP_NOWARN);
}

static bool fill(gfp_t gfp)
{
	for (int i = 0; i < BUFFERS; i++) {
		struct sk_buff *skb;

		if (READ_ONCE(buffers[i]))
			continue;
		skb = srq_buffer_new(gfp);
		if (!skb)
			return false;
		xchg(&buffers[i], skb);
	}
	return true;
}

static void refill_buffers(struct work_struct *work);
static DECLARE_DELAYED_WORK(refill, refill_buffers);

/* A host must neither lose a program for a buffer, nor panic because there is no program to
 * kill: __GFP_NORETRY. And a filesystem whose disk is dead would never return: GFP_NOIO. */
static void refill_buffers(struct work_struct *work)
{
	if (!fill(GFP_NOIO | __GFP_NORETRY))
		queue_delayed_work(system_dfl_wq, &refill, REFILL_AGAIN);
}

struct sk_buff *srq_buffer_kept(void)
{
	struct sk_buff *skb = NULL;

	for (int i = 0; i < GIVEN_MAX && !skb; i++)
		skb = xchg(&buffers[i], NULL);
	/* A timer of the work may be on a CPU that hangs. */
	mod_delayed_work(system_dfl_wq, &refill, 0);
	return skb;
}

/* Is it with no card? */
static bool is_free(const struct sk_buff *skb)
{
	return refcount_read(&skb->users) == 1;
}

bool srq_buffers_pending(void)
{
	for (int i = 0; i < BUFFERS; i++) {
		if (buffers[i] && !is_free(buffers[i]))
			return true;
	}
	return false;
}

struct sk_buff *srq_buffer_panicked(const struct net_device *card,
				    unsigned int thirds)
{
	static unsigned int next;
	unsigned int all = 0, with_card = 0;

	for (int i = 0; i < BUFFERS; i++) {
		if (!buffers[i])
			continue;
		all++;
		with_card += !is_free(buffers[i]) && buffers[i]->dev == card;
	}
	if (3 * with_card >= thirds * all)
		return NULL;
	for (int i = 0; i < BUFFERS; i++) {
		struct sk_buff *skb = buffers[next++ % BUFFERS];

		if (!skb || !is_free(skb))
			continue;
		skb->data = skb->head;
		skb->len = 0;
		skb_reset_tail_pointer(skb);
		return skb_get(skb);
	}
	return NULL;
}

int __init srq_buffers_setup(void)
{
	if (fill(GFP_KERNEL))
		return 0;
	srq_buffers_teardown();
	return -ENOMEM;
}

void srq_buffers_teardown(void)
{
	cancel_delayed_work_sync(&refill);
	for (int i = 0; i < BUFFERS; i++)
		kfree_skb(xchg(&buffers[i], NULL));
}
