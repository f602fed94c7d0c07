/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads a host's kernel log. docs/protocol.md, "log" and "logdata".
 *
 * A pure state machine like a session: datagrams and the time go in, datagrams,
 * a deadline and text come out. Nobody knows before a reply which record comes
 * behind it, so one request at a time would take a round trip for each
 * kilobyte: the records still to be read are cut into parts, which are read
 * side by side, and a part that is finished is replaced by half of the largest.
 */
#ifndef SRQ_READER_H
#define SRQ_READER_H

#include <bsd/sys/queue.h>

#include "core/datagram.h"
#include "core/message.h"
#include "lib/sysrq.h"

enum { SRQ_PARTS_MAX = 32 };

/* Text that was received and not yet given out. */
struct srq_chunk {
	STAILQ_ENTRY(srq_chunk) link;
	size_t len;
	char text[];
};

/* Records pos to end (not included), of which one request is under way. */
struct srq_part {
	uint64_t pos;
	uint64_t end;
	uint64_t id;   /* of the request for pos */
	uint64_t sent; /* when it was last sent, 0: not yet */
	uint64_t due;  /* when it is to be sent (again) */
	unsigned int tries;
	STAILQ_HEAD(, srq_chunk) chunks;
};

/* Callers read log and write nothing. */
struct srq_reader {
	struct sysrq_log log; /* next is kept as text is given out */
	const struct srq_keys *keys;
	uint64_t timeout; /* ns without any answer */
	uint64_t heard;
	uint64_t epoch; /* that all replies must have; 0: not known yet */
	uint64_t
		log_end; /* number of the host's next record, as it said last */
	uint64_t average;      /* records in a reply */
	uint64_t srtt, rttvar; /* ns, RFC 6298; 0: not measured */
	unsigned int window;   /* requests that may be under way */
	unsigned int count;
	struct srq_part parts[SRQ_PARTS_MAX];
	size_t held;             /* bytes of text in all parts */
	struct srq_chunk *given; /* the text of the last event */
	bool end_told;
	uint8_t datagram[SRQ_LONG];
};

/*
 * Read records first to end (not included) or to the end of the log; keys, the
 * caller's, outlive the reader. epoch: the host's; 0: any. timeout: ns.
 */
void srq_reader_begin(struct srq_reader *r, const struct srq_keys *keys,
		      uint64_t epoch, uint64_t first, uint64_t end,
		      uint64_t timeout, uint64_t now);
/* Frees the text that it holds, not r. */
void srq_reader_free(struct srq_reader *r);

/* The next datagram to send now, SRQ_LONG bytes that are valid until the next
 * call; NULL: none. */
const uint8_t *srq_reader_send(struct srq_reader *r, uint64_t now);

/* When to call srq_reader_send() again at the latest; SRQ_NEVER: it ended. */
uint64_t srq_reader_deadline(const struct srq_reader *r);

/* An authentic reply of SRQ_LONG_BODY bytes has come. */
void srq_reader_receive(struct srq_reader *r, uint64_t now,
			const uint8_t *body);

/* EVENT_TEXT: the next text is in r->given. EVENT_LOG_END. 0: nothing new. */
enum sysrq_event_type srq_reader_event(struct srq_reader *r);

/* Nobody called for ns longer than was asked for: that was no silence. */
static inline void srq_reader_late(struct srq_reader *r, uint64_t ns)
{
	r->heard += ns;
}

static inline bool srq_reader_ended(const struct srq_reader *r)
{
	return r->log.end != SYSRQ_END_NONE;
}

#endif
