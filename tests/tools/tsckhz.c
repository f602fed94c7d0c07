// SPDX-License-Identifier: GPL-2.0
/*
 * `tsckhz` prints how fast the time stamp counter of this machine counts, in kHz.
 * The guests in the lab have the same counter. The counter and the clock are read
 * together, ten times, and the pair counts between whose halves the least time went:
 * so a busy machine changes nothing.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct moment {
	uint64_t ticks;
	double seconds;
};

static struct moment now(void)
{
	struct moment best = { 0 };
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 10; i++) {
		uint64_t before = __rdtsc(), after;
		struct timespec t;

		clock_gettime(CLOCK_MONOTONIC_RAW, &t);
		after = __rdtsc();
		if (after - before < least) {
			least = after - before;
			best.ticks = before + least / 2;
			best.seconds =
				(double)t.tv_sec + (double)t.tv_nsec / 1e9;
		}
	}
	return best;
}

int main(void)
{
	struct timespec pause = { .tv_nsec = 50000000 };
	struct moment from = now(), to;

	nanosleep(&pause, NULL);
	to = now();
	printf("%.0f\n", (double)(to.ticks - from.ticks) /
				 (to.seconds - from.seconds) / 1000);
	return 0;
}
