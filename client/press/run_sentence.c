// SPDX-License-Identifier: GPL-2.0
/* The sentence that says how a run ended: see run.h. */
#include "client/output/sentence.h"
#include "client/output/tell.h"
#include "client/press/run.h"

struct about run_about(const struct run *run)
{
	return (struct about){
		.pressing = true,
		.name = run->name,
		.port = run->target->settings.port,
		.timeout = run->plan->timeout,
		.outcome = &run->pressed,
	};
}

void run_sentence(FILE *out, const struct run *run)
{
	const struct about about = run_about(run);

	if (run->target->problem)
		target_problem(out, run->target);
	else if (run->back.host)
		back_say(out, &run->back, &run->pressed, run->name,
			 run->plan->until_back);
	else
		sentence_end(out, &about);
}

static void write_sentence(FILE *out, const void *data)
{
	run_sentence(out, data);
}

void run_tell_sentence(const struct run *run)
{
	tell_written(write_sentence, run);
}
