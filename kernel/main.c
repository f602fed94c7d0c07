// SPDX-License-Identifier: GPL-2.0
/* ipt_SYSRQ: magic SysRq over the network. */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/init.h>
#include <linux/module.h>

/* Their functions are linked, so a module without them would not even load. */
#if !IS_ENABLED(CONFIG_CRYPTO_LIB_CURVE25519) || \
	!IS_ENABLED(CONFIG_CRYPTO_LIB_CHACHA20POLY1305)
#error "this kernel lacks CONFIG_CRYPTO_LIB_CURVE25519 or CONFIG_CRYPTO_LIB_CHACHA20POLY1305: CONFIG_WIREGUARD enables both"
#endif

/* In this order; and the other way round, to the same number, at the end */
static int (*const setups[])(void) __initconst = {
	srq_press_setup,   srq_run_setup,       srq_buffers_setup,
	srq_receive_setup, srq_gate_setup,      srq_secret_setup,
	srq_proc_setup,    srq_target_register, srq_listener_setup,
	srq_softirq_setup, srq_panic_setup,
};
static void (*const teardowns[])(void) = {
	srq_press_teardown,   srq_run_teardown,      srq_buffers_teardown,
	srq_receive_teardown, srq_gate_teardown,     srq_secret_teardown,
	srq_proc_teardown,    srq_target_unregister, srq_listener_teardown,
	srq_softirq_teardown, srq_panic_teardown,
};

static void teardown(size_t count)
{
	while (count-- > 0)
		teardowns[count]();
}

static int __init sysrq_init(void)
{
	int err;

	if (!IS_ENABLED(CONFIG_MAGIC_SYSRQ)) {
		pr_err("this kernel has no magic SysRq: it was built without CONFIG_MAGIC_SYSRQ\n");
		return -EOPNOTSUPP;
	}
	if (srq_crypto_check()) {
		pr_err("this kernel has no hmac(sha256): it needs CONFIG_CRYPTO_HMAC and CONFIG_CRYPTO_SHA256\n");
		return -EOPNOTSUPP;
	}
	srq_reply_setup();
	BUILD_BUG_ON(ARRAY_SIZE(setups) != ARRAY_SIZE(teardowns));
	for (size_t i = 0; i < ARRAY_SIZE(setups); i++) {
		err = setups[i]();
		if (err) {
			teardown(i);
			return err;
		}
	}
	return 0;
}

static void __exit sysrq_exit(void)
{
	teardown(ARRAY_SIZE(teardowns));
}

module_init(sysrq_init);
module_exit(sysrq_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Magic SysRq over the network, as an iptables target");
MODULE_VERSION(SRQ_VERSION);
MODULE_ALIAS("ip6t_SYSRQ");
