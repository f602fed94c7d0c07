// SPDX-License-Identifier: GPL-2.0
#include "text.h"
#include "waits.h"

enum {
	UNTIL_COMPLETE_MS = 10000, /* s, u: as a rule it is complete before */
	TERMINATE_MS = 2000,	   /* e: tasks need time to end in order */
	DEFAULT_MS = 1000,
};

void waits_begin(struct waits *waits)
{
	waits->all = -1;
	for (size_t i = 0; i < sizeof(waits->key) / sizeof(waits->key[0]); i++)
		waits->key[i] = -1;
}

bool waits_parse(struct waits *waits, char *value, const char **bad)
{
	char *next, *item = value;

	do {
		int32_t *wait = &waits->all;
		const char *seconds = item;
		uint32_t ms;
		int index;

		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		*bad = item;
		if (item[0] && item[1] == '=') {
			index = srq_key_index((unsigned char)item[0]);
			if (index < 0)
				return false;
			wait = &waits->key[index];
			seconds = item + 2;
		}
		if (!text_to_ms(seconds, 0, SRQ_WAIT_MAX_MS, &ms))
			return false;
		*wait = (int32_t)ms;
		item = next;
	} while (item);
	return true;
}

struct sysrq_step waits_step(const struct waits *waits, char key, bool last)
{
	struct sysrq_step step = { .sysrq = key };

	if (key == 's' || key == 'u') {
		step.until_complete = true;
		step.wait_ms = UNTIL_COMPLETE_MS;
	} else if (last) {
		step.wait_ms = 0; /* nothing comes that would have to wait */
	} else {
		step.wait_ms = key == 'e' ? TERMINATE_MS : DEFAULT_MS;
	}
	waits_set(waits, &step);
	return step;
}

void waits_set(const struct waits *waits, struct sysrq_step *step)
{
	int index = srq_key_index((unsigned char)step->sysrq);

	if (waits->all >= 0)
		step->wait_ms = (uint32_t)waits->all;
	if (waits->key[index] >= 0)
		step->wait_ms = (uint32_t)waits->key[index];
	if (!step->wait_ms)
		step->until_complete = false; /* nobody waits to hear of it */
}
