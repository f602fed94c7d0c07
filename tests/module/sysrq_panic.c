// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the kernel panic in ways that userspace cannot. For tests/vm/panic*.t, which
 * write one of these words to the parameter how:
 *
 *   process, softirq, hardirq
 *                 a BUG() in that context
 *   spin          every CPU spins with bottom halves off
 *   stall         the last CPU spins with preemption off
 *   sleep         a task sleeps for ever, and no signal wakes it
 *   memory        the kernel panics when it has no memory left, for interrupts either
 *   disabled      the kernel panics while eth0 has the polling of all its queues disabled,
 *                 as virtio_net has that of one while it looks for memory for it
 *   crash         a card appears, whose poll is a BUG() once the kernel has
 *                 panicked: the next panic shows it
 *   later         the same, a second after each panic
 *   broken        a card appears, which then crashes whoever looks at its queues
 *
 * With these words a CPU holds locks, and another CPU panics:
 *
 *   held          those by which eth0 sends and receives, and the poll of eth0
 *   conntrack     all of connection tracking
 *   console       that of all consoles
 *   port          that of the serial port ttyS0, which is a console
 *   neighbour     those of the neighbours, and of one of them
 *   socket        that of a UDP socket on port 9
 *
 * The letter y takes SLOW_NS, as one that prints much on a slow console. After a panic
 * the letter a is a BUG().
 *
 * On amd64 each panic prints the time, as the counter of the HPET.
 */
#include "kernel/compat.h"
#include "compat.h"
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/in.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/serial_core.h>
#include <linux/tty.h>
#include <net/arp.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/sch_generic.h>
#include <net/sock.h>

/* --- In some context --- */

static void crash_in_process(void)
{
	BUG();
}

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

/* With PREEMPT_RT other tasks may run while bottom halves are off. */
static int spin(void *unused)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
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

/* The kernel has it in a header of its own. */
unsigned long rcu_get_gp_seq(void);

static void again(struct rcu_head *head)
{
	call_rcu(head, again);
}

/*
 * Something stalls only if RCU has begun to wait, and always waits again. The last two
 * bits of the number are not 0 then. With one CPU, the thread that waits needs this CPU.
 */
static int stall(void *unused)
{
	static struct rcu_head head;

	call_rcu(&head, again);
	for (;;) {
		preempt_disable();
		if (rcu_get_gp_seq() & 3)
			break;
		preempt_enable();
		schedule_timeout_uninterruptible(1);
	}
	for (;;)
		cpu_relax();
	return 0;
}

static void stall_last(void)
{
	on_cpu(stall, cpumask_last(cpu_online_mask));
}

static int sleep(void *unused)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	return 0;
}

static void sleep_for_ever(void)
{
	on_cpu(sleep, cpumask_first(cpu_online_mask));
}

/* --- Without memory --- */

/* Drivers take packets in pages, and in pieces of pages that the kernel keeps apart. */
static void panic_without_memory(void)
{
	static const unsigned int sizes[] = { 2048, 128 };
	gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;

	preempt_disable();
	for (int order = 3; order >= 0; order--) {
		while (alloc_pages(gfp, order))
			;
	}
	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		while (alloc_skb(sizes[i], gfp))
			;
	}
	panic("no memory is left");
}

static void panic_while_disabled(void)
{
	struct net_device *dev = dev_get_by_name(&init_net, "eth0");
	struct napi_struct *napi;

	list_for_each_entry(napi, &dev->napi_list, dev_list) {
		/* One that was never enabled would be waited for, for ever. */
		if (!test_bit(NAPI_STATE_NPSVC, &napi->state))
			napi_disable(napi);
	}
	panic("the polling of eth0 is disabled");
}

/* --- Locks of a CPU that is stopped --- */

/* The lock of a device's queueing discipline comes before those of its queues. */
static void take_card(void)
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
		/* As netif_tx_lock() does */
		set_bit(__QUEUE_STATE_FROZEN, &txq->state);
	}
}

/* There are more locks than preempt_count can count. */
static void take_conntrack(void)
{
	local_bh_disable();
	for (int i = 0; i < CONNTRACK_LOCKS; i++) {
		spin_lock(&nf_conntrack_locks[i]);
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))
			preempt_enable();
	}
	spin_lock(&nf_conntrack_expect_lock);
}

static void take_console(void)
{
	console_lock();
}

static struct uart_port *serial_port;

static void take_port(void)
{
	unsigned long flags;

	/* Its interrupt would wait for the lock on the CPU that is to panic. */
	disable_irq(serial_port->irq);
	uart_port_lock_irqsave(serial_port, &flags);
}

static void take_neighbours(void)
{
	struct net_device *dev = dev_get_by_name(&init_net, "eth0");
	__be32 gateway = htonl(0x0a000202); /* 10.0.2.2 */
	struct neighbour *one = __neigh_lookup(&arp_tbl, &gateway, dev, 1);

	if (!one)
		panic("eth0 has no neighbour");
	local_bh_disable();
	srq_lock_neighbours(&arp_tbl);
	write_lock(&one->lock);
	write_seqlock(&one->ha_lock);
}

static void take_socket(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
	};
	struct socket *sock;

	if (sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
			     &sock) ||
	    kernel_bind(sock, (void *)&address, sizeof(address)))
		panic("there is no socket");
	lock_sock(sock->sk);
	spin_lock_bh(&sock->sk->sk_lock.slock);
	spin_lock(&sock->sk->sk_receive_queue.lock);
}

static void (*take)(void);
static bool ready, locked;

/* The other task is made after this one, perhaps by this CPU. */
static int hold(void *unused)
{
	while (!READ_ONCE(ready))
		msleep(20);
	take();
	WRITE_ONCE(locked, true);
	for (;;)
		cpu_relax();
	return 0;
}

/* Bound to a CPU: on that of hold(), the timer of its msleep() would never fire. */
static int panic_once_held(void *unused)
{
	WRITE_ONCE(ready, true);
	while (!READ_ONCE(locked))
		msleep(20);
	panic("another CPU holds the locks");
	return 0;
}

/* The same at once: a task that prints a line would wait for the lock of the port. */
static int panic_when_held(void *unused)
{
	preempt_disable();
	WRITE_ONCE(ready, true);
	while (!READ_ONCE(locked))
		cpu_relax();
	panic("another CPU holds the locks");
	return 0;
}

static void panic_while(int (*panicking)(void *unused))
{
	int first = cpumask_first(cpu_online_mask);

	on_cpu(hold, cpumask_next(first, cpu_online_mask));
	on_cpu(panicking, first);
}

static void panic_while_held(void)
{
	panic_while(panic_once_held);
}

/* A kernel thread sees no files. */
static void panic_while_port_held(void)
{
	struct file *file = filp_open("/dev/ttyS0", O_RDWR | O_NOCTTY, 0);
	const struct tty_file_private *opened;
	const struct uart_state *state;

	if (IS_ERR(file)) {
		pr_err("sysrq_panic: there is no /dev/ttyS0\n");
		return;
	}
	opened = file->private_data;
	state = opened->tty->driver_data;
	serial_port = state->uart_port;
	panic_while(panic_when_held);
}

/* --- A card --- */

static struct napi_struct napi;
static struct net_device *broken;

static bool panicked;
static u64 panicked_at, crash_after; /* ns */
static const void __iomem *hpet;     /* its counter */

static int on_panic(struct notifier_block *nb, unsigned long event, void *text)
{
	panicked = true;
	if (broken)
		broken->_rx = NULL;
	panicked_at = ktime_get_mono_fast_ns();
	if (hpet)
		pr_emerg("sysrq_panic: HPET %llu\n", readq(hpet));
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_panic };

static int poll(struct napi_struct *unused, int budget)
{
	BUG_ON(panicked &&
	       ktime_get_mono_fast_ns() - panicked_at >= crash_after);
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

static struct net_device *make_card(void)
{
	struct platform_device *parent =
		platform_device_register_simple("crash", -1, NULL, 0);
	struct net_device *dev = alloc_etherdev(0);

	if (IS_ERR(parent) || !dev)
		return NULL;
	dev->netdev_ops = &ops;
	eth_hw_addr_random(dev);
	SET_NETDEV_DEV(dev, &parent->dev);
	strscpy(dev->name, "crash0", sizeof(dev->name));
	srq_napi_add(dev, &napi, poll);
	if (register_netdev(dev))
		pr_err("sysrq_panic: no card\n");
	return dev;
}

static void make_crashing(void)
{
	make_card();
}

static void make_broken(void)
{
	broken = make_card();
}

static void make_later_card(void)
{
	crash_after = NSEC_PER_SEC;
	make_card();
}

static const struct {
	const char *word;
	void (*act)(void);
	void (*take)(void);
} ways[] = {
	{ "process", crash_in_process },
	{ "softirq", crash_in_softirq },
	{ "hardirq", crash_in_hardirq },
	{ "spin", spin_all },
	{ "stall", stall_last },
	{ "sleep", sleep_for_ever },
	{ "memory", panic_without_memory },
	{ "disabled", panic_while_disabled },
	{ "crash", make_crashing },
	{ "broken", make_broken },
	{ "later", make_later_card },
	{ "held", panic_while_held, take_card },
	{ "conntrack", panic_while_held, take_conntrack },
	{ "console", panic_while_held, take_console },
	{ "port", panic_while_port_held, take_port },
	{ "neighbour", panic_while_held, take_neighbours },
	{ "socket", panic_while_held, take_socket },
};

static int set_how(const char *value, const struct kernel_param *kp)
{
	for (int i = 0; i < ARRAY_SIZE(ways); i++) {
		if (sysfs_streq(value, ways[i].word)) {
			take = ways[i].take;
			ways[i].act();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops how_ops = { .set = set_how };
module_param_cb(how, &how_ops, NULL, 0200);

/* Where QEMU has it, as nearly each machine */
#define HPET_COUNTER 0xfed000f0

#define SLOW_NS      (3 * NSEC_PER_SEC)

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

static void crash_if_panicked(srq_handled letter)
{
	BUG_ON(panicked);
}

static const struct sysrq_key_op crash = {
	.handler = crash_if_panicked,
	.help_msg = "crash-after-panic(a)",
	.action_msg = "Crash after a panic",
};

static int __init panic_init(void)
{
	int err = register_sysrq_key('y', &slow);

	if (!err)
		err = register_sysrq_key('a', &crash);
	if (err)
		return err;
	if (IS_ENABLED(CONFIG_X86_64))
		hpet = ioremap(HPET_COUNTER, sizeof(u64));
	return atomic_notifier_chain_register(&panic_notifier_list, &notifier);
}

/* It has no exit: it cannot be unloaded. */
module_init(panic_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ways to panic, for tests");
