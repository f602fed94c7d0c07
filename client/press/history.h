/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps a record of what was pressed, as the host's own log is lost with its
 * reboot: in the user's file, ~/.local/state/send_sysrq/history or
 * send_sysrq/history below $XDG_STATE_HOME; and in the system's log, if the
 * configuration of the host has Log.
 */
#ifndef SRQ_HISTORY_H
#define SRQ_HISTORY_H

#include <stdio.h>

#include "client/press/run.h"

/* Before history_note(): begin to ask for the name of the user, while letters are pressed. */
void history_begin(void);

/*
 * Note a run whose pressing has ended. One that waits until the host is back is noted
 * before the wait, and again after it. A run that sent no command is left out. If the
 * record cannot be written, this is told on stderr once.
 */
void history_note(const struct run *run);

/*
 * Print the last `most` lines of the user's file to out, of these hosts only, or of
 * all if there are none. False: the file cannot be read, as has been told on
 * stderr. No file is an empty one.
 */
bool history_print(FILE *out, uint32_t most, const struct hosts *hosts);

#endif
