// SPDX-License-Identifier: GPL-2.0
/*
 * The load of this module measures how long the module under test takes to open
 * a datagram with a wrong tag, for each byte of the tag. It prints the median of
 * many times, in the ticks of the processor, and the same for a comparison that
 * ends at the first wrong byte. For tests/vm/timing.t.
 */
#include "kernel/crypto.c" /* before any header of the kernel */
#include "core/datagram.c"
#include <linux/module.h>
#include <linux/sort.h>
#include <linux/timex.h>

enum { TIMES = 2000, TAG_AT = SRQ_SHORT - SRQ_AEAD_TAG_LEN };

static const u8 key[SRQ_AEAD_KEY_LEN] = { 7 };
static u8 right[SRQ_SHORT], wrong[SRQ_SHORT], datagram[SRQ_SHORT];
static u64 times[TIMES];

typedef bool opener(void);

static noinline bool open_datagram(void)
{
	return srq_datagram_open(datagram, sizeof(datagram), key);
}

static noinline bool compare_bytes(void)
{
	for (int i = TAG_AT; i < SRQ_SHORT; i++) {
		if (READ_ONCE(datagram[i]) != right[i])
			return false;
	}
	return true;
}

static int by_size(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 median(opener *open)
{
	for (int i = 0; i < TIMES; i++) {
		cycles_t begin;

		memcpy(datagram, wrong, sizeof(datagram));
		begin = get_cycles();
		if (open())
			return 0;
		times[i] = get_cycles() - begin;
	}
	sort(times, TIMES, sizeof(times[0]), by_size, NULL);
	return times[TIMES / 2];
}

static int __init timing_init(void)
{
	static const u8 id[SRQ_KEY_ID_LEN], nonce[SRQ_AEAD_NONCE_LEN];

	srq_datagram_seal(right, sizeof(right), id, key, nonce);
	for (int byte = 0; byte < SRQ_AEAD_TAG_LEN; byte++) {
		memcpy(wrong, right, sizeof(wrong));
		wrong[TAG_AT + byte] ^= 1;
		pr_info("sysrq_timing: byte %d: opens in %llu, compares in %llu\n",
			byte, median(open_datagram), median(compare_bytes));
	}
	return 0;
}

static void __exit timing_exit(void)
{
}

module_init(timing_init);
module_exit(timing_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("How long a wrong tag takes, for tests");
