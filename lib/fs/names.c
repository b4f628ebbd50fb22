// SPDX-License-Identifier: BSD-2-Clause
/*
 * names.c - the POSIX calls that make, move and take away names.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <reent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fs/change.h"
#include "lib/libc/result.h"

UNIK_API mode_t umask(mode_t mask)
{
	return vfs_umask(mask);
}

UNIK_API int mkdirat(int fd, const char *path, mode_t mode)
{
	return (int)posix_result(vfs_make(fd, path, S_IFDIR | (mode & 01777), NULL));
}

UNIK_API int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* Regular files only: there are no device numbers, and no pipes with names. */
UNIK_API int mknodat(int fd, const char *path, mode_t mode, dev_t device)
{
	mode_t type = mode & S_IFMT;
	int err = -EPERM;

	if (type == 0 || type == S_IFREG)
		err = vfs_make(fd, path, S_IFREG | (mode & 07777), NULL);
	return (int)posix_result(err);
}

UNIK_API int mknod(const char *path, mode_t mode, dev_t device)
{
	return mknodat(AT_FDCWD, path, mode, device);
}

UNIK_API int mkfifoat(int fd, const char *path, mode_t mode)
{
	return mknodat(fd, path, S_IFIFO | mode, 0);
}

UNIK_API int mkfifo(const char *path, mode_t mode)
{
	return mkfifoat(AT_FDCWD, path, mode);
}

UNIK_API int unlinkat(int fd, const char *path, int flags)
{
	if (flags & ~AT_REMOVEDIR)
		return (int)posix_result(-EINVAL);
	return (int)posix_result(vfs_remove(fd, path, flags & AT_REMOVEDIR));
}

UNIK_API int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

UNIK_API int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* newlib's remove() knows no directories. */
UNIK_API int remove(const char *path)
{
	int err = vfs_remove(AT_FDCWD, path, false);

	if (err == -EISDIR)
		err = vfs_remove(AT_FDCWD, path, true);
	return (int)posix_result(err);
}

UNIK_API int _remove_r(struct _reent *reent, const char *path)
{
	return remove(path);
}

UNIK_API int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	if (flags & ~AT_SYMLINK_FOLLOW)
		return (int)posix_result(-EINVAL);
	return (int)posix_result(vfs_link(from_fd, from, to_fd, to, flags & AT_SYMLINK_FOLLOW));
}

UNIK_API int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

UNIK_API int symlinkat(const char *target, int fd, const char *path)
{
	size_t len = strnlen(target, PATH_MAX);
	int err = len == 0 ? -ENOENT : len > SYMLINK_MAX ? -ENAMETOOLONG : 0;

	if (!err)
		err = vfs_make(fd, path, S_IFLNK | 0777, target);
	return (int)posix_result(err);
}

UNIK_API int symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

UNIK_API int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	if (flags & ~(unsigned)RENAME_NOREPLACE)
		return (int)posix_result(-EINVAL);
	return (int)posix_result(vfs_rename(from_fd, from, to_fd, to, flags & RENAME_NOREPLACE));
}

UNIK_API int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return renameat2(from_fd, from, to_fd, to, 0);
}

UNIK_API int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
