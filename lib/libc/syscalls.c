// SPDX-License-Identifier: BSD-2-Clause
/*
 * syscalls.c - the descriptor calls that newlib's streams and every program are built on.
 *
 * POSIX.1-2017, XSH chapter 3, under each name. What takes a path is in lib/fs, so that a
 * program without one has no file system.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

static long read_once(int fd, struct iovec *iov)
{
	struct file *f = fd_get(fd);
	ssize_t n = -EBADF;

	if (likely(f != NULL)) {
		n = file_readv(f, iov, 1);
		file_put(f);
	}
	return n;
}

UNIK_API ssize_t read(int fd, void *buf, size_t len)
{
	struct iovec iov = { buf, len };

	return posix_call(read_once(fd, &iov));
}

static long write_once(int fd, struct iovec *iov)
{
	struct file *f = fd_get(fd);
	ssize_t n = -EBADF;

	if (likely(f != NULL)) {
		n = file_writev(f, iov, 1);
		file_put(f);
	}
	return n;
}

UNIK_API ssize_t write(int fd, const void *buf, size_t len)
{
	struct iovec iov = { (void *)buf, len };

	return posix_call(write_once(fd, &iov));
}

UNIK_API int close(int fd)
{
	return (int)posix_result(fd_close(fd));
}

UNIK_API off_t lseek(int fd, off_t offset, int whence)
{
	struct file *f = fd_get(fd);
	off_t pos = -EBADF;

	if (f) {
		pos = f->ops->seek ? f->ops->seek(f, offset, whence) : -ESPIPE;
		file_put(f);
	}
	return posix_result(pos);
}

UNIK_API int fstat(int fd, struct stat *out)
{
	struct file *f = fd_get(fd);
	int err = -EBADF;

	if (f) {
		memset(out, 0, sizeof(*out));
		err = f->ops->stat ? f->ops->stat(f, out) : -EINVAL;
		file_put(f);
	}
	return (int)posix_result(err);
}

UNIK_API int isatty(int fd)
{
	struct file *f = fd_get(fd);
	int err = -EBADF;

	if (f) {
		err = file_control(f, FILE_CONTROL_IS_TERMINAL, NULL);
		file_put(f);
	}
	return posix_result(err) == 0;
}
