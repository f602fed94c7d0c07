/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that is known of a SysRq letter. Any context; nothing is allocated.
 *
 * SysRq has 62 letters, 0-9, a-z and A-Z. Letters stand in the kernel's own
 * order: a letter's index is 0 to 61, and a set of letters has the bit
 * 1 << index for each of its letters.
 */
#ifndef SRQ_LETTER_H
#define SRQ_LETTER_H

#include "core/platform.h"

enum { SRQ_LETTERS = 62 };

#define SRQ_ALL_LETTERS ((1ULL << SRQ_LETTERS) - 1)

/* The index of a letter, -1 for any other character. */
int srq_letter_index(int letter);
/* The inverse, for 0 to 61. */
char srq_letter_at(int index);
/* The set of this one letter; the empty set for any other character. */
uint64_t srq_letter_bit(int letter);

/*
 * What the kernel's help calls the letter, such as "sync" for 's'. NULL where
 * no kernel of 5.10 to 7.3 has a name for it. Valid for ever.
 */
const char *srq_letter_name(int letter);

/* After it the host answers no more. */
bool srq_letter_ends_host(int letter);
/* The kernel prints an answer to it into its log. */
bool srq_letter_prints(int letter);
/* The kernel prints when its work is complete: sync and unmount. */
bool srq_letter_reports(int letter);
/*
 * It may do harm that a rescue cannot undo. A letter that is not known may do
 * anything.
 */
bool srq_letter_harms(int letter);

/* The bit of kernel.sysrq that permits this letter; 1: only "all" does. */
uint32_t srq_letter_mask_bit(int letter);
/* The letters that a mask in kernel.sysrq's numbers permits. */
uint64_t srq_mask_letters(uint32_t mask);

/*
 * A set as text: its letters in a row, or "all" for all 62. from_text: false
 * where the len bytes are neither, or none. to_text: in the order of the index,
 * with a NUL; "" for the empty set.
 */
bool srq_letters_from_text(uint64_t *letters, const char *text, size_t len);
void srq_letters_to_text(char text[SRQ_LETTERS + 1], uint64_t letters);

#endif
