/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Read before each file. free() of Frama-C would take each text in a list for one
 * that may be freed, so a contract stands in its place: see reader.c. malloc() is
 * Frama-C's own.
 */
#ifndef SRQ_PROOF_FREE_H
#define SRQ_PROOF_FREE_H

#include <stdlib.h>

void srq_proof_free(void *chunk);
#define free(chunk) srq_proof_free(chunk)

#endif
