// SPDX-License-Identifier: GPL-2.0
/*
 * The time. After a panic nothing updates the kernel's clocks any more: some of
 * them stand still, overflow or begin anew after seconds. So the time from the
 * panic on is added up here.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/math64.h>
#include <linux/timekeeping.h>

/* A step of the kernel's clock that is larger is a fault of that clock, or it has
 * gone back. A letter may take minutes to print on a slow console. */
#define STEP_MAX (3600 * SRQ_SECOND)

/* Used by one CPU, which is the only one after a panic. */
static struct {
	bool panicked;
	u64 boot, real; /* at the panic */
	u64 elapsed;    /* since then */
	u64 seen;       /* the kernel's clock at the last step */
} own;

bool srq_panicked(void)
{
	return READ_ONCE(own.panicked);
}

u64 srq_boot_ns(void)
{
	return srq_panicked() ? own.boot + own.elapsed
			      : ktime_get_boot_fast_ns();
}

u64 srq_real_ns(void)
{
	return srq_panicked() ? own.real + own.elapsed
			      : ktime_get_real_fast_ns();
}

void srq_clock_panicked(void)
{
	if (own.panicked)
		return;
	own.boot = ktime_get_boot_fast_ns();
	own.real = ktime_get_real_fast_ns();
	own.seen = ktime_get_mono_fast_ns();
	WRITE_ONCE(own.panicked, true);
}

u64 srq_clock_step(u64 waited)
{
	u64 now = ktime_get_mono_fast_ns();
	u64 step = now - own.seen; /* huge, if the clock has gone back */

	own.seen = now;
	/* A CPU's delays may be far too short: without a constant TSC the kernel
	 * measures them once, at boot. So they count only where the clock fails. */
	own.elapsed += step && step < STEP_MAX ? step : waited;
	return own.elapsed;
}

u64 srq_clock_since_panic(void)
{
	return own.elapsed;
}
