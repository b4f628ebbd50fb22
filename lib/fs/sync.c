// SPDX-License-Identifier: BSD-2-Clause
/*
 * sync.c - writing back, which memory does not need; and locks of files, which one process alone
 * always gets.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include "lib/fs/at.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

static int sync_descriptor(int fd)
{
	struct vnode *v;
	int err = at_vnode(fd, &v);

	if (!err)
		vnode_put(v);
	return (int)posix_result(err);
}

UNIK_API int fsync(int fd)
{
	return sync_descriptor(fd);
}

UNIK_API int fdatasync(int fd)
{
	return sync_descriptor(fd);
}

UNIK_API int syncfs(int fd)
{
	return sync_descriptor(fd);
}

UNIK_API void sync(void)
{
}

UNIK_API int flock(int fd, int operation)
{
	struct file *f = fd_get(fd);
	int how = operation & ~LOCK_NB;

	if (!f)
		return (int)posix_result(-EBADF);
	file_put(f);
	return (int)posix_result(how == LOCK_SH || how == LOCK_EX || how == LOCK_UN ? 0 : -EINVAL);
}

UNIK_API int lockf(int fd, int how, off_t len)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = len };

	switch (how) {
	case F_ULOCK:
		l.l_type = F_UNLCK;
		return fcntl(fd, F_SETLK, &l);
	case F_LOCK:
	case F_TLOCK:
		return fcntl(fd, F_SETLK, &l);
	case F_TEST: /* nobody else could have a lock */
		return fcntl(fd, F_GETLK, &l);
	default:
		return (int)posix_result(-EINVAL);
	}
}
