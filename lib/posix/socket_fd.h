// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket_fd.h - descriptors of sockets. Any thread.
 */
#pragma once
#include <errno.h>
#include "kernel/socket_calls.h"
#include "lib/libc/fd.h"

/* socket_fd_get() - the file with a reference; NULL and *err: -EBADF, -ENOTSOCK. */
static inline struct file *socket_fd_get(int fd, long *err)
{
	struct file *f = fd_get(fd);

	if (unlikely(!f)) {
		*err = -EBADF;
		return NULL;
	}
	if (unlikely(!f->ops->socket)) {
		file_put(f);
		*err = -ENOTSOCK;
		return NULL;
	}
	return f;
}
