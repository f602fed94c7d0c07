// SPDX-License-Identifier: GPL-2.0
/*
 * Polls the cards after a panic, as the kernel's netpoll does, but for what they
 * receive, too.
 */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/rculist.h>
#include <linux/sizes.h>
#include <net/net_namespace.h>

enum {
	BUDGET = 64, /* frames of one poll */
	/* Of one card. On arm64 a panic that an oops has caused keeps the lock of
	 * oopses, and the next oops would wait for it for ever. */
	CRASHES_MAX = IS_ENABLED(CONFIG_ARM64) ? 1 : 3,
	CARDS_MAX = 8, /* that have crashed */
};

/* At most so often is a driver asked for what it does in its interrupt. */
#define CONTROL_INTERVAL (5 * SRQ_MILLISECOND)

/* Who else may hold a NAPI context, or have it polled elsewhere or later */
#define NAPI_HELD                                              \
	(NAPIF_STATE_MISSED | NAPIF_STATE_IN_BUSY_POLL |       \
	 NAPIF_STATE_PREFER_BUSY_POLL | NAPIF_STATE_THREADED | \
	 NAPIF_STATE_SCHED_THREADED | NAPIF_STATE_THREADED_BUSY_POLL)

static const struct net_device *polled; /* now */

static struct crashed {
	const struct net_device *card;
	unsigned int times;
} crashed[CARDS_MAX];

/* Returns a place for a card that has not crashed yet, too; NULL: all are
 * taken. */
static struct crashed *crashed_place(const struct net_device *card)
{
	for (int i = 0; i < CARDS_MAX; i++) {
		if (!crashed[i].card || crashed[i].card == card)
			return &crashed[i];
	}
	return NULL;
}

void srq_poll_crashed(void)
{
	struct crashed *place = polled ? crashed_place(polled) : NULL;

	if (place) {
		place->card = polled;
		place->times++;
	}
	polled = NULL;
}

bool srq_card_is_on(const struct net_device *dev, const char *bus)
{
	const struct device *parent = dev->dev.parent;

	return parent && parent->bus && !strcmp(parent->bus->name, bus);
}

bool srq_card_has_driver(const struct net_device *dev, const char *name)
{
	const struct device *parent = dev->dev.parent;

	return parent && parent->driver && !strcmp(parent->driver->name, name);
}

/* The poll of DPAA cards crashes where they have not interrupted yet. */
static bool is_dpaa(const struct net_device *dev)
{
	return srq_card_has_driver(dev, "fsl_dpa") ||
	       srq_card_has_driver(dev, "fsl_mac") ||
	       srq_card_has_driver(dev, "fsl_dpaa_mac");
}

/* What is on USB or SPI cannot be polled without sleeping. */
bool srq_is_card(struct net_device *dev)
{
	if (!dev->dev.parent || !netif_running(dev) ||
	    !netif_device_present(dev))
		return false;
	if (srq_card_is_on(dev, "usb") || srq_card_is_on(dev, "spi") ||
	    is_dpaa(dev))
		return false;
	return !dev->dev.type || !dev->dev.type->name ||
	       strcmp(dev->dev.type->name, "wlan") != 0;
}

/* What only looks at frames, or sends them elsewhere, is left out. */
static void clear_way(struct net_device *dev)
{
	for (unsigned int i = 0; i < dev->num_rx_queues; i++)
		srq_no_rps(&dev->_rx[i]);
	srq_no_ingress(dev);
	INIT_LIST_HEAD(&dev->ptype_all);
	RCU_INIT_POINTER(dev->xdp_prog, NULL);
	dev->features &= ~NETIF_F_GRO;
	rcu_assign_pointer(dev->rx_handler, srq_frame);
}

/* A CPU that was stopped, or has crashed, may hold them. */
static void free_queues(struct net_device *card)
{
	for (unsigned int i = 0; i < card->num_tx_queues; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(card, i);

		/* By a CPU that was stopped in netif_tx_lock() */
		clear_bit(__QUEUE_STATE_FROZEN, &txq->state);
		if (!spin_is_locked(&txq->_xmit_lock))
			continue;
		spin_lock_init(&txq->_xmit_lock);
		txq->xmit_lock_owner = -1;
	}
}

/*
 * virtio_net disables the polling of a queue while a task looks for memory for it, and
 * there a host panics that has none. The rings of this driver are there as long as the card
 * is, but for the moments in which root changes their size, or gives a queue to AF_XDP. So such
 * a queue may be polled. A disabled queue of another driver may have no ring at all. With
 * large pages the task takes them one by one, and then the queue may name a page that is free.
 */
static unsigned long held_by_others(const struct net_device *card)
{
	return PAGE_SIZE < SZ_32K && srq_card_has_driver(card, "virtio_net")
		       ? NAPI_HELD | NAPIF_STATE_NPSVC
		       : NAPI_HELD;
}

/* No timer runs, and no task. */
static void wait_for_nobody(struct net_device *card)
{
	unsigned long held = held_by_others(card);
	struct napi_struct *napi;

	list_for_each_entry_rcu(napi, &card->napi_list, dev_list) {
		srq_no_napi_timer(napi);
		WRITE_ONCE(napi->state, napi->state & ~held);
	}
}

/*
 * A driver may wait for the end of an interrupt in which a CPU has crashed or was stopped.
 * And it may switch one on that was never off, for which the kernel would print a warning
 * each time. So no interrupt is under way any more, and its controller is not asked; to
 * switch it on or off only counts. Those of a CPU are left out: on arm64 the kernel sends
 * itself one when it restarts.
 */
static void end_interrupt(struct irq_data *data)
{
	struct irq_desc *desc = container_of(data, struct irq_desc, irq_data);

	ACCESS_PRIVATE(data->common, state_use_accessors) &=
		~IRQD_IRQ_INPROGRESS;
	raw_spin_lock_init(&desc->lock);
	atomic_set(&desc->threads_active, 0);
	desc->depth = INT_MAX / 2;
	data->chip = &dummy_irq_chip;
#ifdef CONFIG_IRQ_DOMAIN_HIERARCHY
	while ((data = data->parent_data))
		data->chip = &dummy_irq_chip;
#endif
}

static void end_interrupts(void)
{
	unsigned int irq;

	for_each_irq_nr(irq)
	{
		struct irq_data *data = irq_get_irq_data(irq);

		if (data && !irqd_is_per_cpu(data))
			end_interrupt(data);
	}
}

void srq_poll_prepare(void)
{
	struct net_device *dev;
	struct net *net;

	end_interrupts();
	/* A VLAN on a card may be in another namespace, where the stack would
	 * take its frames. */
	for_each_net_rcu(net)
	{
		for_each_netdev_rcu(net, dev) clear_way(dev);
	}
	for_each_netdev_rcu(&init_net, dev)
	{
		if (!srq_is_card(dev))
			continue;
		free_queues(dev);
		wait_for_nobody(dev);
	}
}

static void poll_napi(struct napi_struct *napi)
{
	unsigned long state = READ_ONCE(napi->state);

	if (state & NAPIF_STATE_NPSVC) /* disabled */
		return;
	WRITE_ONCE(napi->state, (state & ~NAPI_HELD) | NAPIF_STATE_SCHED);
	napi->poll(napi, BUDGET);
}

static void poll_card(struct net_device *card, bool control)
{
	const struct crashed *place = crashed_place(card);
	struct napi_struct *napi;

	if (!place || place->times >= CRASHES_MAX)
		return;
	polled = card;
#ifdef CONFIG_NET_POLL_CONTROLLER
	if (control && card->netdev_ops->ndo_poll_controller)
		card->netdev_ops->ndo_poll_controller(card);
#endif
	list_for_each_entry_rcu(napi, &card->napi_list, dev_list)
		poll_napi(napi);
	polled = NULL;
}

void srq_poll(void)
{
	static u64 controlled;
	u64 now = srq_boot_ns();
	bool control =
		now >= controlled + CONTROL_INTERVAL && srq_buffers_pending();
	struct net_device *dev;

	if (control)
		controlled = now;
	for_each_netdev_rcu(&init_net, dev)
	{
		if (srq_is_card(dev))
			poll_card(dev, control);
	}
}
