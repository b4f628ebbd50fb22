// SPDX-License-Identifier: BSD-2-Clause
/*
 * change.h - paths and what changes the tree that they lead through.
 *
 * Whoever calls one of these has the file systems' change operations in the image; vfs.h does
 * without. `start` is where a relative path begins, NULL the working directory; `fd` a directory's
 * descriptor or AT_FDCWD.
 *
 * Threading: any thread. Errors: -errno as POSIX.1-2017 says for the function of that name; -EROFS
 * for a file system that cannot be changed. Where POSIX leaves a choice, it is Linux's.
 */
#pragma once
#include "lib/fs/vfs.h"

/* vfs_change() - the operations that change v's file system, or NULL. */
const struct vnode_change_ops *vfs_change(const struct vnode *v);

/* vfs_open_any() - open(): make, truncate, write. */
int vfs_open_any(struct vnode *start, const char *path, uint32_t flags, mode_t mode,
		 struct file **out) UNIK_MUST_CHECK;

/* vfs_make() - a directory, a regular file, or with a target a symbolic link. Less the umask. */
int vfs_make(int fd, const char *path, mode_t mode, const char *target) UNIK_MUST_CHECK;

/* vfs_remove() - unlink() or, of a directory, rmdir(). */
int vfs_remove(int fd, const char *path, bool directory) UNIK_MUST_CHECK;

int vfs_link(int from_fd, const char *from, int to_fd, const char *to, bool follow) UNIK_MUST_CHECK;

/* vfs_rename() - keep: -EEXIST when the new name is there. */
int vfs_rename(int from_fd, const char *from, int to_fd, const char *to, bool keep) UNIK_MUST_CHECK;

/* vfs_umask() - the permission bits that new objects do not get; returns what it was. */
mode_t vfs_umask(mode_t mask);
