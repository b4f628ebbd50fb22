// SPDX-License-Identifier: BSD-2-Clause
/*
 * paths.c - the POSIX calls that take a path. The first one that a program makes brings up the
 * file systems.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h> /* rename() */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fs/socket_name.h"
#include "lib/fs/vfs.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

UNIK_API int open(const char *path, int flags, ...)
{
	struct file *f;
	int fd = vfs_open(path, (uint32_t)flags, &f);

	if (fd == 0) {
		fd = fd_alloc(f, flags & O_CLOEXEC);
		if (fd < 0)
			file_put(f);
	}
	return (int)posix_result(fd);
}

UNIK_API int creat(const char *path, mode_t mode)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

UNIK_API int stat(const char *path, struct stat *out)
{
	struct vnode *v;
	int err = vfs_lookup(path, &v);

	if (!err)
		vnode_stat(v, out);
	return (int)posix_result(err);
}

/* There are no symbolic links to follow. */
UNIK_API int lstat(const char *path, struct stat *out)
{
	return stat(path, out);
}

/* There are no users: only what is impossible is denied. */
UNIK_API int access(const char *path, int how)
{
	struct vnode *v;
	int err = vfs_lookup(path, &v);

	if (!err && (how & W_OK) && !S_ISCHR(v->mode))
		err = -EROFS;
	if (!err && (how & X_OK) && !(v->mode & 0111))
		err = -EACCES;
	return (int)posix_result(err);
}

UNIK_API int chdir(const char *path)
{
	return (int)posix_result(vfs_chdir(path));
}

UNIK_API char *getcwd(char *out, size_t size)
{
	char *given = out;
	int err;

	if (size == 0) {
		if (given) {
			errno = EINVAL;
			return NULL;
		}
		size = PATH_MAX;
	}
	if (!given && !(out = malloc(size)))
		return NULL;
	err = vfs_getcwd(out, size);
	if (posix_result(err) >= 0)
		return out;
	if (!given)
		free(out);
	return NULL;
}

/* What changes a tree that cannot be changed: EROFS, unless something else is wrong first. */
static int refuse_change(const char *path, bool makes)
{
	struct vnode *v;
	int err = vfs_lookup(path, &v);

	if (makes)
		err = err == 0 ? -EEXIST : err == -ENOENT ? -EROFS : err;
	else if (!err)
		err = -EROFS;
	return (int)posix_result(err);
}

int (*fs_unlink_socket)(const char *path);

UNIK_API int unlink(const char *path)
{
	if (fs_unlink_socket && fs_unlink_socket(path) == 0)
		return 0;
	return refuse_change(path, false);
}

UNIK_API int rmdir(const char *path)
{
	return refuse_change(path, false);
}

UNIK_API int mkdir(const char *path, mode_t mode)
{
	return refuse_change(path, true);
}

UNIK_API int rename(const char *from, const char *to)
{
	return refuse_change(from, false);
}

UNIK_API int link(const char *from, const char *to)
{
	return refuse_change(to, true);
}

UNIK_API int truncate(const char *path, off_t size)
{
	return refuse_change(path, false);
}

UNIK_API int chmod(const char *path, mode_t mode)
{
	return refuse_change(path, false);
}
