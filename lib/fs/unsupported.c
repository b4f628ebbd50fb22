// SPDX-License-Identifier: BSD-2-Clause
/*
 * unsupported.c - what the file systems do not have: mounting, extended attributes, a table of
 * mounts.
 */
#include <errno.h>
#include <mntent.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include "lib/libc/result.h"

UNIK_API int mount(const char *source, const char *target, const char *type, unsigned long flags,
		   const void *data)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int umount(const char *target)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int umount2(const char *target, int flags)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API FILE *setmntent(const char *path, const char *mode)
{
	errno = ENOENT;
	return NULL;
}

UNIK_API struct mntent *getmntent(FILE *table)
{
	return NULL;
}

UNIK_API int endmntent(FILE *table)
{
	return 1;
}

UNIK_API char *hasmntopt(const struct mntent *entry, const char *option)
{
	return strstr(entry->mnt_opts, option);
}

UNIK_API ssize_t getxattr(const char *path, const char *name, void *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API ssize_t lgetxattr(const char *path, const char *name, void *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API ssize_t fgetxattr(int fd, const char *name, void *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	return (int)posix_result(-ENOTSUP);
}

UNIK_API int lsetxattr(const char *path, const char *name, const void *value, size_t size,
		       int flags)
{
	return (int)posix_result(-ENOTSUP);
}

UNIK_API int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	return (int)posix_result(-ENOTSUP);
}

UNIK_API ssize_t listxattr(const char *path, char *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API ssize_t llistxattr(const char *path, char *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API ssize_t flistxattr(int fd, char *out, size_t size)
{
	return posix_result(-ENOTSUP);
}

UNIK_API int removexattr(const char *path, const char *name)
{
	return (int)posix_result(-ENOTSUP);
}

UNIK_API int lremovexattr(const char *path, const char *name)
{
	return (int)posix_result(-ENOTSUP);
}

UNIK_API int fremovexattr(int fd, const char *name)
{
	return (int)posix_result(-ENOTSUP);
}
