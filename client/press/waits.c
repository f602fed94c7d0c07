// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "client/output/text.h"
#include "client/press/waits.h"
#include "lib/sysrq.h"

enum {
	UNTIL_COMPLETE_MS = 10000, /* s, u: usually they complete before */
	TERMINATE_MS = 2000,       /* e: tasks need time to end properly */
	DEFAULT_MS = 1000,
};

void waits_begin(struct waits *waits)
{
	waits->all = -1;
	for (size_t i = 0; i < sizeof(waits->letter) / sizeof(waits->letter[0]);
	     i++)
		waits->letter[i] = -1;
}

bool waits_parse(struct waits *waits, char *value, const char **bad)
{
	char *next, *item = value;

	do {
		int32_t *wait = &waits->all;
		const char *seconds = item;
		uint32_t ms;

		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		*bad = item;
		if (item[0] && item[1] == '=') {
			if (!sysrq_letter_bit(item[0]))
				return false;
			wait = &waits->letter[(unsigned char)item[0]];
			seconds = item + 2;
		}
		if (!text_to_ms(seconds, 0, SYSRQ_WAIT_MAX_MS, &ms))
			return false;
		*wait = (int32_t)ms;
		item = next;
	} while (item);
	return true;
}

struct sysrq_step waits_step(const struct waits *waits, char letter, bool last)
{
	struct sysrq_step step = { .letter = letter };

	if (sysrq_letter_reports(letter)) {
		step.until_complete = true;
		step.wait_ms = UNTIL_COMPLETE_MS;
	} else if (last) {
		step.wait_ms = 0; /* no letter follows */
	} else {
		step.wait_ms = letter == 'e' ? TERMINATE_MS : DEFAULT_MS;
	}
	waits_set(waits, &step);
	return step;
}

void waits_set(const struct waits *waits, struct sysrq_step *step)
{
	int32_t own = waits->letter[(unsigned char)step->letter];

	if (waits->all >= 0)
		step->wait_ms = (uint32_t)waits->all;
	if (own >= 0)
		step->wait_ms = (uint32_t)own;
	if (!step->wait_ms)
		step->until_complete = false; /* there is no time for it */
}
