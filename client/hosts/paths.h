/* SPDX-License-Identifier: GPL-2.0 */
/* The places of the user's and the system's files. */
#ifndef SRQ_PATHS_H
#define SRQ_PATHS_H

/*
 * Return the path of the user's file of that name, ~/.config/send_sysrq/NAME or
 * below $XDG_CONFIG_HOME. The caller frees it. NULL: there is no home folder
 * (errno is 0), or no memory (errno is ENOMEM).
 */
char *path_of_user(const char *name);

/*
 * The same of ~/.local/state/send_sysrq/NAME or below $XDG_STATE_HOME. Root writes
 * there: if these are another user's, as after `sudo -E`, it is below root's own home
 * folder. Else the user could not write the file, and his links would lead root away.
 */
char *path_of_state(const char *name);

#ifndef SYSRQ_SYSCONFDIR
#define SYSRQ_SYSCONFDIR "/etc"
#endif

/* The system's files are in this folder. */
#define PATH_OF_SYSTEM SYSRQ_SYSCONFDIR "/send_sysrq/"

#endif
