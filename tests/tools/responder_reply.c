// SPDX-License-Identifier: GPL-2.0
/* What leaves the host, and how the options hinder it. */
#include <sodium.h>
#include <time.h>

#include "tests/tools/responder.h"

enum { DELAYED_MAX = 512, COPIES_MAX = 64, REFUSAL_MIN = 16 };

/* A ring, because all replies are delayed for the same time */
static struct {
	uint64_t due;
	struct way way;
	size_t len;
	uint8_t datagram[SRQ_LONG];
} delayed[DELAYED_MAX];
static size_t delayed_first, delayed_count;

/* xorshift64*. The same seed makes the same losses. */
bool lost(long percent)
{
	common.seed ^= common.seed >> 12;
	common.seed ^= common.seed << 25;
	common.seed ^= common.seed >> 27;
	return (long)((common.seed * 0x2545f4914f6cdd1dULL >> 33) % 100) <
	       percent;
}

static void send_datagram(const struct way *way, const uint8_t *datagram,
			  size_t len)
{
	union {
		struct cmsghdr header;
		uint8_t space[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { .header = { CMSG_LEN(sizeof(struct in_pktinfo)),
				  IPPROTO_IP, IP_PKTINFO } };
	struct in_pktinfo from = { .ipi_spec_dst.s_addr = way->here };
	struct iovec bytes = { (void *)datagram, len };
	struct msghdr message = {
		.msg_name = (void *)&way->to,
		.msg_namelen = way->to_len,
		.msg_iov = &bytes,
		.msg_iovlen = 1,
	};

	if (way->to.ss_family == AF_INET) {
		memcpy(CMSG_DATA(&control.header), &from, sizeof(from));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control.space);
	}
	sendmsg(way->fd, &message, 0);
}

/* Makes a datagram of a body, sealed with that key. */
static void seal(const struct host *host, uint8_t *datagram, size_t len,
		 const uint8_t *body, const uint8_t *key)
{
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	randombytes_buf(nonce, sizeof(nonce));
	memcpy(srq_datagram_body(datagram), body, srq_body_length(len));
	srq_datagram_seal(datagram, len, host->gate->operators[0].keys.id, key,
			  nonce);
}

/* Sends a body, sealed with that key, whole and cut short. */
static void send_lie(const struct host *host, const struct way *way,
		     const uint8_t *body, size_t len, const uint8_t *key)
{
	uint8_t forged[SRQ_LONG];

	seal(host, forged, len, body, key);
	send_datagram(way, forged, len);
	send_datagram(way, forged, len - 1);
}

/* Sends what an attacker might send in place of a reply. The client must ignore it. */
static void send_garbage(const struct host *host, const struct way *way,
			 const uint8_t *body, size_t len)
{
	const struct srq_keys *keys = &host->gate->operators[0].keys;
	uint8_t noise[SRQ_LONG], lie[SRQ_LONG_BODY], other[SRQ_AEAD_KEY_LEN];

	randombytes_buf(noise, sizeof(noise));
	send_datagram(way, noise, 0);
	send_datagram(way, noise, 7);
	send_datagram(way, noise, SRQ_SHORT);
	send_datagram(way, noise, SRQ_LONG);

	/* A client that believes this would end the run, or send to another epoch. */
	memcpy(lie, body, srq_body_length(len));
	lie[1] = len == SRQ_LONG ? SRQ_NOT_LOG : SRQ_SUPERSEDED;
	lie[16] ^= 1;
	randombytes_buf(other, sizeof(other));
	send_lie(host, way, lie, len, other);
	send_lie(host, way, lie, len, keys->request);
	lie[8] ^= 1; /* an answer to another question */
	send_lie(host, way, lie, len, keys->reply);
	lie[8] ^= 1;
	lie[0] = len == SRQ_LONG ? SRQ_RESULT : SRQ_LOGDATA;
	send_lie(host, way, lie, len, keys->reply);
}

/* A relay sends what it has got to every port that the client has asked from. */
static void send_copies(const struct way *way, const uint8_t *datagram)
{
	static struct way ways[COPIES_MAX];
	static size_t count;

	if (datagram) {
		for (size_t i = 0; i < count; i++)
			send_datagram(&ways[i], datagram, SRQ_SHORT);
	} else if (count < COPIES_MAX) {
		ways[count++] = *way;
	}
}

void reply(struct host *host, const struct way *way, const uint8_t *body,
	   size_t len)
{
	struct options *opt = &host->opt;
	uint8_t datagram[SRQ_LONG];
	bool refusal = body[0] == SRQ_RESULT && body[1] >= REFUSAL_MIN;
	size_t slot;

	if (body[0] == SRQ_RESULT)
		send_copies(way, NULL);
	if (opt->mute ||
	    (opt->refusals_only && !refusal && body[0] == SRQ_RESULT) ||
	    (opt->no_status && body[0] == SRQ_STATUS) ||
	    (opt->no_result && body[0] == SRQ_RESULT) ||
	    (opt->silent_after >= 0 && host->replies >= opt->silent_after))
		return;
	host->replies++;
	if (host->replies > 2 && opt->lose > 0) {
		opt->lose--;
		return;
	}
	if (lost(common.drop_out))
		return;
	if (opt->garbage)
		send_garbage(host, way, body, len);
	seal(host, datagram, len, body, host->gate->operators[0].keys.reply);
	if (opt->copy_refusals && refusal)
		send_copies(way, datagram);
	if (!common.delay) {
		send_datagram(way, datagram, len);
		return;
	}
	if (delayed_count == DELAYED_MAX)
		return;
	slot = (delayed_first + delayed_count++) % DELAYED_MAX;
	delayed[slot].due = clock_ns(CLOCK_MONOTONIC) +
			    (uint64_t)common.delay * MILLISECOND;
	delayed[slot].way = *way;
	delayed[slot].len = len;
	memcpy(delayed[slot].datagram, datagram, len);
}

int send_delayed(void)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	while (delayed_count && delayed[delayed_first].due <= now) {
		send_datagram(&delayed[delayed_first].way,
			      delayed[delayed_first].datagram,
			      delayed[delayed_first].len);
		delayed_first = (delayed_first + 1) % DELAYED_MAX;
		delayed_count--;
	}
	return delayed_count ? 1 : 5;
}
