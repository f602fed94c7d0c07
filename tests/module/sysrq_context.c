// SPDX-License-Identifier: GPL-2.0
/* The letter x says in what context it is pressed. For tests/vm/queue.t. */
#include <linux/sysrq.h>
#include "compat.h"
#include <linux/module.h>
#include <linux/preempt.h>

static void tell(srq_handled letter)
{
	pr_info("sysrq_context: softirqs are %s\n",
		softirq_count() ? "off" : "on");
}

static const struct sysrq_key_op op = {
	.handler = tell,
	.help_msg = "context(x)",
	.action_msg = "Tell the context",
};

static int __init context_init(void)
{
	return register_sysrq_key('x', &op);
}

static void __exit context_exit(void)
{
	unregister_sysrq_key('x', &op);
}

module_init(context_init);
module_exit(context_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A SysRq letter that says its context, for tests");
