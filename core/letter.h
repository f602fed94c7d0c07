/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The letters of SysRq, and what each of them does. Any context; nothing is
 * allocated.
 *
 * SysRq has 62 letters: 0-9, a-z and A-Z, in this order. The index of a letter
 * is its place, 0 to 61. A set of letters has the bit 1 << index for each of
 * its letters.
 */
#ifndef SRQ_LETTER_H
#define SRQ_LETTER_H

#include "core/platform.h"

enum { SRQ_LETTERS = 62 };

#define SRQ_ALL_LETTERS ((1ULL << SRQ_LETTERS) - 1)

/* Returns the index of a letter; -1: the character is no letter of SysRq. */
int srq_letter_index(int letter);
/* Returns the letter with this index, 0 to 61. */
char srq_letter_at(int index);
/* Returns the set of this one letter; 0: it is no letter of SysRq. */
uint64_t srq_letter_bit(int letter);

/*
 * Returns what the kernel's help calls the letter, such as "sync" for 's'; NULL:
 * no kernel is known to have it. The text is static.
 */
const char *srq_letter_name(int letter);

/* Does the host answer no more after this letter? */
bool srq_letter_ends_host(int letter);
/* Does the kernel print an answer to this letter into its log? */
bool srq_letter_prints(int letter);
/* Does the kernel report when the work of this letter is complete? */
bool srq_letter_reports(int letter);
/*
 * Can this letter do harm that cannot be undone? A letter that is not known can
 * do anything.
 */
bool srq_letter_harms(int letter);
/*
 * Can this letter do nothing on a kernel that has panicked? It needs tasks or the
 * kernel's workers, which do not run any more. c has done its work then.
 */
bool srq_letter_vain_in_panic(int letter);

/* Returns the bit of kernel.sysrq that permits this letter; 1: only "all"
 * permits it. */
uint32_t srq_letter_mask_bit(int letter);
/* Returns the letters that a mask in kernel.sysrq's numbers permits, a set. */
uint64_t srq_mask_letters(uint32_t mask);

#endif
