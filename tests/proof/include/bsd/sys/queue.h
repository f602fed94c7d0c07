/* SPDX-License-Identifier: GPL-2.0 */
/* Frama-C looks for headers in its own libc and here, and this one is neither's. */
#include "/usr/include/bsd/sys/queue.h"
