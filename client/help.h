/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_HELP_H
#define SRQ_HELP_H

/* What --help says, to stdout. */
void help_show(void);

#endif
