/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists of the log's texts. A list is its last text, and behind that comes the
 * first one; NULL: no text.
 */
#ifndef SRQ_CHUNKS_H
#define SRQ_CHUNKS_H

#include "core/message.h"

/* It ends with a newline, which is ours if the record was cut. */
struct srq_chunk {
	struct srq_chunk *next;
	size_t len;
	char text[SRQ_LOGDATA_TEXT_MAX + 1];
};

/* Returns the list with one more text at its end. */
static inline struct srq_chunk *srq_chunks_append(struct srq_chunk *list,
						  struct srq_chunk *chunk)
{
	chunk->next = list ? list->next : chunk;
	if (list)
		list->next = chunk;
	return chunk;
}

/* Returns the list that both become. */
static inline struct srq_chunk *srq_chunks_join(struct srq_chunk *front,
						struct srq_chunk *back)
{
	struct srq_chunk *first;

	if (!front || !back)
		return front ? front : back;
	first = front->next;
	front->next = back->next;
	back->next = first;
	return back;
}

#endif
