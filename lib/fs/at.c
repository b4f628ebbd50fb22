// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE /* AT_EMPTY_PATH */
#include "lib/fs/at.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"

int at_vnode(int fd, struct vnode **out)
{
	struct file *f = fd_get(fd);
	int err;

	if (!f)
		return -EBADF;
	err = file_control(f, FILE_CONTROL_VNODE, out);
	file_put(f);
	return err ? -EINVAL : 0;
}

int at_start(int fd, const char *path, struct vnode **out)
{
	int err;

	*out = NULL;
	if (fd == AT_FDCWD || *path == '/')
		return 0;
	err = at_vnode(fd, out);
	if (err)
		return err == -EINVAL ? -ENOTDIR : err;
	if (S_ISDIR((*out)->mode))
		return 0;
	vnode_put(*out);
	return -ENOTDIR;
}

int at_lookup(int fd, const char *path, int flags, struct vnode **out)
{
	struct vnode *start;
	int err;

	if ((flags & AT_EMPTY_PATH) && *path == '\0') {
		if (fd != AT_FDCWD)
			return at_vnode(fd, out);
		path = ".";
	}
	err = at_start(fd, path, &start);
	if (err)
		return err;
	err = vfs_lookup(start, path, !(flags & AT_SYMLINK_NOFOLLOW), out);
	at_end(start);
	return err;
}
