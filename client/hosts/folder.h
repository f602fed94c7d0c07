/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SRQ_FOLDER_H
#define SRQ_FOLDER_H

#include <stdbool.h>

/* Make the folder of the file at path, and the folders above it: that of the system's
 * files for all users to read, others for the owner alone. False: errno says why. */
bool folder_make_for(const char *path);

/* Is the file at path one of the system, which all users read? */
bool folder_is_of_system(const char *path);

#endif
