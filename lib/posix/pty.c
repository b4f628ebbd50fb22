// SPDX-License-Identifier: BSD-2-Clause
/*
 * pty.c - pairs of terminals, of which there are none: no descriptor is the master of one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pty.h>
#include <stdlib.h>
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

UNIK_API int openpty(int *master, int *slave, char *name, const struct termios *mode,
		     const struct winsize *size)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int posix_openpt(int flags)
{
	return (int)posix_result(-ENOSYS);
}

static int no_master(int fd)
{
	struct file *f = fd_get(fd);

	if (!f)
		return -EBADF;
	file_put(f);
	return -EINVAL;
}

UNIK_API int grantpt(int fd)
{
	return (int)posix_result(no_master(fd));
}

UNIK_API int unlockpt(int fd)
{
	return (int)posix_result(no_master(fd));
}

UNIK_API int ptsname_r(int fd, char *name, size_t size)
{
	int err = no_master(fd);

	return err == -EINVAL ? ENOTTY : -err;
}

UNIK_API char *ptsname(int fd)
{
	errno = ptsname_r(fd, NULL, 0);
	return NULL;
}
