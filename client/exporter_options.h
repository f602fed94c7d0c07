/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line of send_sysrq exporter. send_sysrq reads it, and then the program
 * of the package send-sysrq-exporter, which it starts.
 */
#ifndef SRQ_EXPORTER_OPTIONS_H
#define SRQ_EXPORTER_OPTIONS_H

#include <netinet/in.h>

#include "client/options.h"

struct exporter_options {
	struct target_options common;
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} listen;
};

/* Read argv, as options_read() does, and set the defaults before. */
enum options_result exporter_options_read(struct exporter_options *options,
					  int argc, char **argv);

#endif
