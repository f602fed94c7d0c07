/* SPDX-License-Identifier: GPL-2.0 */
/* What is printed: the run on stdout, what went wrong on stderr. */
#ifndef SRQ_SHOW_H
#define SRQ_SHOW_H

#include "exit.h"
#include "session.h"

/* "192.0.2.7:9" or "[2001:db8::7]:9", also with a zone */
enum { PLACE_MAX = 80 };

struct show {
	const struct srq_session *session;
	const char (*places)[PLACE_MAX]; /* of each of ask->addresses */
	unsigned int port;
	char name[SRQ_NAME_LEN + 1]; /* what the host is called */
	bool terminal;		     /* stdout is one */
	bool line_open;		     /* the running step stands there */
	uint64_t redraw;	     /* when to show it next, ns */
	int name_width;
};

/* session, host and places outlive show; session need not have begun. */
void show_begin(struct show *show, const struct srq_session *session,
		const char *host, const char (*places)[PLACE_MAX],
		unsigned int port);

void show_event(struct show *show, enum srq_event event, uint8_t step,
		uint64_t now);

/*
 * On a terminal, the running step with the time it has taken so far. Returns
 * when to call again, ns, or SRQ_NEVER.
 */
uint64_t show_running(struct show *show, uint64_t now);

#endif
