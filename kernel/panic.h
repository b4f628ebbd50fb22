// SPDX-License-Identifier: BSD-2-Clause
/*
 * panic.h - the end, and the checks that lead to it.
 *
 * ASSERT() states what our own code guarantees; it stays on in release and has no side effect.
 * Input from outside is never asserted: it gets an error. A panic prints the reason, the
 * registers, a backtrace and the last log lines on the polled console, then stops the machine
 * with status 134. Callable from any context.
 */
#pragma once
#include "lib/base/compiler.h"

#define PANIC_STATUS 134 /* what a shell reports for abort(): 128 + SIGABRT */

/*
 * panic() - stop the machine because of a fault of ours that cannot be survived.
 *
 * Context: any. Does not return.
 */
UNIK_NORETURN UNIK_COLD void panic(const char *format, ...) UNIK_PRINTF(1, 2);

UNIK_NORETURN UNIK_COLD void panic_assert(const char *where, const char *what);

#define UNIK_STR_(x) #x
#define UNIK_STR(x)  UNIK_STR_(x)
#define ASSERT(cond)                                                          \
	do {                                                                  \
		if (unlikely(!(cond)))                                        \
			panic_assert(__FILE__ ":" UNIK_STR(__LINE__), #cond); \
	} while (0)
