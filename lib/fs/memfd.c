// SPDX-License-Identifier: BSD-2-Clause
/*
 * memfd.c - a file without a name, from its beginning (Linux, memfd_create()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/libc/result.h"

#define NAME_BYTES 249 /* what Linux allows */

/* Nothing can be sealed, so nobody may ask for it; and all pages are of one size. */
UNIK_API int memfd_create(const char *name, unsigned flags)
{
	char path[] = "/tmp/memfd.XXXXXX";
	int fd;

	if (flags & ~MFD_CLOEXEC || strlen(name) > NAME_BYTES)
		return (int)posix_result(-EINVAL);
	fd = mkostemp(path, flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd >= 0)
		unlink(path);
	return fd;
}
