// SPDX-License-Identifier: GPL-2.0
/*
 * Panics in the next hard interrupt of the card eth0, if its driver shares the line. For
 * tests/vm/panic-cards.t.
 */
#include "compat.h"
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>

static irqreturn_t on_interrupt(int irq, void *unused)
{
	BUG();
	return IRQ_NONE;
}

static int __init line_init(void)
{
	struct net_device *dev = dev_get_by_name(&init_net, "eth0");

	/* A real-time kernel gives the driver's handler a thread, and the line is
	 * off until that has run. */
	return request_irq(to_pci_dev(dev->dev.parent)->irq, on_interrupt,
			   IRQF_SHARED | IRQF_NO_THREAD | IRQF_COND_ONESHOT,
			   "sysrq_line", dev);
}

/* It has no exit: it cannot be unloaded. */
module_init(line_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A panic in the interrupt of a card, for tests");
