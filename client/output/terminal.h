/* SPDX-License-Identifier: GPL-2.0 */
/* Says what a terminal can do. */
#ifndef SRQ_TERMINAL_H
#define SRQ_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_RESET    "\033[0m"
#define TERMINAL_RED      "\033[31m"
#define TERMINAL_GREEN    "\033[32m"
#define TERMINAL_YELLOW   "\033[33m"
#define TERMINAL_BOLD_RED "\033[1;31m"

/*
 * True: stream is a terminal that shows colours, and the user wants them. TERM
 * is set, not empty and not "dumb"; NO_COLOR is not set, or empty.
 */
bool terminal_colour(FILE *stream);

/*
 * The terminal's number of columns; 80 if the terminal does not know it. 0:
 * stream is not a terminal.
 */
unsigned int terminal_width(FILE *stream);

#endif
