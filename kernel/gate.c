// SPDX-License-Identifier: GPL-2.0
/* Holds the present gate: datagrams find it by RCU, a new table replaces it. */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "core/operators.h"
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

enum { LISTS = 512 };

/* core/ knows nothing of RCU, so a gate is put into a box. */
struct gate_box {
	struct rcu_head rcu;
	struct srq_gate *gate;
	unsigned int renewal; /* the last one when its epochs were drawn */
	/* Lists of operators, chosen by the key id. An operator's number is its
	 * place in the gate + 1; 0 ends a list. */
	u16 first[LISTS];
	u16 next[]; /* [place] */
};

static struct gate_box __rcu *present;
static unsigned int renewals; /* of all epochs; under srq_lock() */

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

static u16 *list_of(struct gate_box *box, u64 id)
{
	return &box->first[id % LISTS];
}

struct srq_found srq_gate_lookup(u64 id)
{
	struct gate_box *box = rcu_dereference(present);
	struct srq_found found = {};

	for (unsigned int n = box ? *list_of(box, id) : 0; n;
	     n = box->next[n - 1]) {
		struct srq_operator *who = &box->gate->operators[n - 1];

		/* A key id is no secret: every datagram shows it. */
		if (srq_id_number(who->keys.id) == id) {
			found = (struct srq_found){ box->gate, who };
			break;
		}
	}
	return found;
}

bool srq_gate_permits(const u8 id[SRQ_KEY_ID_LEN], char letter)
{
	struct srq_gate *gate;
	bool permits;

	/* handle_sysrq() does not tell its caller that it has refused a letter. */
	if (!(srq_press_known() & srq_mask_letters(srq_press_mask()) &
	      srq_letter_bit((u8)letter)))
		return false;
	rcu_read_lock();
	gate = srq_gate_present();
	permits = gate && srq_gate_still_permits(gate, id, letter);
	rcu_read_unlock();
	return permits;
}

static struct gate_box *new_box(struct srq_gate *gate)
{
	struct gate_box *box =
		kzalloc(struct_size(box, next, gate->count), GFP_KERNEL);

	if (!box)
		return NULL;
	box->gate = gate;
	for (unsigned int i = 0; i < gate->count; i++) {
		u64 id = srq_id_number(gate->operators[i].keys.id);
		u16 *first = list_of(box, id);

		box->next[i] = *first;
		*first = i + 1;
	}
	return box;
}

/* box: NULL for no gate from now on. Returns false if its epochs are of before
 * the last renewal. */
static bool replace(struct gate_box *box)
{
	struct gate_box *old;
	unsigned long flags;

	flags = srq_lock();
	if (box && box->renewal != renewals) {
		srq_unlock(flags);
		return false;
	}
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
	return true;
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
	struct gate_box *box = new_box(gate);

	if (!box) {
		srq_gate_free(gate);
		return -ENOMEM;
	}
	do {
		box->renewal = READ_ONCE(renewals);
		for (unsigned int i = 0; i < gate->count; i++) {
			gate->operators[i].epoch = new_epoch();
			gate->operators[i].since = ktime_get_boot_fast_ns();
		}
	} while (!replace(box));
	return 0;
}

void srq_gate_remove(void)
{
	replace(NULL);
	rcu_barrier();
}

/*
 * The machine was cloned, or restored from a snapshot. Whoever has recorded a
 * command since the snapshot must not be able to send it again; and the letters
 * of a run in progress were for the machine of the snapshot. So this function
 * does not wait for the mutex of table.c, which a new password holds for seconds.
 */
static int renew(struct notifier_block *nb, unsigned long event, void *data)
{
	static DEFINE_MUTEX(one_at_a_time);
	static u64 epochs[SRQ_OPERATORS_MAX + 1];
	struct srq_gate *gate;
	unsigned long flags;

	mutex_lock(&one_at_a_time);
	for (unsigned int i = 0; i < ARRAY_SIZE(epochs); i++)
		epochs[i] = new_epoch();
	rcu_read_lock();
	flags = srq_lock();
	gate = srq_gate_present();
	if (gate)
		srq_gate_renew(gate, epochs, ktime_get_boot_fast_ns());
	srq_run_withdraw();
	WRITE_ONCE(renewals, renewals + 1);
	srq_unlock(flags);
	rcu_read_unlock();
	mutex_unlock(&one_at_a_time);
	pr_notice(
		"the machine was cloned or restored: no command from before is accepted\n");
	return NOTIFY_DONE;
}

bool srq_gate_restored(void)
{
	return READ_ONCE(renewals);
}

static struct notifier_block vmfork_notifier = { .notifier_call = renew };

int __init srq_gate_setup(void)
{
	return register_random_vmfork_notifier(&vmfork_notifier);
}

void srq_gate_teardown(void)
{
	unregister_random_vmfork_notifier(&vmfork_notifier);
}
