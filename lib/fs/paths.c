// SPDX-License-Identifier: BSD-2-Clause
/*
 * paths.c - the POSIX calls that take a path and change nothing. The first one that a program
 * makes brings up the file systems.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fs/at.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

/* What open() is in a program that says at compile time that it only reads: <fcntl.h>. */
UNIK_API int __unik_open_read(const char *path, int flags)
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

static int stat_path(const char *path, bool follow, struct stat *out)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, follow, &v);

	if (!err) {
		vnode_stat(v, out);
		vnode_put(v);
	}
	return (int)posix_result(err);
}

UNIK_API int stat(const char *path, struct stat *out)
{
	return stat_path(path, true, out);
}

UNIK_API int lstat(const char *path, struct stat *out)
{
	return stat_path(path, false, out);
}

UNIK_API int fstatat(int fd, const char *path, struct stat *out, int flags)
{
	struct vnode *v;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return (int)posix_result(-EINVAL);
	if ((flags & AT_EMPTY_PATH) && *path == '\0' && fd != AT_FDCWD)
		return fstat(fd, out); /* also of what has no name */
	err = at_lookup(fd, path, flags, &v);
	if (!err) {
		vnode_stat(v, out);
		vnode_put(v);
	}
	return (int)posix_result(err);
}

static ssize_t read_link(struct vnode *v, char *out, size_t size)
{
	ssize_t n = -EINVAL;

	if (S_ISLNK(v->mode) && size > 0)
		n = v->ops->readlink(v, out, size);
	vnode_put(v);
	return n;
}

UNIK_API ssize_t readlink(const char *path, char *out, size_t size)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, false, &v);

	return posix_result(err ? err : read_link(v, out, size));
}

UNIK_API ssize_t readlinkat(int fd, const char *path, char *out, size_t size)
{
	struct vnode *v;
	int err = at_lookup(fd, path, AT_SYMLINK_NOFOLLOW, &v);

	return posix_result(err ? err : read_link(v, out, size));
}

UNIK_API int chdir(const char *path)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, true, &v);

	return (int)posix_result(err ? err : vfs_chdir(v));
}

UNIK_API int fchdir(int fd)
{
	struct vnode *v;
	int err = at_vnode(fd, &v);

	if (err == -EINVAL)
		err = -ENOTDIR;
	return (int)posix_result(err ? err : vfs_chdir(v));
}

static int working_directory(char *out, size_t size)
{
	struct vnode *v = vfs_cwd();
	int len;

	if (!v)
		return -ENOMEM;
	len = vfs_path(v, out, size);
	vnode_put(v);
	return len;
}

UNIK_API char *getcwd(char *out, size_t size)
{
	char *given = out;

	if (size == 0) {
		if (given) {
			errno = EINVAL;
			return NULL;
		}
		size = PATH_MAX;
	}
	if (!given && !(out = malloc(size)))
		return NULL;
	if (posix_result(working_directory(out, size)) >= 0)
		return out;
	if (!given)
		free(out);
	return NULL;
}

UNIK_API char *get_current_dir_name(void)
{
	return getcwd(NULL, 0);
}
