/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of sysrq keys; their names are in sysrq.h. */
#ifndef SRQ_KEYNAME_H
#define SRQ_KEYNAME_H

#include <stdbool.h>

/* Ends the host by design: after it there is nothing but silence. */
bool srq_key_ends_host(char key);

#endif
