// SPDX-License-Identifier: BSD-2-Clause
/*
 * shm.c - shared memory objects: files of the memory file system on /dev/shm.
 *
 * POSIX.1-2017, shm_open(): what a name without a leading slash means is left open; here it is
 * the same as with one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fs/parts.h"
#include "lib/fs/ramfs.h"
#include "lib/libc/result.h"

#define SHM_DIRECTORY "/dev/shm/"

static int add_directory(void)
{
	struct ramfs_node *dev = ramfs_make(&ramfs.root, "dev", 3, S_IFDIR | 0755);

	return dev && ramfs_make(dev, "shm", 3, S_IFDIR | 01777) ? 0 : -ENOMEM;
}

FS_PART(shm, add_directory);

static int path_of(const char *name, char path[sizeof(SHM_DIRECTORY) + NAME_MAX])
{
	while (*name == '/')
		name++;
	if (strcspn(name, "/") > NAME_MAX || strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	strcpy(path, SHM_DIRECTORY);
	strcat(path, name);
	return 0;
}

UNIK_API int shm_open(const char *name, int flags, mode_t mode)
{
	char path[sizeof(SHM_DIRECTORY) + NAME_MAX];
	int err = path_of(name, path);

	FS_NEED(shm);
	return err ? (int)posix_result(err) : open(path, flags | O_CLOEXEC, mode);
}

UNIK_API int shm_unlink(const char *name)
{
	char path[sizeof(SHM_DIRECTORY) + NAME_MAX];
	int err = path_of(name, path);

	return err ? (int)posix_result(err) : unlink(path);
}
