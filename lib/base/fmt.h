// SPDX-License-Identifier: BSD-2-Clause
/*
 * fmt.h - the small formatter of kernel and drivers (newlib's printf is for programs).
 *
 * Conversions: %d %i %u %x %X %c %s %p %%, with '0', '-', a width, `*`, a precision for %s, and
 * the lengths hh h l ll z j t. No floating point. The result is always terminated when size > 0.
 * Reentrant, allocates nothing, any context.
 */
#pragma once
#include <stdarg.h>
#include "lib/base/compiler.h"

/*
 * fmt_vsnprintf(), fmt_snprintf() - format into out[0..size).
 *
 * Returns the length that the whole text has [bytes, without the terminator], as snprintf does.
 */
size_t fmt_vsnprintf(char *out, size_t size, const char *format, va_list ap) UNIK_PRINTF(3, 0);
size_t fmt_snprintf(char *out, size_t size, const char *format, ...) UNIK_PRINTF(3, 4);
