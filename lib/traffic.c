// SPDX-License-Identifier: GPL-2.0
/* The datagrams of one host, as the context sends and receives them. */
#include <errno.h>

#include "lib/internal.h"

/* A few sockets may have to send many copies. */
static void note_sent(struct srq_talk *talk, unsigned int socket, uint32_t copy)
{
	uint32_t before = talk->sent[socket] & ~SRQ_SEVERAL;

	talk->sent[socket] = copy + 1;
	if (before > talk->session.first_copy)
		talk->sent[socket] |= SRQ_SEVERAL;
}

bool srq_host_send(struct sysrq_host *host, uint64_t now)
{
	struct srq_session *s = host->talk ? &host->talk->session : NULL;
	struct srq_sockets *sockets = &host->ctx->sockets;
	struct srq_outgoing out;
	const uint8_t *log;
	unsigned int used;

	if (s && srq_session_send(s, now, &out)) {
		switch (srq_sockets_send(sockets, host->number + out.copy,
					 &host->places[out.address]->address,
					 out.datagram, SRQ_SHORT, &used)) {
		case SRQ_SENT:
			note_sent(host->talk, used, out.copy);
			break;
		case SRQ_SENT_NOT_NOW:
			srq_session_unsent(s, now, out.address, errno);
			break;
		case SRQ_SENT_NOT:
			srq_session_error(s, now, out.address, errno, true);
			break;
		}
		return true;
	}
	log = host->reader ? srq_reader_send(host->reader, now) : NULL;
	if (!log)
		return false;
	/* A log request that cannot be sent is as good as lost on the way. */
	srq_sockets_send(sockets, host->number + host->log_copy++,
			 &host->places[host->answered]->address, log, SRQ_LONG,
			 &used);
	return true;
}

uint64_t srq_host_deadline(const struct sysrq_host *host)
{
	uint64_t session = host->talk
				   ? srq_session_deadline(&host->talk->session)
				   : SRQ_NEVER;
	uint64_t reader =
		host->reader ? srq_reader_deadline(host->reader) : SRQ_NEVER;

	return session < reader ? session : reader;
}

/*
 * Finds the copy that this socket has sent. False: it has sent none. If it has
 * sent several ones, nobody knows which of them is answered.
 */
static bool copy_of(const struct srq_talk *talk, unsigned int socket,
		    uint32_t *copy)
{
	uint32_t sent = talk->sent[socket];

	*copy = sent & SRQ_SEVERAL ? SRQ_COPY_UNKNOWN : sent - 1;
	return sent;
}

void srq_host_receive(struct sysrq_host *host, uint64_t now, uint8_t address,
		      unsigned int socket, const uint8_t *datagram, size_t len)
{
	const struct srq_keys *keys = &host->keys;
	uint8_t opened[SRQ_LONG];
	const uint8_t *id;
	uint32_t copy;

	if (!srq_datagram_length_ok(len))
		return;
	id = srq_datagram_key_id(datagram);
	if (!id || memcmp(id, keys->id, SRQ_KEY_ID_LEN))
		return;
	/* Opening destroys it, and it may be for another host of this
	 * address. */
	memcpy(opened, datagram, len);
	if (!srq_datagram_open(opened, len, keys->reply))
		return;
	if (len == SRQ_LONG) {
		if (host->reader)
			srq_reader_receive(host->reader, now,
					   srq_datagram_body(opened));
	} else if (host->talk && copy_of(host->talk, socket, &copy)) {
		srq_session_receive(&host->talk->session, now, address, copy,
				    srq_datagram_body(opened));
	}
}

void srq_host_error(struct sysrq_host *host, uint64_t now, uint8_t address,
		    int error)
{
	/* The reader ignores errors, because anybody can forge them. */
	if (srq_host_asking(host))
		srq_session_error(&host->talk->session, now, address, error,
				  false);
}

void srq_host_late(struct sysrq_host *host, uint64_t ns)
{
	if (srq_host_asking(host))
		srq_session_late(&host->talk->session, ns);
	if (host->reader)
		srq_reader_late(host->reader, ns);
}
