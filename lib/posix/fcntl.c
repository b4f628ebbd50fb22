// SPDX-License-Identifier: BSD-2-Clause
/*
 * fcntl.c - descriptors and their flags: fcntl(), dup(), ioctl().
 */
#define _GNU_SOURCE /* dup3() */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

#define SETTABLE_FLAGS (O_APPEND | O_NONBLOCK) /* by F_SETFL */

static void set_flags(struct file *f, uint32_t mask, uint32_t flags)
{
	uint32_t old = READ_ONCE(f->flags), new;

	do
		new = (old & ~mask) | (flags & mask);
	while (!__atomic_compare_exchange_n(&f->flags, &old, new, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED));
}

static int dup_from(struct file *f, int min, bool close_on_exec)
{
	int fd;

	if (min < 0 || min >= FD_MAX)
		return -EINVAL;
	fd = fd_alloc_from(file_get(f), min, close_on_exec);
	if (fd < 0)
		file_put(f);
	return fd;
}

/* Record locks: there is one process, and its own locks do not keep it out. */
static int lock_range(const struct file *f, int request, struct flock *l)
{
	if (l->l_whence != SEEK_SET && l->l_whence != SEEK_CUR && l->l_whence != SEEK_END)
		return -EINVAL;
	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK &&
	    (l->l_type != F_UNLCK || request == F_GETLK))
		return -EINVAL;
	if (request == F_GETLK)
		l->l_type = F_UNLCK;
	else if ((l->l_type == F_RDLCK && !file_may_read(f)) ||
		 (l->l_type == F_WRLCK && !file_may_write(f)))
		return -EBADF;
	return 0;
}

static int fcntl_file(int fd, struct file *f, int request, long arg)
{
	switch (request) {
	case F_DUPFD:
		return dup_from(f, (int)arg, false);
	case F_DUPFD_CLOEXEC:
		return dup_from(f, (int)arg, true);
	case F_GETFD:
		return fd_close_on_exec(fd);
	case F_SETFD:
		return fd_set_close_on_exec(fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return (int)READ_ONCE(f->flags);
	case F_SETFL:
		set_flags(f, SETTABLE_FLAGS, (uint32_t)arg);
		return 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return lock_range(f, request, (struct flock *)arg);
	default:
		return -EINVAL;
	}
}

UNIK_API int fcntl(int fd, int request, ...)
{
	struct file *f = fd_get(fd);
	va_list ap;
	int ret;

	if (!f)
		return (int)posix_result(-EBADF);
	va_start(ap, request);
	ret = fcntl_file(fd, f, request, va_arg(ap, long));
	va_end(ap);
	file_put(f);
	return (int)posix_result(ret);
}

UNIK_API int ioctl(int fd, unsigned long request, ...)
{
	struct file *f = fd_get(fd);
	va_list ap;
	void *arg;
	int ret = 0;

	if (!f)
		return (int)posix_result(-EBADF);
	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == FIONBIO)
		set_flags(f, O_NONBLOCK, *(int *)arg ? O_NONBLOCK : 0);
	else
		ret = file_control(f, request, arg);
	file_put(f);
	return (int)posix_result(ret);
}

UNIK_API int dup(int fd)
{
	return fcntl(fd, F_DUPFD, 0);
}

static int dup_to(int from, int to, bool close_on_exec)
{
	struct file *f = fd_get(from);
	int ret;

	if (!f)
		return -EBADF;
	ret = fd_replace(to, f, close_on_exec);
	if (ret < 0)
		file_put(f);
	return ret;
}

UNIK_API int dup2(int from, int to)
{
	if (from == to)
		return posix_result(fd_close_on_exec(from)) < 0 ? -1 : to;
	return (int)posix_result(dup_to(from, to, false));
}

UNIK_API int dup3(int from, int to, int flags)
{
	if (from == to || (flags & ~O_CLOEXEC))
		return (int)posix_result(-EINVAL);
	return (int)posix_result(dup_to(from, to, flags & O_CLOEXEC));
}
