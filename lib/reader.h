/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the kernel log of a host. Times are in ns. See
 * docs/protocol.md, "How the client reads the log".
 *
 * A reader is a pure state machine like a session: datagrams and the time go
 * in. Datagrams, a deadline and text come out.
 *
 * Only a reply tells which record comes behind it. So one request at a time
 * would take a round trip for each kilobyte. Instead the records are cut into
 * parts, which are read side by side. When a part is finished, the largest one
 * is cut again.
 */
#ifndef SRQ_READER_H
#define SRQ_READER_H

#include "core/datagram.h"
#include "lib/chunks.h"
#include "lib/sysrq.h"

enum { SRQ_PARTS_MAX = 32 };

/* The records from pos to end, end not included. One request is under way. */
struct srq_part {
	uint64_t pos;
	uint64_t end;
	uint64_t id;   /* of the request for pos */
	uint64_t sent; /* when it was last sent; 0: not yet */
	uint64_t due;  /* when to send it (again) */
	unsigned int tries;
	struct srq_chunk *texts; /* received, and not given out yet */
};

/* Callers may read log, and write nothing. */
struct srq_reader {
	struct sysrq_log log; /* log.next follows the text that is given out */
	const struct srq_keys *keys;
	uint64_t timeout; /* without an answer that gets on */
	uint64_t heard;
	uint64_t stalled; /* then all of the reading has taken too long */
	uint64_t epoch;   /* of all requests and replies */
	uint64_t log_end; /* number of the host's next record, as known here */
	uint64_t average; /* records in a reply */
	uint64_t srtt, rttvar; /* RFC 6298; 0: not measured */
	unsigned int window;   /* requests that may be under way */
	unsigned int count;
	struct srq_part parts[SRQ_PARTS_MAX];
	size_t *held;            /* bytes in the parts of all readers */
	struct srq_chunk *given; /* the text of the last event */
	bool end_told;
	uint8_t datagram[SRQ_LONG];
};

/*
 * Begins to read the records from first to end, end not included, or to the end
 * of the log. keys stay the caller's, and outlive the reader. epoch: that of
 * the key, from a status or a result. held: of the caller, who sets it to 0 and
 * shares it between all readers.
 */
void srq_reader_begin(struct srq_reader *r, const struct srq_keys *keys,
		      uint64_t epoch, uint64_t first, uint64_t end,
		      uint64_t timeout, uint64_t now, size_t *held);
/* Frees the text that the reader holds, and not r itself. */
void srq_reader_free(struct srq_reader *r);

/* Returns the next datagram to send now, SRQ_LONG bytes, valid until the next
 * call; NULL: there is none. */
const uint8_t *srq_reader_send(struct srq_reader *r, uint64_t now);

/* Returns when to call srq_reader_send() at the latest; SRQ_NEVER: never. */
uint64_t srq_reader_deadline(const struct srq_reader *r);

/* Takes the body of an authentic reply, SRQ_LONG_BODY bytes. */
void srq_reader_receive(struct srq_reader *r, uint64_t now,
			const uint8_t *body);

/* Returns EVENT_TEXT: the next text is r->given; EVENT_LOG_END; or 0: none. */
enum sysrq_event_type srq_reader_event(struct srq_reader *r);

/* The caller is late by ns. The host was not silent in that time. */
static inline void srq_reader_late(struct srq_reader *r, uint64_t ns)
{
	r->heard += ns;
	r->stalled += ns;
}

static inline bool srq_reader_ended(const struct srq_reader *r)
{
	return r->log.end != SYSRQ_END_NONE;
}

#endif
