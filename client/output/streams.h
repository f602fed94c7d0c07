/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_STREAMS_H
#define SRQ_STREAMS_H

/*
 * Open /dev/null for each standard stream that is closed. Otherwise a socket or
 * a key file would get its number. Writing to it fails, so that a printed key
 * is not lost without a message.
 */
void streams_open(void);

#endif
