// SPDX-License-Identifier: GPL-2.0
/* Holds the present gate: datagrams find it by RCU, a new table replaces it. */
#include "kernel/host.h"
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

/* core/ knows nothing of RCU, so a gate is put into a box. */
struct gate_box {
	struct rcu_head rcu;
	struct srq_gate *gate;
};

static struct gate_box __rcu *present;

void srq_gate_free(struct srq_gate *gate)
{
	kvfree_sensitive(gate, struct_size(gate, operators, gate->count));
}

static void free_box(struct rcu_head *rcu)
{
	struct gate_box *box = container_of(rcu, struct gate_box, rcu);

	srq_gate_free(box->gate);
	kfree(box);
}

struct srq_gate *srq_gate_present(void)
{
	struct gate_box *box = rcu_dereference(present);

	return box ? box->gate : NULL;
}

struct srq_gate *srq_gate_present_locked(void)
{
	struct gate_box *box = rcu_dereference_protected(present, true);

	return box ? box->gate : NULL;
}

/* box: NULL for no gate from now on. */
static void replace(struct gate_box *box)
{
	struct gate_box *old;
	unsigned long flags;

	flags = srq_lock();
	old = rcu_dereference_protected(present, true);
	if (old && box)
		srq_gate_inherit(box->gate, old->gate);
	rcu_assign_pointer(present, box);
	srq_unlock(flags);

	/*
	 * No synchronize_rcu() here: a letter's handler that never returns
	 * holds RCU for ever.
	 */
	if (old)
		call_rcu(&old->rcu, free_box);
}

static u64 new_epoch(void)
{
	u64 epoch;

	do {
		get_random_bytes_wait(&epoch, sizeof(epoch));
	} while (!epoch);
	return epoch;
}

int srq_gate_install(struct srq_gate *gate)
{
	struct gate_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box) {
		srq_gate_free(gate);
		return -ENOMEM;
	}
	box->gate = gate;
	for (unsigned int i = 0; i < gate->count; i++) {
		gate->operators[i].epoch = new_epoch();
		gate->operators[i].since = ktime_get_boot_fast_ns();
	}
	replace(box);
	return 0;
}

void srq_gate_remove(void)
{
	replace(NULL);
	rcu_barrier();
}
