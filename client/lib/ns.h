/* SPDX-License-Identifier: GPL-2.0 */
/* Times are in nanoseconds. */
#ifndef SRQ_NS_H
#define SRQ_NS_H

#define MILLISECOND 1000000ULL
#define SECOND	    1000000000ULL

#endif
