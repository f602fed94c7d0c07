// SPDX-License-Identifier: GPL-2.0
/* How a client reads the log of a host */
#include "tests/proof/client.h"

static struct srq_keys keys;
static struct srq_reader r;
static size_t held;
static uint8_t body[SRQ_LONG_BODY];

static void begin(void)
{
	any(&keys, sizeof(keys));
	srq_reader_begin(&r, &keys, any64(), any64(), any64(), any64(), any64(),
			 &held);
	still_a_reader(&r, &keys, &held);
}

static void take_reply(void)
{
	any(body, sizeof(body));
	any_reader(&r, &keys, &held);
	srq_reader_receive(&r, any64(), body);
	still_a_reader(&r, &keys, &held);
}

static void send_next(void)
{
	const uint8_t *datagram;

	any_reader(&r, &keys, &held);
	datagram = srq_reader_send(&r, any64());
	//@ assert datagram: datagram == \null || datagram == &r.datagram[0];
	still_a_reader(&r, &keys, &held);
}

static void take_event(void)
{
	any_reader(&r, &keys, &held);
	if (srq_reader_event(&r) == SYSRQ_EVENT_TEXT) {
		//@ assert given: r.given != \null;
	}
	still_a_reader(&r, &keys, &held);
}

static void end(void)
{
	any_reader(&r, &keys, &held);
	srq_reader_deadline(&r);
	srq_reader_late(&r, any64());
	still_a_reader(&r, &keys, &held);
	srq_reader_free(&r);
}

void main_reader(void)
{
	begin();
	take_reply();
	send_next();
	take_event();
	end();
}
