// SPDX-License-Identifier: BSD-2-Clause
/*
 * flockfile.c - a stream's lock for longer than one call (POSIX.1-2017, flockfile()).
 *
 * newlib declares these and takes the same lock in each of its calls.
 */
#include <stdio.h>
#include <sys/lock.h>
#include "lib/base/compiler.h"

UNIK_API void flockfile(FILE *stream)
{
	__lock_acquire_recursive(stream->_lock);
}

UNIK_API int ftrylockfile(FILE *stream)
{
	return __lock_try_acquire_recursive(stream->_lock);
}

UNIK_API void funlockfile(FILE *stream)
{
	__lock_release_recursive(stream->_lock);
}
