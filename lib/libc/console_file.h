// SPDX-License-Identifier: BSD-2-Clause
/*
 * console_file.h - the console as an open file: standard input, output and error.
 *
 * Writing is polled and complete when the call returns. Reading is by line, as from a terminal:
 * what is typed is echoed, backspace takes back, ^U takes the line back, ^D ends the input.
 *
 * Threading: any thread; a read and a write hold a lock each. Errors: -errno.
 */
#pragma once
#include "kernel/file.h"

/* The one open file of the console. It is never freed. */
extern struct file console_file;

/* console_file_take_typed() - what was typed and not read, up to `size` bytes; it is gone then. For
 * a line discipline that takes the place of this one (lib/posix/tty.h). Returns how many. */
size_t console_file_take_typed(char *out, size_t size);

/* console_interrupt() - somebody typed ^C; in a thread that collects input. NULL, without signals:
 * the program ends. */
extern void (*console_interrupt)(void);
