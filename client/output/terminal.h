/* SPDX-License-Identifier: GPL-2.0 */
/* What the terminal at a stream's other end can do. */
#ifndef SRQ_TERMINAL_H
#define SRQ_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_RESET	  "\033[0m"
#define TERMINAL_RED	  "\033[31m"
#define TERMINAL_GREEN	  "\033[32m"
#define TERMINAL_YELLOW	  "\033[33m"
#define TERMINAL_BOLD_RED "\033[1;31m"

/*
 * Is it a terminal, and are colours welcome there? Not where NO_COLOR is set
 * and not empty, nor where TERM is not set, empty or "dumb".
 */
bool terminal_colour(FILE *stream);

/* Its columns, 80 where it does not say; 0: it is no terminal. */
unsigned int terminal_width(FILE *stream);

#endif
