// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram from the network: how it gets to the session and the reader of a host,
 * and what the caller is then told.
 */
#include "lib/internal.h"
#include "tests/proof/client.h"

static struct sysrq ctx;
static struct srq_talk talk;
static struct srq_reader reader;
static struct srq_place place;
/* Places end where this ends. */
static struct srq_place *places[SYSRQ_ADDRESSES_MAX];
static struct sysrq_host host;

/* A host of so many addresses. The question has gone to the first ones of them. */
static void any_host(uint8_t steps, uint8_t asked, uint8_t addresses)
{
	any(&host, sizeof(host));
	any(&talk, sizeof(talk));
	talk.has_status = any_bool();
	any_session(&talk.session, &talk.ask, steps, steps, asked);
	any_reader(&reader, &host.keys, &ctx.held);
	host.ctx = &ctx;
	host.places = places + SYSRQ_ADDRESSES_MAX - addresses;
	host.place_count = addresses;
	//@ loop unroll SYSRQ_ADDRESSES_MAX;
	for (int i = 0; i < SYSRQ_ADDRESSES_MAX; i++)
		places[i] = &place;
	host.talk = any_bool() ? &talk : NULL;
	host.answered = Frama_C_interval(-1, addresses - 1);
	host.reader = NULL;
}

/* A log is read of an address that has answered. */
static void any_log(void)
{
	host.answered = up_to(host.place_count - 1);
	host.reader = &reader;
}

static void still_a_host(void)
{
	//@ assert answered: -1 <= host.answered < host.place_count;
	if (host.reader) {
		//@ assert log_of: 0 <= host.answered;
	}
}

static void with_and_without_log(void (*next)(void), uint8_t steps,
				 uint8_t asked, uint8_t addresses, bool ended)
{
	any_host(steps, asked, addresses);
	if (ended)
		talk.session.phase = SRQ_PHASE_ENDED;
	next();
	still_a_session(&talk.session, &talk.ask);
	still_a_reader(&reader, &host.keys, &ctx.held);
	still_a_host();
	any_host(steps, asked, addresses);
	if (ended)
		talk.session.phase = SRQ_PHASE_ENDED;
	any_log();
	next();
	still_a_session(&talk.session, &talk.ask);
	still_a_reader(&reader, &host.keys, &ctx.held);
	still_a_host();
}

/*
 * Calls next() with a host of one address that is asked for its status, and with one of
 * many. When a question has ended, more addresses may be added before the next one.
 */
static void each_host(void (*next)(void))
{
	with_and_without_log(next, 0, 1, 1, false);
	with_and_without_log(next, SRQ_STEPS_MAX, SYSRQ_ADDRESSES_MAX,
			     SYSRQ_ADDRESSES_MAX, false);
	with_and_without_log(next, SRQ_STEPS_MAX, 1, SYSRQ_ADDRESSES_MAX, true);
}

/* A datagram ends where this ends. The socket gives one byte more than we have at most. */
static uint8_t datagram[SRQ_LONG + 1];

static void take_datagram(size_t len)
{
	any(datagram, sizeof(datagram));
	srq_host_receive(&host, any64(), up_to(host.place_count - 1),
			 up_to(SRQ_SOCKETS_ALL - 1),
			 datagram + sizeof(datagram) - len, len);
}

static void take_short(void)
{
	take_datagram(SRQ_SHORT);
}

static void take_long(void)
{
	take_datagram(SRQ_LONG);
}

/* No datagram of ours has such a length. */
static void take_other(size_t least, size_t most)
{
	srq_host_receive(&host, any64(), 0, 0, datagram,
			 Frama_C_unsigned_long_interval(least, most));
}

static void take_others(void)
{
	take_other(0, SRQ_SHORT - 1);
	take_other(SRQ_SHORT + 1, SRQ_LONG - 1);
	take_other(SRQ_LONG + 1, SRQ_LONG + 1);
}

static void take_event(void)
{
	struct sysrq_event event;

	srq_host_event(&host, &event);
	sysrq_host_status(&host);
	sysrq_host_outcome(&host);
}

/*@ requires \valid_read(to);
    requires \valid_read((char *)data + (0 .. len - 1));
    requires \initialized((char *)data + (0 .. len - 1));
    requires \valid(used); */
enum srq_sent srq_sockets_send(struct srq_sockets *sockets, unsigned int number,
			       const union srq_address *to, const void *data,
			       size_t len, unsigned int *used)
{
	enum srq_sent sent = up_to(SRQ_SENT_NOT);

	reads(data, len);
	if (sent == SRQ_SENT)
		*used = up_to(SRQ_SOCKETS_ALL - 1);
	return sent;
}

static void send_next(void)
{
	srq_host_send(&host, any64());
}

static void tell(void)
{
	srq_host_deadline(&host);
	srq_host_late(&host, any64());
	srq_host_error(&host, any64(), up_to(host.place_count - 1),
		       Frama_C_interval(INT32_MIN, INT32_MAX));
}

void main_host(void)
{
	each_host(take_short);
	each_host(take_long);
	each_host(take_others);
	each_host(take_event);
	each_host(send_next);
	each_host(tell);
}
