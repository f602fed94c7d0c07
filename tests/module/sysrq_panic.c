// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the kernel panic in ways that userspace cannot. For tests/vm/panic.t, which
 * writes one of these words to the parameter how:
 *
 *   hardirq, softirq   a BUG() in that context
 *   spin               every CPU spins with bottom halves off
 *   held               a CPU holds the locks by which eth0 sends and receives, and
 *                      the poll of eth0, and another CPU panics
 *   crash              a card appears, whose poll is a BUG() once the kernel has
 *                      panicked: the next panic shows it
 *
 * The letter y takes SLOW_NS, as one that prints much on a slow console.
 */
#include "kernel/compat.h"
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <net/sch_generic.h>

/* --- In an interrupt --- */

static void on_timer(struct timer_list *timer)
{
	BUG();
}

static DEFINE_TIMER(timer, on_timer);
static struct hrtimer hrtimer;

static enum hrtimer_restart on_hrtimer(struct hrtimer *unused)
{
	BUG();
	return HRTIMER_NORESTART;
}

static void crash_in_hardirq(void)
{
	hrtimer_setup(&hrtimer, on_hrtimer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	hrtimer_start(&hrtimer, ms_to_ktime(200), HRTIMER_MODE_REL_HARD);
}

static void crash_in_softirq(void)
{
	mod_timer(&timer, jiffies + HZ / 5);
}

/* --- On other CPUs --- */

static int spin(void *unused)
{
	local_bh_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static void on_cpu(int (*task)(void *), int cpu)
{
	struct task_struct *made = kthread_create(task, NULL, "spin/%d", cpu);

	if (IS_ERR(made))
		return;
	kthread_bind(made, cpu);
	wake_up_process(made);
}

static void spin_all(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		on_cpu(spin, cpu);
}

static bool locked;

/* The lock of a device's queueing discipline comes before those of its queues. */
static int hold(void *unused)
{
	struct net_device *dev = dev_get_by_name(&init_net, "eth0");
	struct napi_struct *napi;

	/* This CPU may have to poll it first. */
	list_for_each_entry(napi, &dev->napi_list, dev_list) {
		while (!napi_schedule_prep(napi))
			msleep(1);
	}
	local_bh_disable();
	rcu_read_lock();
	for (unsigned int i = 0; i < dev->num_tx_queues; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(dev, i);

		spin_lock(qdisc_lock(rcu_dereference_bh(txq->qdisc)));
		__netif_tx_lock(txq, smp_processor_id());
	}
	WRITE_ONCE(locked, true);
	for (;;)
		cpu_relax();
	return 0;
}

/* Bound to a CPU: on that of hold(), the timer of its msleep() would never fire. */
static int panic_once_held(void *unused)
{
	while (!READ_ONCE(locked))
		msleep(20);
	panic("another CPU holds the locks of eth0");
	return 0;
}

static void panic_while_held(void)
{
	int first = cpumask_first(cpu_online_mask);

	on_cpu(hold, cpumask_next(first, cpu_online_mask));
	on_cpu(panic_once_held, first);
}

/* --- A card --- */

static struct napi_struct napi;

static bool panicked;

static int on_panic(struct notifier_block *nb, unsigned long event, void *text)
{
	panicked = true;
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_panic };

static int poll(struct napi_struct *unused, int budget)
{
	BUG_ON(panicked);
	napi_complete(unused);
	return 0;
}

static netdev_tx_t transmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static int open(struct net_device *dev)
{
	napi_enable(&napi);
	return 0;
}

static const struct net_device_ops ops = {
	.ndo_open = open,
	.ndo_start_xmit = transmit,
};

static void make_card(void)
{
	struct platform_device *parent =
		platform_device_register_simple("crash", -1, NULL, 0);
	struct net_device *dev = alloc_etherdev(0);

	if (IS_ERR(parent) || !dev)
		return;
	dev->netdev_ops = &ops;
	eth_hw_addr_random(dev);
	SET_NETDEV_DEV(dev, &parent->dev);
	strscpy(dev->name, "crash0", sizeof(dev->name));
	srq_napi_add(dev, &napi, poll);
	if (register_netdev(dev))
		pr_err("sysrq_panic: no card\n");
}

static const struct {
	const char *word;
	void (*act)(void);
} ways[] = {
	{ "hardirq", crash_in_hardirq },
	{ "softirq", crash_in_softirq },
	{ "spin", spin_all },
	{ "held", panic_while_held },
	{ "crash", make_card },
};

static int set_how(const char *value, const struct kernel_param *kp)
{
	for (int i = 0; i < ARRAY_SIZE(ways); i++) {
		if (sysfs_streq(value, ways[i].word)) {
			ways[i].act();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops how_ops = { .set = set_how };
module_param_cb(how, &how_ops, NULL, 0200);

#define SLOW_NS (15 * NSEC_PER_SEC)

/* A busy machine would stretch each ms of mdelay(). */
static void be_slow(srq_handled letter)
{
	u64 until = ktime_get_mono_fast_ns() + SLOW_NS;

	while (ktime_get_mono_fast_ns() < until)
		cpu_relax();
}

static const struct sysrq_key_op slow = {
	.handler = be_slow,
	.help_msg = "slow(y)",
	.action_msg = "Slow",
};

static int __init panic_init(void)
{
	int err = register_sysrq_key('y', &slow);

	if (err)
		return err;
	return atomic_notifier_chain_register(&panic_notifier_list, &notifier);
}

/* It has no exit: it cannot be unloaded. */
module_init(panic_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ways to panic, for tests");
