/* SPDX-License-Identifier: GPL-2.0 */
/* Asks ClusterShell's nodeset which hosts a group such as @web has. */
#ifndef SRQ_GROUP_H
#define SRQ_GROUP_H

/*
 * Run `nodeset -f @group`. *hosts becomes a list such as "db1,web[01-40]",
 * which the caller frees. NULL: all is well. Otherwise: what was expected
 * instead of the group; valid until the next call. group stays as it is.
 */
const char *group_expand(char *group, char **hosts);

#endif
