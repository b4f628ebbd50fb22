// SPDX-License-Identifier: BSD-2-Clause
/*
 * inotify.c - there is no news of changes in the file system.
 */
#include <sys/inotify.h>
#include <errno.h>
#include "lib/libc/result.h"

UNIK_API int inotify_init1(int flags)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int inotify_init(void)
{
	return inotify_init1(0);
}

UNIK_API int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int inotify_rm_watch(int fd, int wd)
{
	return (int)posix_result(-ENOSYS);
}
