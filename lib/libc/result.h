// SPDX-License-Identifier: BSD-2-Clause
/*
 * result.h - the one edge at which errno is set.
 *
 * Everything below returns a value or -errno; the functions that a program calls turn that into
 * what POSIX says with these. No locks; errno is the calling thread's.
 */
#pragma once
#include <errno.h>
#include "lib/base/compiler.h"

/*
 * posix_result() - the return value of a POSIX function.
 *
 * value   a result >= 0, or -errno
 *
 * Returns value, or -1 with errno set. Context: thread.
 */
static inline long posix_result(long value)
{
	if (unlikely(value < 0)) {
		errno = (int)-value;
		return -1;
	}
	return value;
}
