/* SPDX-License-Identifier: GPL-2.0 */
/* The one sentence on stderr for whatever did not go as it should. */
#ifndef SRQ_SENTENCE_H
#define SRQ_SENTENCE_H

#include "show.h"

/* No status came and the command goes one-way. */
void sentence_one_way(const struct show *show);

/* How the session ended; nothing where all went well. now: ns */
void sentence_end(const struct show *show, uint64_t now);

/* The exit status for the way that the session ended. */
enum srq_exit sentence_exit(const struct srq_session *session);

#endif
