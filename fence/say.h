/* SPDX-License-Identifier: GPL-2.0 */
/* What --verbose and --debug-file show, beside the messages of tell(). */
#ifndef SRQ_FENCE_SAY_H
#define SRQ_FENCE_SAY_H

struct options;

/* Do as quiet, verbose and debug_file say. Without it say() says nothing. */
void say_begin(const struct options *options);

/* Say a sentence about what is done, without a newline. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

#endif
