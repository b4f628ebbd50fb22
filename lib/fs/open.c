// SPDX-License-Identifier: BSD-2-Clause
/*
 * open.c - open() where nobody knows beforehand what for.
 */
#define _GNU_SOURCE
#define __UNIK_NO_OPEN_READ /* the function itself is defined here */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include "lib/fs/at.h"
#include "lib/fs/change.h"
#include "lib/fs/parts.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

static int open_at(int dir_fd, const char *path, int flags, mode_t mode)
{
	struct vnode *start;
	struct file *f;
	int fd;

	FS_NEED(generated);
	fd = at_start(dir_fd, path, &start);
	if (fd)
		return fd;
	fd = vfs_open_any(start, path, (uint32_t)flags, mode, &f);
	at_end(start);
	if (fd)
		return fd;
	fd = fd_alloc(f, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

UNIK_API int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return (int)posix_result(open_at(AT_FDCWD, path, flags, mode));
}

UNIK_API int openat(int fd, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return (int)posix_result(open_at(fd, path, flags, mode));
}

UNIK_API int creat(const char *path, mode_t mode)
{
	return (int)posix_result(open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode));
}
