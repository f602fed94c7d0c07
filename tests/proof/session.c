// SPDX-License-Identifier: GPL-2.0
/*
 * What a client knows of the steps of its command, and how its question begins.
 * What an answer changes in a session is not shown: Eva loses sight of how the
 * phase and the steps belong together.
 */
#include "lib/session_internal.h"
#include "tests/proof/proof.h"

static struct srq_ask ask;
static struct srq_session s;

static void any_ask(enum sysrq_way way, uint8_t count, uint8_t addresses)
{
	any(&ask, sizeof(ask));
	ask.way = way;
	ask.one_address = any_bool();
	ask.count = count;
	ask.address_count = addresses;
}

void main_session_begin(void)
{
	//@ loop unroll SRQ_STEPS_MAX + 1;
	for (uint8_t count = 0; count <= SRQ_STEPS_MAX; count++) {
		//@ loop unroll 4;
		for (int way = 0; way < 4; way++) {
			/* A question that may go one-way is a command. */
			if (!count && way == SYSRQ_WAY_ONE_WAY)
				continue;
			any_ask(way, count, SYSRQ_ADDRESSES_MAX);
			srq_session_begin(&s, &ask, any64(), any64());
		}
	}
}
