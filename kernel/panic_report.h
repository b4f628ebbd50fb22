// SPDX-License-Identifier: BSD-2-Clause
/*
 * panic_report.h - the pieces of a panic, for whoever has more to say than a line (traps).
 *
 * panic_begin() prints "unik: panic: "; then the reason without newline; panic_where() ends the
 * line with the thread's name; then registers and backtrace; panic_end() adds the last log lines
 * and stops the machine. A panic within a panic stops at once. Any context; allocates nothing.
 */
#pragma once
#include "kernel/panic.h"

void panic_begin(void);
void panic_print(const char *format, ...) UNIK_PRINTF(1, 2);
void panic_where(void);
UNIK_NORETURN void panic_end(void);
