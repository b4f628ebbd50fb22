// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/uio.h - reads and writes with several buffers (POSIX.1-2017, <sys/uio.h>).
 *
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

struct iovec {
	void *iov_base;
	size_t iov_len; /* [bytes] */
};

#define UIO_MAXIOV 1024

__BEGIN_DECLS

ssize_t readv(int __fd, const struct iovec *__iov, int __iovcnt);
ssize_t writev(int __fd, const struct iovec *__iov, int __iovcnt);

__END_DECLS
