// SPDX-License-Identifier: BSD-2-Clause
/*
 * entropy.c - getrandom() and getentropy(), which newlib's arc4random() also calls.
 *
 * The generator never blocks, so the flags of getrandom() make no difference.
 */
#include <sys/random.h>
#include "kernel/random.h"
#include "lib/libc/result.h"

#define GETENTROPY_MAX 256 /* more is an error by definition */

UNIK_API ssize_t getrandom(void *buf, size_t len, unsigned flags)
{
	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM))
		return posix_result(-EINVAL);
	len = MIN(len, (size_t)PTRDIFF_MAX);
	random_bytes(buf, len);
	return len;
}

UNIK_API int getentropy(void *buf, size_t len)
{
	if (len > GETENTROPY_MAX)
		return posix_result(-EIO);
	random_bytes(buf, len);
	return 0;
}
