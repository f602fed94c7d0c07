// SPDX-License-Identifier: GPL-2.0
/* What a hello is answered with. */
#include "kernel/host.h"
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/sched/loadavg.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include <linux/vmstat.h>

void srq_status_fill(struct srq_status *status)
{
	const struct new_utsname *name = &init_uts_ns.name;

	/*
	 * The "fast" clocks take no lock that a stuck CPU could hold. For the
	 * same reason no si_meminfo(), which locks, and the node name without
	 * its semaphore: it may be torn while it is being set, not longer.
	 */
	status->real_time = ktime_get_real_fast_ns();
	status->boot_time = ktime_get_boot_fast_ns();
	status->log_next = srq_klog_next();
	status->mask = srq_press_mask();
	status->tolerance = srq_param_tolerance();
	status->cpus = num_online_cpus();
	status->memory = (u64)totalram_pages() << PAGE_SHIFT;
	status->memory_free = (u64)global_zone_page_state(NR_FREE_PAGES)
			      << PAGE_SHIFT;
	for (int i = 0; i < 3; i++)
		status->load[i] = (u64)READ_ONCE(avenrun[i]) * 100 >> FSHIFT;
	strscpy(status->node, name->nodename, sizeof(status->node));
	strscpy(status->release, name->release, sizeof(status->release));
}
