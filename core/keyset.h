/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of sysrq keys as text: the keys in a row, or the word "all". Any
 * context.
 */
#ifndef SRQ_KEYSET_H
#define SRQ_KEYSET_H

#include "message.h"

#define SRQ_ALL_KEYS ((1ULL << SRQ_KEY_COUNT) - 1)

/* Of len bytes; false where they are none, or not all keys. */
bool srq_keyset_from_text(uint64_t *keys, const char *text, size_t len);
/* In the order of srq_key_index(), with a NUL; "" for no key. */
void srq_keyset_to_text(char text[SRQ_KEY_COUNT + 1], uint64_t keys);

#endif
