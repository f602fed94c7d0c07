// SPDX-License-Identifier: GPL-2.0
#include "keyset.h"

static const char all[] = "all";

bool srq_keyset_from_text(uint64_t *keys, const char *text, size_t len)
{
	*keys = 0;
	if (len == sizeof(all) - 1 && !memcmp(text, all, len)) {
		*keys = SRQ_ALL_KEYS;
		return true;
	}
	for (size_t i = 0; i < len; i++) {
		uint64_t bit = srq_key_bit((unsigned char)text[i]);

		if (!bit)
			return false;
		*keys |= bit;
	}
	return len > 0;
}

void srq_keyset_to_text(char text[SRQ_KEY_COUNT + 1], uint64_t keys)
{
	if (keys == SRQ_ALL_KEYS) {
		memcpy(text, all, sizeof(all));
		return;
	}
	for (int i = 0; i < SRQ_KEY_COUNT; i++) {
		if (keys & 1ULL << i)
			*text++ = srq_key_of_index(i);
	}
	*text = '\0';
}
