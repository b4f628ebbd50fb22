// SPDX-License-Identifier: BSD-2-Clause
/*
 * uio.c - readv(), pread() and their like.
 */
#include <errno.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

typedef ssize_t transfer(struct file *f, const struct iovec *iov, int niov, off_t at);

static ssize_t read_now(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	return file_readv(f, iov, niov);
}

static ssize_t write_now(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	return file_writev(f, iov, niov);
}

static ssize_t read_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	if (!f->ops->read_at)
		return -ESPIPE;
	return file_may_read(f) ? f->ops->read_at(f, iov, niov, at) : -EBADF;
}

static ssize_t write_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	if (!f->ops->write_at)
		return f->ops->seek ? -EBADF : -ESPIPE;
	return file_may_write(f) ? f->ops->write_at(f, iov, niov, at) : -EBADF;
}

static int check_iov(const struct iovec *iov, int niov)
{
	size_t total = 0;

	if (niov <= 0 || niov > IOV_MAX)
		return -EINVAL;
	for (int i = 0; i < niov; i++)
		if (__builtin_add_overflow(total, iov[i].iov_len, &total) || total > SSIZE_MAX)
			return -EINVAL;
	return 0;
}

static ssize_t transfer_once(int fd, const struct iovec *iov, int niov, off_t at, transfer *op)
{
	struct file *f = fd_get(fd);
	ssize_t n;

	if (!f)
		return -EBADF;
	n = at < 0 ? -EINVAL : check_iov(iov, niov);
	if (!n)
		n = op(f, iov, niov, at);
	file_put(f);
	return n;
}

static ssize_t on_descriptor(int fd, const struct iovec *iov, int niov, off_t at, transfer *op)
{
	return posix_call(transfer_once(fd, iov, niov, at, op));
}

UNIK_API ssize_t readv(int fd, const struct iovec *iov, int niov)
{
	return on_descriptor(fd, iov, niov, 0, read_now);
}

UNIK_API ssize_t writev(int fd, const struct iovec *iov, int niov)
{
	return on_descriptor(fd, iov, niov, 0, write_now);
}

UNIK_API ssize_t pread(int fd, void *buf, size_t len, off_t at)
{
	struct iovec iov = { buf, len };

	return on_descriptor(fd, &iov, 1, at, read_at);
}

UNIK_API ssize_t pwrite(int fd, const void *buf, size_t len, off_t at)
{
	struct iovec iov = { (void *)buf, len };

	return on_descriptor(fd, &iov, 1, at, write_at);
}

UNIK_API ssize_t preadv(int fd, const struct iovec *iov, int niov, off_t at)
{
	return on_descriptor(fd, iov, niov, at, read_at);
}

UNIK_API ssize_t pwritev(int fd, const struct iovec *iov, int niov, off_t at)
{
	return on_descriptor(fd, iov, niov, at, write_at);
}

UNIK_API ssize_t preadv2(int fd, const struct iovec *iov, int niov, off_t at, int flags)
{
	if (flags)
		return posix_result(-EOPNOTSUPP);
	return at == -1 ? readv(fd, iov, niov) : preadv(fd, iov, niov, at);
}

UNIK_API ssize_t pwritev2(int fd, const struct iovec *iov, int niov, off_t at, int flags)
{
	if (flags)
		return posix_result(-EOPNOTSUPP);
	return at == -1 ? writev(fd, iov, niov) : pwritev(fd, iov, niov, at);
}
