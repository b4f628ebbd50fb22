// SPDX-License-Identifier: BSD-2-Clause
/*
 * sync.c - writing back, which memory does not need, and devices do; and locks of files, which one
 * process alone always gets.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include "kernel/sealed.h"
#include "lib/fs/at.h"
#include "lib/fs/sync.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

int (*SEALED fs_sync_devices)(void);

/* What only lies in memory and has a name needs nothing. */
static int sync_file(struct file *f)
{
	struct vnode *v;
	int err = file_control(f, FILE_CONTROL_SYNC, NULL);

	if (err != -ENOTTY)
		return err;
	err = file_control(f, FILE_CONTROL_VNODE, &v);
	if (!err)
		vnode_put(v);
	return err ? -EINVAL : 0;
}

static int sync_descriptor(int fd)
{
	struct file *f = fd_get(fd);
	int err = -EBADF;

	if (f) {
		err = sync_file(f);
		file_put(f);
	}
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
	if (fs_sync_devices)
		(void)fs_sync_devices();
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
