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

/* console_interrupt() - somebody typed ^C; in a thread that collects input. NULL, without signals:
 * the program ends. */
extern void (*console_interrupt)(void);
