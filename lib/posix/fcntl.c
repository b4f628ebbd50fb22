// SPDX-License-Identifier: BSD-2-Clause
/*
 * fcntl.c - descriptors and their flags: fcntl(), dup(), ioctl(), close_range().
 */
#define _GNU_SOURCE /* dup3() */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

#define SETTABLE_FLAGS (O_APPEND | O_NONBLOCK) /* by F_SETFL */
#define OWNED          (1u << 30)              /* in file.flags: F_SETOWN named this process */

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

/* There is one process, and nothing to tell its owner by a signal; whom it belongs to is kept. */
static int set_owner(struct file *f, int owner)
{
	if (owner != 0 && owner != getpid() && owner != -getpid())
		return -ESRCH;
	set_flags(f, OWNED, owner ? OWNED : 0);
	return 0;
}

static int pipe_room(struct file *f, unsigned long request, int bytes)
{
	int err = file_control(f, request, &bytes);

	if (err)
		return err == -ENOTTY ? -EBADF : err;
	return bytes;
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
		return (int)(READ_ONCE(f->flags) & ~OWNED);
	case F_SETFL:
		set_flags(f, SETTABLE_FLAGS, (uint32_t)arg);
		return 0;
	case F_GETOWN:
		return READ_ONCE(f->flags) & OWNED ? getpid() : 0;
	case F_SETOWN:
		return set_owner(f, (int)arg);
	case F_GETPIPE_SZ:
		return pipe_room(f, FILE_CONTROL_GET_ROOM, 0);
	case F_SETPIPE_SZ:
		return pipe_room(f, FILE_CONTROL_SET_ROOM, (int)arg);
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

/* What is left of a file with an end. */
static int bytes_left(struct file *f, int *left)
{
	struct stat st = { 0 };
	off_t at;

	if (!f->ops->seek || !f->ops->stat || f->ops->stat(f, &st) || !S_ISREG(st.st_mode))
		return -ENOTTY;
	at = f->ops->seek(f, 0, SEEK_CUR);
	if (at < 0)
		return (int)at;
	*left = (int)MIN(MAX(st.st_size - at, (off_t)0), (off_t)INT_MAX);
	return 0;
}

static int ioctl_file(int fd, struct file *f, unsigned long request, void *arg)
{
	int err;

	switch (request) {
	case FIONBIO:
		set_flags(f, O_NONBLOCK, *(int *)arg ? O_NONBLOCK : 0);
		return 0;
	case FIOASYNC:
		return *(int *)arg ? -ENOTTY : 0;
	case FIOCLEX:
	case FIONCLEX:
		return fd_set_close_on_exec(fd, request == FIOCLEX);
	default:
		err = file_control(f, request, arg);
		return err == -ENOTTY && request == FIONREAD ? bytes_left(f, arg) : err;
	}
}

UNIK_API int ioctl(int fd, unsigned long request, ...)
{
	struct file *f = fd_get(fd);
	va_list ap;
	int ret;

	if (!f)
		return (int)posix_result(-EBADF);
	va_start(ap, request);
	ret = ioctl_file(fd, f, request, va_arg(ap, void *));
	va_end(ap);
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

static int on_range(unsigned first, unsigned last, int flags)
{
	if (first > last || flags & ~(int)CLOSE_RANGE_CLOEXEC)
		return -EINVAL;
	for (unsigned end = fd_end(); first <= last && first < end; first++) {
		if (flags)
			(void)fd_set_close_on_exec((int)first, true);
		else
			(void)fd_close((int)first);
	}
	return 0;
}

UNIK_API int close_range(unsigned first, unsigned last, int flags)
{
	return (int)posix_result(on_range(first, last, flags));
}

UNIK_API void closefrom(int first)
{
	on_range((unsigned)MAX(first, 0), UINT_MAX, 0);
}
