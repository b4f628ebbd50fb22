// SPDX-License-Identifier: BSD-2-Clause
/*
 * vnode.h - a named object of a file system: a file, a directory, a device.
 *
 * A file system makes vnodes and fills in their ops; lib/fs/vfs.c finds them by path and
 * lib/fs/vnode_file.c makes them readable through descriptors. The vnodes of the file systems so
 * far live for ever; nothing is counted.
 *
 * Threading: ops may be called from several threads at once. Errors: -errno; a missing op means
 * that the kind of object has no such thing.
 */
#pragma once
#include <sys/types.h>
#include "lib/base/compiler.h"

struct dirent;
struct file;
struct stat;
struct vnode;

struct vnode_ops {
	/* lookup() - the object `name` of a directory; never "." or "..". 0 or -ENOENT. */
	int (*lookup)(struct vnode *dir, const char *name, size_t len, struct vnode **out);
	/* readdir() - the entry at *at (0: the first), moving *at behind it. Returns 1, or 0 at
	 * the end. "." and ".." are not among them. */
	int (*readdir)(struct vnode *dir, off_t *at, struct dirent *out);
	/* stat() - fill in *out, which is zeroed and has st_mode and st_nlink already. */
	void (*stat)(struct vnode *v, struct stat *out);
	/* read() - up to len bytes from `at`; 0 at or behind the end. */
	ssize_t (*read)(struct vnode *v, void *out, size_t len, off_t at);
	/* open() - an open file of the object's own kind; without it, vnode_file_open() does. */
	int (*open)(struct vnode *v, uint32_t flags, struct file **out);
};

struct vnode {
	const struct vnode_ops *ops;
	struct vnode *mounted; /* of a directory: what is seen in its place */
	mode_t mode;           /* S_IF* and permission bits */
};

/* vnode_stat() - what stat() says about v. */
void vnode_stat(struct vnode *v, struct stat *out);

/* vnode_file_open() - an open file for a regular file or a directory. 0 or -ENOMEM. */
int vnode_file_open(struct vnode *v, uint32_t flags, struct file **out) UNIK_MUST_CHECK;
