// SPDX-License-Identifier: GPL-2.0
/* fence_sysrq: fences nodes of a cluster by the letters of magic SysRq. */
#include <sodium.h>
#include <stdio.h>

#include "client/output/process.h"
#include "client/output/tell.h"
#include "client/output/written.h"
#include "fence/actions.h"
#include "fence/describe.h"
#include "fence/options.h"
#include "fence/say.h"
#include "fence/wait.h"
#include "lib/sysrq.h"

static enum fence_exit version(void)
{
	printf("fence_sysrq %s\n", sysrq_version());
	return written("the version") ? FENCE_OK : FENCE_FAILED;
}

static enum fence_exit run(const struct options *options)
{
	const char *name = options->value[OPTION_ACTION];
	const struct action *action = action_find(name);

	if (option_is_on(options, OPTION_HELP))
		return describe_help();
	if (option_is_on(options, OPTION_VERSION))
		return version();
	if (!action) {
		tell_bad("action", name,
			 "an action that fence_sysrq --help lists");
		return FENCE_FAILED;
	}
	say("action %s", name);
	if (action->delayed)
		wait_until(sysrq_now() + option_ns(options, OPTION_DELAY));
	return action->run(options);
}

int main(int argc, char **argv)
{
	struct options options;
	enum fence_exit status = FENCE_FAILED;

	process_begin();
	tell_as("fence_sysrq", NULL);
	if (sodium_init() < 0) {
		tell("cannot start libsodium; nothing was sent");
		return FENCE_FAILED;
	}
	if (options_get(&options, argc, argv)) {
		say_begin(&options);
		status = run(&options);
		say("exit %d", status);
	}
	options_wipe(&options);
	return status;
}
