/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The exit statuses of send_sysrq; help.c explains them.
 */
#ifndef SRQ_EXIT_H
#define SRQ_EXIT_H

enum exit_status {
	EXIT_ALL_DONE = 0,
	EXIT_NOT_ALL_COMPLETE = 1,
	EXIT_USAGE = 2,
	EXIT_SENT_ONE_WAY = 3,
	EXIT_END_NOT_SEEN = 4,
	EXIT_NO_ANSWER = 5,
	EXIT_PORT_CLOSED = 6,
	EXIT_UNREACHABLE = 7,
	EXIT_NOT_MASK = 8,
	EXIT_NOT_PERMITTED = 9,
	EXIT_NO_SUCH_LETTER = 10,
	EXIT_CLOCK = 11,
	EXIT_REFUSED = 12,
	EXIT_MACHINE = 13,
	EXIT_NOT_BACK = 14,
};

/*
 * Those of `send_sysrq status`, as monitoring expects them: 1 warning, 2
 * critical, 3 unknown.
 */
enum status_exit {
	STATUS_ARMED,
	STATUS_NOT_ARMED,
	STATUS_SILENT,
	STATUS_FAULT
};

#endif
