/* SPDX-License-Identifier: GPL-2.0 */
/* What a sysrq key does, in the words of the kernel's own help. */
#ifndef SRQ_KEYNAME_H
#define SRQ_KEYNAME_H

#include <stdbool.h>

enum { SRQ_KEYNAME_MAX = 32 };

/*
 * The name of a key out of [0-9a-zA-Z], such as "sync" for 's'; the key's own
 * letter where the kernel has no name for it. Never NULL. The text is valid
 * until the program ends.
 */
const char *srq_key_name(char key);

/* Ends the host by design: after it there is nothing but silence. */
bool srq_key_ends_host(char key);

#endif
