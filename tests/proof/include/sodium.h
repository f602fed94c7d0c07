/* SPDX-License-Identifier: GPL-2.0 */
/* All of libsodium that a session and a reader use, in place of its header */
#ifndef SRQ_PROOF_SODIUM_H
#define SRQ_PROOF_SODIUM_H

#include <stddef.h>

void randombytes_buf(void *buf, size_t size);

#endif
