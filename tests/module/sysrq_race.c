// SPDX-License-Identifier: GPL-2.0
/* A write to the parameter has all CPUs race for a word. For tests/debug/kcsan.t. */
#include <linux/compiler.h>
#include <linux/module.h>
#include <linux/smp.h>

enum { TIMES = 1 << 20 };

static unsigned int word;

static void count(void *unused)
{
	for (int i = 0; i < TIMES; i++) {
		word++;
		barrier();
	}
}

static int race(const char *value, const struct kernel_param *param)
{
	on_each_cpu(count, NULL, true);
	return 0;
}

static const struct kernel_param_ops ops = { .set = race };

module_param_cb(race, &ops, NULL, 0200);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Has a data race, for tests");
