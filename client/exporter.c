// SPDX-License-Identifier: GPL-2.0
/* send_sysrq exporter: starts the program that Prometheus asks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/exporter_options.h"
#include "client/libexec.h"
#include "client/subcommand.h"
#include "client/output/tell.h"

int exporter_main(int argc, char **argv,
		  const struct password_variable *variable)
{
	struct exporter_options options;
	char self[PATH_MAX], path[LIBEXEC_MAX];
	char **args = malloc(((size_t)argc + 1) * sizeof(*args));
	enum options_result result;

	(void)variable;
	if (!args || !libexec_find(self, path, "send_sysrq/exporter")) {
		tell("cannot start the exporter: %s", strerror(errno));
		free(args);
		return EXIT_MACHINE;
	}
	/* Reading changes the order of argv. */
	memcpy(args, argv, ((size_t)argc + 1) * sizeof(*args));
	result = exporter_options_read(&options, argc, argv);
	if (result == OPTIONS_READ) {
		execv(path, args);
		if (errno == ENOENT)
			tell("the exporter is not installed: install the "
			     "package send-sysrq-exporter (there is no %s)",
			     path);
		else
			tell("cannot start %s: %s", path, strerror(errno));
	}
	free(args);
	return result == OPTIONS_SHOWN   ? EXIT_ALL_DONE
	       : result == OPTIONS_WRONG ? EXIT_USAGE
					 : EXIT_MACHINE;
}
