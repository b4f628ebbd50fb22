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

#define RWF_HIPRI  0x01
#define RWF_DSYNC  0x02
#define RWF_SYNC   0x04
#define RWF_NOWAIT 0x08
#define RWF_APPEND 0x10

__BEGIN_DECLS

ssize_t readv(int __fd, const struct iovec *__iov, int __iovcnt);
ssize_t writev(int __fd, const struct iovec *__iov, int __iovcnt);

/* preadv(), pwritev() - the same at an offset; the file's own stays. The second kind takes -1 for
 * the file's own offset; no RWF_* flag is supported (EOPNOTSUPP). */
ssize_t preadv(int __fd, const struct iovec *__iov, int __iovcnt, off_t __at);
ssize_t pwritev(int __fd, const struct iovec *__iov, int __iovcnt, off_t __at);
ssize_t preadv2(int __fd, const struct iovec *__iov, int __iovcnt, off_t __at, int __flags);
ssize_t pwritev2(int __fd, const struct iovec *__iov, int __iovcnt, off_t __at, int __flags);

__END_DECLS
