// SPDX-License-Identifier: GPL-2.0
/*
 * The time. After a panic nothing updates the kernel's clocks any more: some of
 * them stand still, overflow or begin anew after seconds. So the time from the
 * panic on is added up here.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/math64.h>
#include <linux/timex.h>
#include <linux/timekeeping.h>

/* A step that is larger is a fault of a clock, or it has gone back. A letter may take
 * minutes to print on a slow console. */
#define STEP_MAX (3600 * SRQ_SECOND)

/* The CPU's own clock, in ns; 0: it has none. */
static u64 cycles_ns(void)
{
#ifdef CONFIG_X86
	u64 cycles = get_cycles() & U64_MAX >> 4; /* the quotient has 64 bits */

	return tsc_khz ? mul_u64_u32_div(cycles, 1000000, tsc_khz) : 0;
#else
	return 0;
#endif
}

/* Used by one CPU, which is the only one after a panic. */
static struct {
	bool panicked;
	u64 boot, real; /* at the panic */
	u64 elapsed;    /* since then */
	u64 seen;       /* the kernel's clock at the last step */
	u64 cycles;     /* the CPU's */
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
	own.cycles = cycles_ns();
	WRITE_ONCE(own.panicked, true);
}

/* Returns how far a clock has gone on. Updates *seen, what it showed last. */
static u64 step_of(u64 *seen, u64 now)
{
	u64 step = now - *seen;

	*seen = now;
	return step < STEP_MAX ? step : 0;
}

u64 srq_clock_step(u64 waited)
{
	u64 step = max(step_of(&own.seen, ktime_get_mono_fast_ns()),
		       step_of(&own.cycles, cycles_ns()));

	/* A CPU's delays may be far too short: without a constant TSC the kernel
	 * measures them once, at boot. So they count only where no clock goes. */
	own.elapsed += step ?: waited;
	return own.elapsed;
}

u64 srq_clock_since_panic(void)
{
	return own.elapsed;
}
