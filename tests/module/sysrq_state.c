// SPDX-License-Identifier: GPL-2.0
/*
 * Hangs the kernel in ways that userspace cannot. For lab/states, which writes one of these
 * words to the parameter how:
 *
 *   memory    takes every page that becomes free
 *   rtnl      a task dies of a BUG() while it holds the lock of all network settings
 *   super     a task dies of a BUG() while it holds the lock by which /data is synced
 *   deadlock  two CPUs wait for a spinlock of each other
 *   stack     a task's stack overflows
 */
#include "kernel/compat.h"
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>

static int take_memory(void *unused)
{
	for (;;) {
		if (!alloc_page(GFP_ATOMIC | __GFP_NOWARN)) {
			pr_info_once("no memory is left\n");
			msleep(1);
		}
		cond_resched();
	}
	return 0;
}

static int die_with_rtnl(void *unused)
{
	rtnl_lock();
	BUG();
	return 0;
}

static struct super_block *super;

static int die_with_super(void *unused)
{
	down_write(&super->s_umount);
	BUG();
	return 0;
}

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static int take_first(void *unused)
{
	spin_lock(&first);
	mdelay(200);
	spin_lock(&second);
	return 0;
}

static int take_second(void *unused)
{
	spin_lock(&second);
	mdelay(200);
	spin_lock(&first);
	return 0;
}

static int overflow(void *levels);

/* The compiler knows that the end of a plain recursion is missing. */
static int (*volatile again)(void *) = overflow;

static int overflow(void *levels)
{
	volatile char frame[512] = { 1 };

	return again(levels + 1) + frame[(unsigned long)levels % 512];
}

static const struct {
	const char *word;
	int (*task)(void *);
	int (*other)(void *);
} ways[] = {
	{ "memory", take_memory },   { "rtnl", die_with_rtnl },
	{ "super", die_with_super }, { "deadlock", take_first, take_second },
	{ "stack", overflow },
};

static void run_on(int cpu, int (*task)(void *))
{
	struct task_struct *made = kthread_create(task, NULL, "state/%d", cpu);

	if (IS_ERR(made))
		return;
	kthread_bind(made, cpu);
	wake_up_process(made);
}

static int set_how(const char *value, const struct kernel_param *kp)
{
	int first_cpu = cpumask_first(cpu_online_mask);
	struct file *file = filp_open("/data", O_RDONLY, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	super = file_inode(file)->i_sb;
	for (int i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!sysfs_streq(value, ways[i].word))
			continue;
		if (ways[i].other)
			run_on(cpumask_last(cpu_online_mask), ways[i].other);
		run_on(first_cpu, ways[i].task);
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops how_ops = { .set = set_how };
module_param_cb(how, &how_ops, NULL, 0200);

/* It has no exit: it cannot be unloaded. */
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ways to hang, for the rescue matrix");
