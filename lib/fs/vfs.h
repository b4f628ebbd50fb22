// SPDX-License-Identifier: BSD-2-Clause
/*
 * vfs.h - one tree of names over all file systems.
 *
 * The root is the boot archives; /dev is the devices. They are set up by the first path that a
 * program uses.
 *
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include "lib/fs/vnode.h"

/*
 * vfs_lookup() - the object that a path names.
 *
 * path   absolute, or relative to the working directory
 *
 * Returns 0; -ENOENT, -ENOTDIR, -ENAMETOOLONG, -ENOMEM.
 */
int vfs_lookup(const char *path, struct vnode **out) UNIK_MUST_CHECK;

/* vfs_open() - open what a path names; flags are those of open(). O_CLOEXEC is the caller's. */
int vfs_open(const char *path, uint32_t flags, struct file **out) UNIK_MUST_CHECK;

/* vfs_chdir(), vfs_getcwd() - the working directory. vfs_getcwd() returns the length or
 * -ERANGE. */
int vfs_chdir(const char *path) UNIK_MUST_CHECK;
int vfs_getcwd(char *out, size_t size) UNIK_MUST_CHECK;

/* rootfs_start() - lib/fs/rootfs.c: the tree of the boot archives; NULL: out of memory.
 * rootfs_mkdir() - a directory in it to mount on; NULL: out of memory.
 * devfs_root()   - lib/fs/devfs.c: the devices. */
struct vnode *rootfs_start(void) UNIK_MUST_CHECK;
struct vnode *rootfs_mkdir(const char *name) UNIK_MUST_CHECK;
struct vnode *devfs_root(void);
