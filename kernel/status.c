// SPDX-License-Identifier: GPL-2.0
/* The status of the host, which is the answer to a hello. */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/sched/loadavg.h>
#include <linux/utsname.h>
#include <linux/vmstat.h>

void srq_status_fill(struct srq_status *status)
{
	const struct new_utsname *name = &init_uts_ns.name;

	/*
	 * A CPU that hangs may hold any lock, so this function takes none: it
	 * uses the "fast" clocks, does not call si_meminfo(), and reads the
	 * node name without its semaphore. A name may be torn while root sets
	 * it.
	 */
	status->real_time = srq_real_ns();
	status->boot_time = srq_boot_ns();
	status->log_next = srq_klog_next();
	status->mask = srq_press_mask();
	status->tolerance = srq_param_tolerance();
	status->cpus = num_online_cpus();
	status->memory = (u64)totalram_pages() << PAGE_SHIFT;
	status->memory_free = (u64)global_zone_page_state(NR_FREE_PAGES)
			      << PAGE_SHIFT;
	for (int i = 0; i < 3; i++)
		status->load[i] =
			(u64)data_race(READ_ONCE(avenrun[i])) * 100 >> FSHIFT;
	status->panicked = srq_panicked();
	status->hears_after_panic = srq_panic_hears();
	status->restored = srq_gate_restored();
	status->reboots_in = srq_panic_reboots_in();
	data_race(memcpy(status->node, name->nodename, sizeof(status->node)));
	memcpy(status->release, name->release, sizeof(status->release));
}
