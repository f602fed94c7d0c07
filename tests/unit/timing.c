// SPDX-License-Identifier: GPL-2.0
/*
 * srq_datagram_open() takes as long for a wrong tag as for the right one, and
 * for a tag whose first byte is wrong as for one whose last byte is.
 *
 * The method is that of Reparaz, Balasch, Verbauwhede, "Dude, is my code
 * constant time?" (DATE 2017). Inputs of two classes come in random order.
 * Welch's t-test compares the times of both classes: all times, and then only
 * those below each of many percentiles, because the slow ones are mostly noise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include <sodium.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif
#include "core/datagram.h"

enum { MEASUREMENTS = 1000000, CROPS = 100, TAG_AT = SRQ_SHORT - 16 };

struct input {
	uint8_t datagram[SRQ_SHORT];
	bool authentic;
};

static struct measurement {
	uint64_t time;
	uint8_t class;
} measured[MEASUREMENTS];

/* The mean, and the sum of the squared differences from it (Welford) */
struct sample {
	double count, mean, squares;
};

static const uint8_t key[SRQ_AEAD_KEY_LEN] = { 7 };
static struct input right, first_wrong, last_wrong;

/* All instructions before it are done, and none after it has begun. */
static uint64_t clock_now(void)
{
#ifdef __x86_64__
	uint64_t ticks;

	_mm_mfence();
	_mm_lfence();
	ticks = __rdtsc();
	_mm_lfence();
	return ticks;
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * SRQ_SECOND + (uint64_t)now.tv_nsec;
#endif
}

static void measure(const struct input *a, const struct input *b)
{
	static uint8_t classes[MEASUREMENTS];
	unsigned int wrong = 0;

	randombytes_buf(classes, sizeof(classes));
	for (size_t i = 0; i < MEASUREMENTS; i++) {
		uint8_t class = classes[i] & 1, only_b = (uint8_t)(0 - class);
		uint8_t datagram[SRQ_SHORT];
		uint64_t begin;
		bool opened;

		/* Both classes read both inputs, without a branch. */
		for (size_t j = 0; j < sizeof(datagram); j++)
			datagram[j] = (uint8_t)((a->datagram[j] & ~only_b) |
						(b->datagram[j] & only_b));
		begin = clock_now();
		opened = srq_datagram_open(datagram, sizeof(datagram), key);
		measured[i].time = clock_now() - begin;
		measured[i].class = class;
		wrong += opened ^ (class ? b : a)->authentic;
	}
	assert_int_equal(wrong, 0);
}

static void add(struct sample *sample, double value)
{
	double off = value - sample->mean;

	sample->count++;
	sample->mean += off / sample->count;
	sample->squares += off * (value - sample->mean);
}

/* Returns the square of Welch's t. */
static double welch(const struct sample *a, const struct sample *b)
{
	double off = a->mean - b->mean;

	return off * off /
	       (a->squares / (a->count - 1) / a->count +
		b->squares / (b->count - 1) / b->count);
}

static int by_time(const void *a, const void *b)
{
	uint64_t x = ((const struct measurement *)a)->time;
	uint64_t y = ((const struct measurement *)b)->time;

	return (x > y) - (x < y);
}

/* Returns the largest square of t of all percentiles. */
static double worst_t2(const struct input *a, const struct input *b)
{
	struct sample samples[2] = { 0 };
	double cropped = 1, worst = 0;
	size_t i = 0;

	measure(a, b);
	qsort(measured, MEASUREMENTS, sizeof(measured[0]), by_time);
	for (int crop = 1; crop <= CROPS; crop++) {
		uint64_t limit = UINT64_MAX; /* the last one crops nothing */
		double t2;

		cropped *= 0.933; /* to a thousandth in the end */
		if (crop < CROPS)
			limit = measured[(size_t)((1 - cropped) * MEASUREMENTS)]
					.time;
		for (; i < MEASUREMENTS && measured[i].time < limit; i++)
			add(&samples[measured[i].class],
			    (double)measured[i].time);
		if (samples[0].count < 1000 || samples[1].count < 1000)
			continue;
		t2 = welch(&samples[0], &samples[1]);
		if (t2 > worst)
			worst = t2;
	}
	print_message("# %.0f against %.0f on average, t^2 at most %.1f\n",
		      samples[0].mean, samples[1].mean, worst);
	return worst;
}

/* Chance alone exceeds the limit once in thousands of times, and not twice. */
static void assert_same_time(const struct input *a, const struct input *b)
{
	static const double allowed = 4.5 * 4.5;

	assert_true(worst_t2(a, b) < allowed || worst_t2(a, b) < allowed);
}

static void test_right_and_wrong_tag(void **state)
{
	(void)state;
	assert_same_time(&right, &last_wrong);
}

static void test_first_and_last_byte(void **state)
{
	(void)state;
	assert_same_time(&first_wrong, &last_wrong);
}

int main(void)
{
	static const uint8_t id[SRQ_KEY_ID_LEN], nonce[SRQ_AEAD_NONCE_LEN];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_and_wrong_tag),
		cmocka_unit_test(test_first_and_last_byte),
	};

	srq_datagram_seal(right.datagram, SRQ_SHORT, id, key, nonce);
	first_wrong = last_wrong = right;
	first_wrong.datagram[TAG_AT] ^= 1;
	last_wrong.datagram[SRQ_SHORT - 1] ^= 1;
	right.authentic = true;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
