/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_PROCESS_H
#define SRQ_PROCESS_H

/*
 * What each program does first:
 *
 * - It opens /dev/null for each standard stream that is closed. Otherwise a socket or a key
 *   file would get its number. Writing to it fails, so that a printed key is not lost
 *   without a message.
 * - A closed pipe or connection does not end it.
 * - The end of a child has a status, whatever the program before has set.
 * - Its memory, which has keys, is never dumped.
 * - It may have as many open files as the system permits: a host or a connection may need one.
 */
void process_begin(void);

#endif
