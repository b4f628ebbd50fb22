// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/file_io.h"
#include <errno.h>

ssize_t file_readv(struct file *f, const struct iovec *iov, int niov)
{
	if (!f->ops->read || !file_may_read(f))
		return -EBADF;
	return f->ops->read(f, iov, niov);
}

ssize_t file_writev(struct file *f, const struct iovec *iov, int niov)
{
	if (!f->ops->write || !file_may_write(f))
		return -EBADF;
	return f->ops->write(f, iov, niov);
}

int file_control(struct file *f, unsigned long request, void *arg)
{
	return f->ops->control ? f->ops->control(f, request, arg) : -ENOTTY;
}
