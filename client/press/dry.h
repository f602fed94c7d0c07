/* SPDX-License-Identifier: GPL-2.0 */
/* Shows what a command would do, for --dry-run. */
#ifndef SRQ_DRY_H
#define SRQ_DRY_H

#include "client/press/run.h"

/* Print on stdout which letters would be sent to which hosts. EXIT_UNREACHABLE: one of
 * them is not known. */
enum exit_status dry_show(const struct plan *plan,
			  const struct targets *targets);

#endif
