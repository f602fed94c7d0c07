// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "client/press/dry.h"
#include "lib/sysrq.h"

static void show_step(const struct sysrq_step *step)
{
	printf("  %c  %-*s", step->letter, step->wait_ms ? 30 : 0,
	       sysrq_letter_name(step->letter));
	if (step->wait_ms)
		printf(step->until_complete ? " until complete, at most %g s"
					    : " then a wait of %g s",
		       step->wait_ms / 1e3);
	printf("\n");
}

static void show_target(const struct target *target)
{
	const struct hosts *addresses = &target->settings.addresses;

	printf("  %s (", target->name);
	for (size_t i = 0; i < addresses->count; i++)
		printf("%s, ", addresses->names[i]);
	printf("port %u)%s%s\n", target->settings.port,
	       target->problem ? ", not asked: " : "",
	       target->problem ? target->problem : "");
}

enum exit_status dry_show(const struct plan *plan,
			  const struct targets *targets)
{
	size_t asked = 0;

	for (size_t i = 0; i < targets->count; i++)
		asked += !targets->list[i].problem;
	printf("This would %spress%s\n",
	       plan->steps.last_words ? "write the kernel log into a file, and "
					"then "
				      : "",
	       plan->way == SYSRQ_WAY_ONE_WAY ? ", one-way," : "");
	for (unsigned int i = 0; i < plan->steps.count; i++)
		show_step(&plan->steps.list[i]);
	if (plan->steps.saves_log && !plan->steps.last_words)
		printf("and read the kernel log,\n");
	printf("on %zu host%s:\n", asked, asked == 1 ? "" : "s");
	for (size_t i = 0; i < targets->count; i++)
		show_target(&targets->list[i]);
	printf("Nothing was sent.\n");
	return asked == targets->count ? EXIT_ALL_DONE : EXIT_UNREACHABLE;
}
