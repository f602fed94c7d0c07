/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. What must hold is said with assert(). */
#ifndef SRQ_FUZZ_H
#define SRQ_FUZZ_H

#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What libFuzzer calls. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The fuzzer's bytes, to be drawn from. After the last one come zeros. */
struct input {
	const uint8_t *at;
	size_t left;
};

static inline void take_bytes(struct input *in, void *to, size_t len)
{
	size_t n = len < in->left ? len : in->left;

	memcpy(to, in->at, n);
	memset((uint8_t *)to + n, 0, len - n);
	in->at += n;
	in->left -= n;
}

/* Of 1 to 8 bytes. */
static inline uint64_t take(struct input *in, size_t bytes)
{
	uint8_t from[8];
	uint64_t number = 0;

	take_bytes(in, from, bytes);
	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | from[i];
	return number;
}

/* A copy that ends where its memory ends, so that ASan sees a read past it. */
static inline void *exact(const void *bytes, size_t len)
{
	void *copy = malloc(len);

	assert(copy);
	memcpy(copy, bytes, len);
	return copy;
}

#endif
